#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>

/// libFuzzer calls this; FUZZ_TARGET is given by CMakeLists.txt.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    fuzz::FUZZ_TARGET({reinterpret_cast<char const*>(data), size});
    return 0;
}
