/// What every test program has: certificates, one simulator, one gateway in front of it; started once.
#pragma once
#include "tests/end_to_end/support/certificates.hpp"
#include "tests/end_to_end/support/gateway.hpp"
#include "tests/end_to_end/support/websocket.hpp"

namespace e2e {

struct stage {
    stage();

    scratch_directory files;
    authority ca;
    simulator upstream;
    gateway gate;

    /// One more gateway in front of the same simulator.
    [[nodiscard]] gateway another(std::string_view changes, std::vector<std::string> before = {});

private:
    int gateways_ = 0;
    [[nodiscard]] std::string prepare();
};

/// The stage of this program, set up when it is first asked for and struck when its last test is over.
[[nodiscard]] stage& on_stage();
void strike_stage();

/// How much the gateway's resident memory grows. Under a sanitizer, which keeps what is freed, it tells
/// nothing: 0.
class memory_growth {
public:
    explicit memory_growth(gateway& of) : of_(of), before_(of.program().resident_bytes()) {}
    [[nodiscard]] std::size_t bytes() const;

private:
    gateway& of_;
    std::size_t before_;
};

/// Fixture of a test case: no faults, nothing recorded; a token with all grants at hand.
struct scene {
    scene();

    stage& at;
    simulator& upstream;
    gateway& gate;
    std::string const& token; ///< sealed, all grants
};

/// Reads what ends a WebSocket whose term is over: an error event of Cartesia's with this `error_code`, then 1008.
void expect_end(client& one, std::string_view code);

/// Bodies that the simulator speaks.
[[nodiscard]] std::string speech(std::string_view transcript = "Good morning to all of you, dear listeners.");

} // namespace e2e
