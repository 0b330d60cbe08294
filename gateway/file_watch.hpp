#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace gateway {

struct settling {
    std::chrono::milliseconds quiet{200};  ///< nothing more has happened for so long
    std::chrono::milliseconds most{2'000}; ///< or it goes on for so long
};

/// Tells when files have changed, or links on the way to them (base/file_ways.hpp), once those who change
/// them are done. What cannot be watched is told on `out`, a line each. For the control thread alone.
class file_watch {
public:
    /// All must outlive the object. To be made before the process is confined; the rest can be done after.
    file_watch(
        boost::asio::io_context& control,
        std::ostream& out,
        std::function<void()> changed,
        settling how = {});

    /// Those alone, from now on; their names are absolute.
    void watch(std::vector<std::string> files);

private:
    void look_anew();
    [[nodiscard]] int add(std::string const& directory);
    void await_events();
    [[nodiscard]] bool read_events();
    [[nodiscard]] bool concerns(int number, unsigned what, char const* name) const;
    void settle();

    std::ostream* out_;
    std::function<void()> changed_;
    settling how_;
    boost::asio::posix::stream_descriptor events_;
    boost::asio::steady_timer timer_;
    std::vector<std::string> files_;
    std::map<int, std::set<std::string>> names_; ///< that matter, in each directory that is watched
    std::set<std::string> told_;                 ///< directories that cannot be watched
    bool settling_ = false;
    std::chrono::steady_clock::time_point begun_{};
};

} // namespace gateway
