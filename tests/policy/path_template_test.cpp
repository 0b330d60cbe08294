#include "policy/path_template.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace data = boost::unit_test::data;
namespace path_template = policy::path_template;

BOOST_AUTO_TEST_SUITE(path_templates)

BOOST_DATA_TEST_CASE(
    a_sound_template_has_no_flaw,
    data::make({"/", "/a", "/a/b.c/d~e_f-g", "/{x}", "/a/{agent_id}/b/{N1}", "/...", "/.well-known/x"}),
    path)
{
    BOOST_TEST(path_template::flaw(path) == "");
}

namespace {

struct flawed {
    std::string path;
    std::string_view says;
    friend std::ostream& operator<<(std::ostream& out, flawed const& f)
    {
        return out << f.path.substr(0, 40);
    }
};

std::vector<flawed> const flaws{
    {"",                                                  "begin"},
    {"a",                                                 "begin"},
    {"{x}",                                               "begin"},
    {"/" + std::string(path_template::template_bytes_max, 'a'),    "longer"},
    {"//",                                                   "empty segment"                                                      },
    {"/a/",                                                   "empty segment"},
    {"/a//b",                                                   "empty segment"                                                    },
    {"/a/.",                                                   "dot segment"},
    {"/../a",                                                   "dot segment"                                                   },
    {"/{x",                                                   "whole segment"  },
    {"/{}",                                                   "whole segment"                                                   },
    {"/{x}y",                                                   "whole segment"},
    {"/{",                                                   "whole segment"                                                      },
    {"/x{y}",                                                   "letters"},
    {"/{x-y}",                                                   "{name}"                                                     },
    {"/{x{}",                                                   "{name}"},
    {"/{{x}}",                                                   "{name}"                                                    },
    {"/a%62",                                                   "letters"},
    {"/a;b",                                                   "letters"                                                     },
    {"/a?b",                                                   "letters"},
    {"/*",                                                   "letters"                                                       },
    {"/\xc3\xa4",                                                   "letters"},
};

struct described {
    std::string_view form;
    std::string path;
    bool fits = false;
    friend std::ostream& operator<<(std::ostream& out, described const& d)
    {
        return out << d.form << ' ' << d.path;
    }
};

std::vector<described> const descriptions{
    {"/a/b",   "/a/b",                  true      },
    {"/a/b",   "/a/c",                  false     },
    {"/a/{x}", "/a/b",                  true      },
    {"/a/{x}", "/a/A-z_09",             true      },
    {"/a/{x}", "/a/" + std::string(128, 'x'),       true},
    {"/a/{x}",        "/a/" + std::string(129,                        'x'),    false},
    {"/a/{x}",   "/a",                          false                         },
    {"/a/{x}",   "/a/b/c", false},
    {"/a/{x}",   "/a/b.c",                          false                                                  },
    {"/a/{x}",   "/a/~b", false},
    {"/a/{x}",   "/b/b",                          false                                                                           },
    {"/a/{x}/c",   "/a/b/c", true},
    {"/a/{x}/c",    "/a/b",                           false                                                                                                     },
    {"/a/{x}/c",   "/a/b/d",false},
    {"/{x}",   "/",                           false                                                                                                                                    },
    {"/{x}/{y}",   "/a/b",true},
};

struct meeting {
    std::string_view a;
    std::string_view b;
    bool collide = false;
    friend std::ostream& operator<<(std::ostream& out, meeting const& m) { return out << m.a << ' ' << m.b; }
};

constexpr std::array meetings{
    meeting{"/a",       "/a",         true },
    meeting{"/a",       "/b",         false},
    meeting{"/a/b",     "/a/{x}",     false}, // the literal path goes first, so there is no doubt
    meeting{"/a/{x}",   "/a/{y}",     true },
    meeting{"/a/{x}",   "/b/{x}",     false},
    meeting{"/a/{x}",   "/{y}/b",     true },
    meeting{"/a.b/{x}", "/{y}/b",     false}, // no {name} stands for `a.b`
    meeting{"/a/{x}",   "/a/{x}/c",   false},
    meeting{"/a/{x}/c", "/a/{x}/{y}", true },
    meeting{"/a/{x}/c", "/a/{x}/d",   false},
};

} // namespace

BOOST_DATA_TEST_CASE(a_flaw_is_named, data::make(flaws), f)
{
    auto const flaw = path_template::flaw(f.path);
    BOOST_TEST(flaw.find(f.says) != std::string_view::npos, "it says: " << flaw);
}

BOOST_DATA_TEST_CASE(a_template_describes_paths, data::make(descriptions), d)
{
    BOOST_TEST(path_template::describes(d.form, d.path) == d.fits);
}

BOOST_DATA_TEST_CASE(templates_that_could_serve_one_path_collide, data::make(meetings), m)
{
    BOOST_TEST(path_template::collide(m.a, m.b) == m.collide);
    BOOST_TEST(path_template::collide(m.b, m.a) == m.collide);
}

BOOST_AUTO_TEST_SUITE_END()
