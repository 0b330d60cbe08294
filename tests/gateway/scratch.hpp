#pragma once
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace tests {

/// A directory that goes away with its owner.
class scratch {
public:
    scratch()
    {
        std::string name = "/tmp/voicegate-test-XXXXXX";
        BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
        at_ = name;
    }
    ~scratch() { std::filesystem::remove_all(at_); }
    scratch(scratch const&) = delete;
    scratch& operator=(scratch const&) = delete;

    [[nodiscard]] std::string path(std::string const& name = {}) const
    {
        return name.empty() ? at_.string() : (at_ / name).string();
    }
    std::string file(std::string const& name, std::string_view text = "x") const
    {
        std::filesystem::create_directories((at_ / name).parent_path());
        std::ofstream(at_ / name) << text;
        return path(name);
    }

private:
    std::filesystem::path at_;
};

} // namespace tests
