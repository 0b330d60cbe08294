#include "gateway/wire/frame.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace gateway::wire {

std::string accept_for(std::string_view key)
{
    constexpr std::size_t sha1_bytes = 20;
    constexpr std::size_t text_bytes = 28;
    std::string text{key};
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, sha1_bytes> digest{};
    // SHA-1 is no protection here: the handshake only proves that the peer speaks WebSocket.
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error{"OpenSSL offers no SHA-1"};
    std::array<unsigned char, text_bytes + 1> encoded{};
    EVP_EncodeBlock(encoded.data(), digest.data(), sha1_bytes);
    return {encoded.begin(), encoded.end() - 1};
}

} // namespace gateway::wire
