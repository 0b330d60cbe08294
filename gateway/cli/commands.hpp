#pragma once
#include "gateway/cli/arguments.hpp"
#include "gateway/cli/run.hpp"

namespace gateway::cli {

/// The commands. Each returns an exit code or throws: `usage_error`, `config_error`, or what else went wrong.
[[nodiscard]] int serve(arguments const& given, surroundings const& with);
[[nodiscard]] int check(arguments const& given, surroundings const& with);
[[nodiscard]] int keygen_tokens(arguments const& given, surroundings const& with);
[[nodiscard]] int keygen_server(arguments const& given, surroundings const& with);
[[nodiscard]] int mint(arguments const& given, surroundings const& with);
[[nodiscard]] int certs_dev(arguments const& given, surroundings const& with);
[[nodiscard]] int doctor(arguments const& given, surroundings const& with);
[[nodiscard]] int health(arguments const& given, surroundings const& with);
[[nodiscard]] int version(arguments const& given, surroundings const& with);

} // namespace gateway::cli
