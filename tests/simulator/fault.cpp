#include "tests/simulator/fault.hpp"

#include "tests/simulator/base64.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace simulator {

namespace json = boost::json;

namespace {

constexpr std::array names{
    std::pair{std::string_view{"big_body"},                 action::big_body                },
    std::pair{std::string_view{"close_after_accept"},       action::close_after_accept      },
    std::pair{std::string_view{"close_delimited"},          action::close_delimited         },
    std::pair{std::string_view{"delay"},                    action::delay                   },
    std::pair{std::string_view{"early_answer"},             action::early_answer            },
    std::pair{std::string_view{"hang"},                     action::hang                    },
    std::pair{std::string_view{"hold_after_chunks"},        action::hold_after_chunks       },
    std::pair{std::string_view{"informational"},            action::informational           },
    std::pair{std::string_view{"never_read"},               action::never_read              },
    std::pair{std::string_view{"raw"},                      action::raw                     },
    std::pair{std::string_view{"refuse_handshake"},         action::refuse_handshake        },
    std::pair{std::string_view{"reset_after_bytes"},        action::reset_after_bytes       },
    std::pair{std::string_view{"reset_before_answer"},      action::reset_before_answer     },
    std::pair{std::string_view{"slow_read"},                action::slow_read               },
    std::pair{std::string_view{"status"},                   action::status                  },
    std::pair{std::string_view{"truncate_chunk"},           action::truncate_chunk          },
    std::pair{std::string_view{"truncate_close_delimited"}, action::truncate_close_delimited},
    std::pair{std::string_view{"truncate_no_close_notify"}, action::truncate_no_close_notify},
    std::pair{std::string_view{"vanish"},                   action::vanish                  },
    std::pair{std::string_view{"ws_echo"},                  action::ws_echo                 },
    std::pair{std::string_view{"ws_push"},                  action::ws_push                 },
    std::pair{std::string_view{"ws_raw"},                   action::ws_raw                  },
};

/// Reads the value of one key into `to`. False when the key is unknown or the value has the wrong form.
bool read_key(fault& to, std::string_view key, json::value const& value)
{
    auto const number = [&](auto& field) {
        json::error_code ec;
        field = value.to_number<std::remove_reference_t<decltype(field)>>(ec);
        return !ec;
    };
    auto const text = [&](std::string& field) {
        if (!value.is_string()) return false;
        field = std::string{std::string_view{value.get_string()}};
        return true;
    };
    if (key == "path") return text(to.path);
    if (key == "times") return number(to.times);
    if (key == "ms" || key == "ms_per_64k") return number(to.ms);
    if (key == "bytes") return number(to.bytes);
    if (key == "chunks") return number(to.chunks);
    if (key == "count") return number(to.count);
    if (key == "status") return number(to.status);
    if (key == "code") return number(to.code);
    if (key == "reason") return text(to.reason);
    if (key == "body") return text(to.body);
    if (key == "close") {
        if (value.is_bool()) to.close = value.get_bool();
        return value.is_bool();
    }
    if (key == "do") {
        std::string name;
        if (!text(name)) return false;
        auto const row = std::ranges::find(names, name, [](auto const& r) { return r.first; });
        if (row == names.end()) return false;
        to.kind = row->second;
        return true;
    }
    if (key == "bytes_b64") {
        std::string coded;
        if (!text(coded)) return false;
        auto const bytes = unbase64(coded);
        to.raw = bytes.value_or("");
        return bytes.has_value();
    }
    if (key == "headers" && value.is_object()) {
        for (auto const& [name, content] : value.get_object())
            if (content.is_string())
                to.headers.emplace_back(std::string_view{name}, std::string_view{content.get_string()});
        return true;
    }
    return false;
}

bool meets(fault const& rule, std::string_view path)
{
    if (rule.times == 0) return false;
    if (!rule.path.ends_with('*')) return rule.path == path;
    return path.starts_with(std::string_view{rule.path}.substr(0, rule.path.size() - 1));
}

} // namespace

std::string fault_book::replace(json::value const& rules)
{
    if (!rules.is_array()) return "the rules are not an array";
    std::vector<fault> fresh;
    for (auto const& given : rules.get_array()) {
        if (!given.is_object()) return "a rule is not an object";
        auto const& object = given.get_object();
        if (!object.contains("path") || !object.contains("do")) return "a rule lacks \"path\" or \"do\"";
        fault rule;
        for (auto const& [key, value] : object)
            if (!read_key(rule, key, value))
                return "not understood: " + std::string{std::string_view{key}} + " = " +
                       json::serialize(value);
        fresh.push_back(std::move(rule));
    }
    rules_ = std::move(fresh);
    return {};
}

std::optional<fault> fault_book::take(std::string_view path)
{
    auto const rule = std::ranges::find_if(rules_, [&](auto const& r) { return meets(r, path); });
    if (rule == rules_.end()) return {};
    if (rule->times > 0) --rule->times;
    return *rule;
}

} // namespace simulator
