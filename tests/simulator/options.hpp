/// The command line of cartesia-sim.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

/// How many may run at once (contract §6).
struct plan {
    std::string_view name;
    unsigned tts = 0;
    unsigned stt = 0;
};

enum class on_expiry { keep, close, error };

struct options {
    std::string certificate_file, key_file;
    unsigned short port = 0; ///< 0: any free one
    unsigned short control_port = 0;
    std::string api_key = "sk_car_simulator";
    plan limits;
    std::chrono::seconds socket_idle{0}; ///< 0: a WebSocket may idle for ever
    on_expiry at_expiry = on_expiry::keep;
    std::chrono::milliseconds chunk_pause{20};
    bool set_cookie = false;
};

[[nodiscard]] std::string_view usage();

/// Throws std::invalid_argument, whose text is for the person at the keyboard.
[[nodiscard]] options read_options(std::vector<std::string_view> const& words);

} // namespace simulator
