#pragma once
#include <map>
#include <string>

namespace tests {

/// The smallest configuration that is good, with its top-level members replaced by or joined with `changes`;
/// an empty text takes a member away.
inline std::string config_text(std::map<std::string, std::string> const& changes = {})
{
    std::map<std::string, std::string> members{
        {"tls",      R"({"certificates":[{"chain":"a.pem","key":"a.key"}]})"},
        {"tokens",   R"({"key_file":"tokens.jwks"})"                        },
        {"upstream", R"({"api_key":{"environment":"CARTESIA_API_KEY"}})"    },
    };
    for (auto const& [key, value] : changes)
        members[key] = value;
    std::string out = "{";
    for (auto const& [key, value] : members)
        if (!value.empty()) out += "\"" + key + "\": " + value + ",\n";
    return out + "}";
}

} // namespace tests
