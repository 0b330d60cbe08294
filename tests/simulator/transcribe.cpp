#include "tests/simulator/endpoints.hpp"
#include "tests/simulator/exchange.hpp"
#include "tests/simulator/multipart.hpp"
#include "tests/simulator/text.hpp"
#include "tests/simulator/transcript.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace simulator {

namespace json = boost::json;

namespace {

constexpr std::uint64_t file_bytes_max = 2ULL << 30;

struct wish {
    form_part const* file = nullptr;
    std::string model, language = "en";
    bool words = false;
};

wish read_wish(std::vector<form_part> const& parts)
{
    wish out;
    for (auto const& part : parts) {
        if (part.name == "file") out.file = &part;
        if (part.name == "model") out.model = part.data;
        if (part.name == "language") out.language = part.data;
        if (part.name == "timestamp_granularities[]" && part.data == "word") out.words = true;
    }
    return out;
}

/// `file_bytes` counts also what was not kept.
sound listen(form_part const& file, std::uint64_t file_bytes, query const& asked)
{
    auto const form = read_encoding(asked.get("encoding"));
    auto const rate = read_number<unsigned>(asked.get("sample_rate")).value_or(0);
    if (form && rate != 0) {
        double const per_second = static_cast<double>(sample_bytes(*form)) * rate;
        auto const seconds = static_cast<double>(file_bytes) / per_second;
        return {
            .container = "raw", .form = std::string{name_of(*form)}, .sample_rate = rate, .seconds = seconds};
    }
    if (auto const wav = describe_wav(file.data, file_bytes)) return *wav;
    // A compressed container: as if it were 128 kbit/s.
    auto const dot = file.file_name.rfind('.');
    auto const extension = dot == std::string::npos ? std::string{"unknown"} : file.file_name.substr(dot + 1);
    return {.container = extension, .form = {}, .seconds = static_cast<double>(file_bytes) / 16000};
}

std::optional<problem> check(wish const& wanted, bool cut_off)
{
    if (wanted.file == nullptr) return bad_input("the part \"file\" is required");
    if (cut_off) return {}; // the other parts may stand behind what was kept
    if (wanted.model.empty()) return bad_input("the part \"model\" is required");
    if (!wanted.model.starts_with("ink"))
        return problem{404, "model_not_found", "Model not found", "there is no model of that name"};
    return {};
}

std::variant<reply, problem> transcribe(exchange& x)
{
    bool const cut_off = x.entry->body_bytes > x.body.size();
    if (x.entry->body_bytes > file_bytes_max)
        return problem{413, "file_too_large", "File too large", "at most 2 GB"};
    auto const boundary = boundary_of(x.head.get("content-type"));
    if (!boundary) return bad_input("the body must be multipart/form-data");
    auto const parts = read_form(x.body, *boundary, cut_off);
    if (!parts) return bad_input("the multipart body is malformed");
    auto const wanted = read_wish(*parts);
    if (auto const wrong = check(wanted, cut_off)) return *wrong;

    auto bytes = static_cast<std::uint64_t>(wanted.file->data.size());
    if (!wanted.file->whole) bytes += x.entry->body_bytes - x.body.size();
    auto const got = listen(*wanted.file, bytes, query{x.head.target});
    auto const text = heard(got);
    json::object body{
        {"type",       "transcript"   },
        {"text",       text           },
        {"language",   wanted.language},
        {"duration",   got.seconds    },
        {"request_id", x.request_id   },
    };
    if (wanted.words) body["words"] = words_of(text, got.seconds);
    return json_reply(body);
}

} // namespace

net::awaitable<void> answer_transcription(exchange& x)
{
    auto const place = x.sim.stt.take();
    if (!place) {
        auto why = over_the_limit("too many transcriptions at once");
        co_await x.refuse(std::move(why));
        co_return;
    }
    auto const result = transcribe(x);
    if (std::holds_alternative<problem>(result))
        co_await x.refuse(std::get<problem>(result));
    else
        co_await x.send(std::get<reply>(result));
}

} // namespace simulator
