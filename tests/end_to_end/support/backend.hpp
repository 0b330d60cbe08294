/// The app's own server, as small as can be: plain HTTP on 127.0.0.1, one request for each connection, and
/// every byte of an answer is the test's own.
#pragma once
#include "tests/end_to_end/support/waiting.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace e2e {

class backend {
public:
    /// What becomes of a connection on which a request has come.
    enum class then : std::uint8_t {
        close, ///< after the answer
        stay,  ///< open and silent after the answer
        reset, ///< after the answer
        hold,  ///< the answer waits for `release`
    };

    backend();
    ~backend();
    backend(backend const&) = delete;
    backend& operator=(backend const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url(std::string_view target) const
    {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
    }

    /// From now on.
    void answers(std::string bytes, then what = then::close);
    void says(unsigned status, std::string_view json); ///< the same, a whole answer
    void release();                                    ///< waits until something is held
    void go_away();                                    ///< connections are refused from now on

    [[nodiscard]] std::vector<std::string> requests() const; ///< their heads, oldest first
    [[nodiscard]] std::size_t count() const { return requests().size(); }

private:
    void run();
    void serve(int connection);
    void close_all();

    int listener_;
    int bell_; ///< rung to end the thread
    std::uint16_t port_ = 0;
    mutable std::mutex guard_;
    std::string answer_;
    then what_ = then::close;
    std::vector<std::string> requests_;
    std::vector<int> held_;
    std::vector<int> kept_;
    std::jthread thread_;
};

[[nodiscard]] std::string whole_answer(unsigned status, std::string_view body, std::string_view more = {});

} // namespace e2e
