/// A simulator to which nobody else connects, for what gateways do towards an upstream by themselves.
#pragma once
#include "tests/end_to_end/support/stage.hpp"

namespace e2e {

struct quiet_upstream {
    /// A gateway with one thread in front of it; `warm` is its `upstream.warm`.
    [[nodiscard]] gateway in_front(std::string_view warm, std::string_view more = {}) const
    {
        return at.another(
            R"({"threads": 1, "upstream": {"credential": "api_key", "url": "https://localhost:)" +
            std::to_string(upstream.port()) + R"(", "warm": )" + std::string(warm) + std::string(more) +
            "}}");
    }
    [[nodiscard]] static answer speak(gateway const& gate)
    {
        return ask(gate.port(), request("POST", "/tts/bytes", {cookie(gate.mint("tts"))}, "{}"));
    }
    /// TLS handshakes that the upstream has completed.
    [[nodiscard]] std::uint64_t handshakes() const
    {
        return upstream.state("full_handshakes") + upstream.state("resumed_handshakes");
    }

    stage& at = on_stage();
    scratch_directory here;
    simulator upstream{here, at.files.path("server.pem"), at.files.path("server.key")};
};

} // namespace e2e
