#include "gateway/base/file_ways.hpp"

#include <deque>
#include <filesystem>

namespace gateway {

namespace {

namespace fs = std::filesystem;

constexpr int links_max = 40; ///< as many as the kernel follows

/// What is left of a way, name by name.
class steps {
public:
    void go_first(fs::path const& over)
    {
        std::deque<std::string> in_front;
        for (auto const& name : over)
            if (!name.empty() && name != "/" && name != ".") in_front.push_back(name.string());
        left_.insert(left_.begin(), in_front.begin(), in_front.end());
    }
    [[nodiscard]] bool done() const { return left_.empty(); }
    [[nodiscard]] std::string next()
    {
        auto name = std::move(left_.front());
        left_.pop_front();
        return name;
    }

private:
    std::deque<std::string> left_;
};

} // namespace

std::set<way_mark> way_to(std::string const& file)
{
    std::set<way_mark> out;
    steps left;
    left.go_first(file);
    fs::path at = "/";
    for (auto links = 0; !left.done() && links < links_max;) {
        auto const name = left.next();
        if (name == "..") {
            at = at.parent_path();
            continue;
        }
        std::error_code nowhere;
        auto const what = fs::symlink_status(at / name, nowhere).type();
        auto const is_link = what == fs::file_type::symlink;
        auto const leads_on = what == fs::file_type::directory && !left.done();
        if (!leads_on) out.insert({at.string(), name});
        if (is_link) {
            auto const target = fs::read_symlink(at / name, nowhere);
            if (nowhere) break;
            if (target.is_absolute()) at = "/";
            left.go_first(target);
            ++links;
        } else if (leads_on) {
            at /= name;
        } else {
            break;
        }
    }
    return out;
}

} // namespace gateway
