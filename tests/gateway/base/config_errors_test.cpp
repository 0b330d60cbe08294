#include "gateway/base/config.hpp"
#include "tests/gateway/base/config_text.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>

using namespace gateway;

namespace {

/// A good configuration whose member `key` is replaced by `value` is refused at `where`, with `remedy` in the
/// words.
struct flawed {
    char const* key;
    char const* value;
    char const* where;
    char const* remedy;

    friend std::ostream& operator<<(std::ostream& out, flawed const& f)
    {
        return out << f.key << ": " << f.value;
    }
};

#define TLS_OK R"("certificates":[{"chain":"a","key":"b"}])"
#define KEY_OK R"("api_key":{"environment":"X"})"
#define PIN R"("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")"
#define HASH "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SERVER_KEY(name, hash) "{\"name\":\"" name "\",\"sha256\":\"" hash "\"}"

// clang-format off
constexpr std::array cases{
    // keys and types
    flawed{"listn", "{}", "listn", "did you mean \"listen\""},
    flawed{"xyzzy_plugh", "{}", "xyzzy_plugh", "known here: listen, threads, tls"},
    flawed{"", "{}", "\"\"", "known here: listen, threads, tls"},
    flawed{"tls", R"({"certificates":[{"chain":"a","kee":"b"}]})", "tls.certificates[0].key", "must be given"},
    flawed{"tls", R"({"certificates":[{"chain":"a","key":"b","kee":"b"}]})", "tls.certificates[0].kee", "did you mean \"key\""},
    flawed{"tls", "[]", "tls", "must be an object"},
    flawed{"tls", "null", "tls", "is null"},
    flawed{"threads", "\"4\"", "threads", "from 0 to 1024, a whole number"},
    flawed{"threads", "4.0", "threads", "whole number"},
    flawed{"threads", "-1", "threads", "from 0 to 1024"},
    flawed{"threads", "1025", "threads", "from 0 to 1024"},
    flawed{"threads", "18446744073709551615", "threads", "from 0 to 1024"},
    flawed{"drain", R"({"deadline":"1s","deadline":"2s"})", "drain.deadline", "given twice"},
    flawed{"routes", R"([{"path":"/a"},{"path":"/b","pa\u0074h":"/c"}])", "routes[1].path", "given twice"},
    // listen
    flawed{"listen", R"({"https":[]})", "listen.https", "at least one address"},
    flawed{"listen", R"({"https":"0.0.0.0:1"})", "listen.https", "must be a list"},
    flawed{"listen", R"({"https":["localhost:8443"]})", "listen.https[0]", "IP address and a port"},
    flawed{"listen", R"({"https":["0.0.0.0:1","0.0.0.0:65536"]})", "listen.https[1]", "IP address and a port"},
    flawed{"listen", R"({"https":["::1:8443"]})", "listen.https[0]", "IP address and a port"},
    flawed{"listen", R"({"https":["[::1]"]})", "listen.https[0]", "IP address and a port"},
    flawed{"listen", R"({"https":["0.0.0.0:+1"]})", "listen.https[0]", "IP address and a port"},
    flawed{"listen", R"({"https":[8443]})", "listen.https[0]", "text in quotes"},
    flawed{"listen", R"({"https":["0.0.0.0:1"],"http":["0.0.0.0:1"]})", "listen.http[0]", "another listener"},
    flawed{"listen", R"({"admin":""})", "listen.admin", "is empty"},
    flawed{"listen", R"({"admin":false})", "listen.admin", "text in quotes"},
    flawed{"listen", R"({"admin":"0.0.0.0:8443"})", "listen.admin", "another listener"},
    flawed{"listen", R"({"backlog":0})", "listen.backlog", "from 1 to 65535"},
    flawed{"listen", R"({"reuse_port":1})", "listen.reuse_port", "true or false"},
    flawed{"listen", R"({"proxies":"10.0.0.0/8"})", "listen.proxies", "must be a list"},
    flawed{"listen", R"({"proxies":["10.0.0.1","lb.example"]})", "listen.proxies[1]", "IP address or network"},
    flawed{"listen", R"({"proxies":["10.0.0.1:80"]})", "listen.proxies[0]", "IP address or network"},
    flawed{"listen", R"({"proxies":["[::1]"]})", "listen.proxies[0]", "IP address or network"},
    flawed{"listen", R"({"proxies":["10.0.0/8"]})", "listen.proxies[0]", "IP address or network"},
    flawed{"listen", R"({"proxies":["10.0.0.0/33"]})", "listen.proxies[0]", "from 1 to 32"},
    flawed{"listen", R"({"proxies":["10.0.0.0/"]})", "listen.proxies[0]", "from 1 to 32"},
    flawed{"listen", R"({"proxies":["10.0.0.0/+8"]})", "listen.proxies[0]", "from 1 to 32"},
    flawed{"listen", R"({"proxies":["2001:db8::/129"]})", "listen.proxies[0]", "from 1 to 128"},
    flawed{"listen", R"({"proxies":["10.0.0.1/8"]})", "listen.proxies[0]", "the network is 10.0.0.0/8"},
    flawed{"listen", R"({"proxies":["2001:db8::1/32"]})", "listen.proxies[0]", "the network is 2001:db8::/32"},
    flawed{"listen", R"({"proxies":["::ffff:10.0.0.0/90"]})", "listen.proxies[0]", "bits beyond its length"},
    flawed{"listen", R"({"proxies":["0.0.0.0/0"]})", "listen.proxies[0]", "has every address"},
    flawed{"listen", R"({"proxies":["::/0"]})", "listen.proxies[0]", "has every address"},
    flawed{"listen", R"({"proxies":["::ffff:0.0.0.0/96"]})", "listen.proxies[0]", "has every address"},
    flawed{"listen", R"({"proxies":["10.0.0.1","::ffff:10.0.0.1"]})", "listen.proxies[1]", "listed already"},
    flawed{"listen", R"({"proxy_protocol":true})", "listen.proxy_protocol", "needs listen.proxies"},
    flawed{"listen", R"({"proxies":["10.0.0.1"],"proxy_protocol":"v2"})", "listen.proxy_protocol", "true or false"},
    // tls
    flawed{"tls", "", "tls.certificates", "voicegate certs dev"},
    flawed{"tls", R"({"certificates":[{"key":"b"}]})", "tls.certificates[0].chain", "must be given"},
    flawed{"tls", R"({"certificates":[{"chain":"a\u0000","key":"b"}]})", "tls.certificates[0].chain", "control character"},
    flawed{"tls", "{" TLS_OK R"(,"ticket_rotation":3600})", "tls.ticket_rotation", "needs a unit"},
    flawed{"tls", "{" TLS_OK R"(,"ticket_rotation":"4 h"})", "tls.ticket_rotation", "such as \"250ms\""},
    flawed{"tls", "{" TLS_OK R"(,"ticket_rotation":"0s"})", "tls.ticket_rotation", "from 1s to 7d"},
    flawed{"tls", "{" TLS_OK R"(,"ticket_rotation":"60500ms"})", "tls.ticket_rotation", "whole seconds"},
    flawed{"tls", "{" TLS_OK R"(,"hsts_max_age":"731d"})", "tls.hsts_max_age", "from 0s to 730d"},
    // upstream
    flawed{"upstream", "", "upstream.api_key", "must be given"},
    flawed{"upstream", R"({"api_key":"sk_car_x"})", "upstream.api_key", "must be an object"},
    flawed{"upstream", R"({"api_key":{}})", "upstream.api_key", "exactly one"},
    flawed{"upstream", R"({"api_key":{"file":"a","environment":"B"}})", "upstream.api_key", "exactly one"},
    flawed{"upstream", R"({"api_key":{"credential":"../a"}})", "upstream.api_key.credential", "without /"},
    flawed{"upstream", "{" KEY_OK R"(,"pins":["abc"]})", "upstream.pins[0]", "base64 of the SHA-256"},
    flawed{"upstream", "{" KEY_OK R"(,"pins":[)" PIN "," PIN "]}", "upstream.pins[1]", "listed already"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"http://x"})", "upstream.url", "must begin with https://"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"https://x/"})", "upstream.url", "without a path"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"https://u@x"})", "upstream.url", "without a path, a user"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"https://"})", "upstream.url", "no host name"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"https://a b"})", "upstream.url", "no host name"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"https://x:0"})", "upstream.url", "1 to 65535"},
    flawed{"upstream", "{" KEY_OK R"(,"url":"https://x:"})", "upstream.url", "1 to 65535"},
    flawed{"upstream", "{" KEY_OK R"(,"server_name":"a/b"})", "upstream.server_name", "host name"},
    flawed{"upstream", "{" KEY_OK R"(,"credential":"key"})", "upstream.credential", "\"access_token\", \"api_key\""},
    flawed{"upstream", "{" KEY_OK R"(,"access_token_lifetime":"59s"})", "upstream.access_token_lifetime", "from 1m to 1h"},
    flawed{"upstream", "{" KEY_OK R"(,"access_token_lifetime":"2h"})", "upstream.access_token_lifetime", "from 1m to 1h"},
    flawed{"upstream", "{" KEY_OK R"(,"api_version":"latest"})", "upstream.api_version", "date"},
    flawed{"upstream", "{" KEY_OK R"(,"idle_max":17000})", "upstream.idle_max", "must not exceed upstream.connections_max (16384)"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"connection_min":1}})", "upstream.warm.connection_min", "did you mean \"connections_min\""},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"connections_min":1025}})", "upstream.warm.connections_min", "from 0 to 1024"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"connections_min":33}})", "upstream.warm.connections_min", "must not exceed upstream.warm.connections_max (32)"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"connections_max":4097}})", "upstream.warm.connections_max", "from 0 to 4096"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"grants":["tts"]}})", "upstream.warm.grants[0]", "must be a list"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"grants":[[]]}})", "upstream.warm.grants[0]", "at least one"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"grants":[["tts"],["tts","all"]]}})", "upstream.warm.grants[1][1]", "\"tts\", \"stt\", \"agent\""},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"websockets":257}})", "upstream.warm.websockets", "from 0 to 256"},
    flawed{"upstream", "{" KEY_OK R"(,"warm":{"websockets_idle_for":"5m"}})", "upstream.warm.websockets_idle_for", "from 1s to"},
    // tokens
    flawed{"tokens", "", "tokens.key_file", "voicegate keygen tokens"},
    flawed{"tokens", R"({"key_file":"k","accept":[]})", "tokens.accept", "is empty"},
    flawed{"tokens", R"({"key_file":"k","jwt":{}})", "tokens.jwt.keys_file", "must be given"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_file":"a","audience":"v"}})", "tokens.jwt.issuer", "must be given"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_file":"a","issuer":"i"}})", "tokens.jwt.audience", "must be given"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_file":"a","issuer":"https://api.cartesia.ai","audience":"v"}})", "tokens.jwt.issuer", "must differ from tokens.cartesia_issuer"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_file":"a","issuer":"i","audience":"v","lifetime_max":"31d"}})", "tokens.jwt.lifetime_max", "from 1s to"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_file":"a","issuer":"i","audience":"v","jwks":"x"}})", "tokens.jwt.jwks", ""},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_file":"a","keys_url":"https://x/k","issuer":"i","audience":"v"}})", "tokens.jwt.keys_url", "from one place"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_url":"ftp://x/k","issuer":"i","audience":"v"}})", "tokens.jwt.keys_url", "must begin with https://"},
    flawed{"tokens", R"({"key_file":"k","jwt":{"keys_url":"https://x/k","keys_refresh":"1s","issuer":"i","audience":"v"}})", "tokens.jwt.keys_refresh", "from 10s to"},
    flawed{"tokens", R"({"key_file":"k","accept":["jwt"]})", "tokens.accept[0]", "\"sealed\", \"cartesia\""},
    flawed{"tokens", R"({"key_file":"k","cookie":"a;b"})", "tokens.cookie", "RFC 6265"},
    flawed{"tokens", R"({"key_file":"k","cookie":"a b"})", "tokens.cookie", "RFC 6265"},
    flawed{"tokens", R"({"key_file":"k","query_token":"yes"})", "tokens.query_token", "true or false"},
    flawed{"tokens", R"({"key_file":"k","leeway":"6m"})", "tokens.leeway", "from 0s to 5m"},
    flawed{"tokens", R"({"key_file":"k","lifetime_default":"2h"})", "tokens.lifetime_default", "tokens.lifetime_max (1h)"},
    flawed{"tokens", R"({"key_file":"k","revocations_max":1})", "tokens.revocations_max", "from 16"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a"}]})", "tokens.server_keys[0].sha256", "voicegate keygen server"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"sha256":")" HASH R"("}]})", "tokens.server_keys[0].name", "must be given"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a","sha256":"AB"}]})", "tokens.server_keys[0].sha256", "64 lower-case"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a","sha256":")" HASH R"(","grants":[]}]})",
           "tokens.server_keys[0].grants", "at least one"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a","sha256":")" HASH R"(","grants":["all"]}]})",
           "tokens.server_keys[0].grants[0]", "\"tts\", \"stt\", \"agent\""},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a","sha256":")" HASH R"(","lifetime_max":"2h"}]})",
           "tokens.server_keys[0].lifetime_max", "must not exceed tokens.lifetime_max (1h)"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a","sha256":")" HASH R"(","lifetime_max":"0s"}]})",
           "tokens.server_keys[0].lifetime_max", "from 1s"},
    flawed{"tokens", R"({"key_file":"k","server_keys":[{"name":"a","sha256":")" HASH R"(","subject_prefix":""}]})",
           "tokens.server_keys[0].subject_prefix", ""},
    flawed{"tokens", R"({"key_file":"k","server_keys":[)" SERVER_KEY("a", HASH) "," SERVER_KEY("b", HASH) "]}",
           "tokens.server_keys[1].sha256", "another server key"},
    flawed{"tokens", R"({"accept":["cartesia"],"server_keys":[)" SERVER_KEY("a", HASH) "]}", "tokens.server_keys", "tokens.accept"},
    // browsers
    flawed{"browsers", R"({"origins":["http://app.example.com"]})", "browsers.origins[0]", "https://; http is for localhost"},
    flawed{"browsers", R"({"origins":["app.example.com"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["*"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["null"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://*.example.com"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://app.example.com/"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://u@app.example.com"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://[::g]"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["HTTPS://app.example.com"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://a b"]})", "browsers.origins[0]", "exact origin"},
    flawed{"browsers", R"({"origins":["https://app.example.com:0"]})", "browsers.origins[0]", "1 to 65535"},
    flawed{"browsers", R"({"origins":["https://app.example.com:"]})", "browsers.origins[0]", "1 to 65535"},
    flawed{"browsers", R"({"origins":["https://app.example.com:66000"]})", "browsers.origins[0]", "1 to 65535"},
    flawed{"browsers", R"({"origins":["https://a","https://A:443"]})", "browsers.origins[1]", "listed already"},
    flawed{"browsers", R"({"origins":"https://a"})", "browsers.origins", "must be a list"},
    flawed{"browsers", R"({"preflight_max_age":"25h"})", "browsers.preflight_max_age", "from 0s to 1d"},
    flawed{"session", R"({"clear_site_data":"no"})", "session.clear_site_data", "true or false"},
    // session
    flawed{"session", R"({"authorize_url":"app.example/who"})", "session.authorize_url", "must begin with https://"},
    flawed{"session", R"({"authorize_url":"http://app.example/who"})", "session.authorize_url", "in clear only this machine"},
    flawed{"session", R"({"authorize_url":"http://127.0.0.1.app.example/who"})", "session.authorize_url", "in clear only this machine"},
    flawed{"session", R"({"authorize_url":"http://localhost@app.example/who"})", "session.authorize_url", "no user"},
    flawed{"session", R"({"authorize_url":"https://app.example/who#x"})", "session.authorize_url", "no fragment"},
    flawed{"session", R"({"authorize_url":"https://app.example/a b"})", "session.authorize_url", "needs encoding"},
    flawed{"session", R"({"authorize_url":"https:///who"})", "session.authorize_url", "no host name"},
    flawed{"session", R"({"authorize_url":"https://x:99999/who"})", "session.authorize_url", "1 to 65535"},
    flawed{"session", R"({"authorize_headers":["Host"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["x-tenant","Cookie"]})", "session.authorize_headers[1]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["X-API-Key"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["transfer-encoding"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["content-type"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["X-Forwarded-Host"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["Accept-Encoding"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["If-None-Match"]})", "session.authorize_headers[0]", "cannot be passed on"},
    flawed{"session", R"({"authorize_headers":["a b"]})", "session.authorize_headers[0]", "letters, digits and -"},
    flawed{"session", R"({"authorize_deadline":"2m"})", "session.authorize_deadline", "from 100ms to 1m"},
    flawed{"session", R"({"authorize_in_flight_max":0})", "session.authorize_in_flight_max", "from 1 to"},
    flawed{"session", R"({"recheck":"5m"})", "session.recheck", "nobody to ask"},
    // routes
    flawed{"routes", R"([{"path":"voices","methods":["GET"],"grant":"tts"}])", "routes[0].path", ""},
    flawed{"routes", R"([{"path":"/v","methods":["get"],"grant":"tts"}])", "routes[0].methods[0]", "\"GET\""},
    flawed{"routes", R"([{"path":"/v","methods":[],"grant":"tts"}])", "routes[0].methods", "at least one"},
    flawed{"routes", R"([{"path":"/v","methods":["GET"]}])", "routes[0].grant", "must be given"},
    flawed{"routes", R"([{"methods":["GET"],"grant":"tts"}])", "routes[0].path", "must be given"},
    flawed{"routes", R"([{"path":"/v","methods":["POST"],"grant":"tts","transport":"websocket"}])", "routes[0].methods", "[\"GET\"]"},
    flawed{"routes", R"([{"path":"/session","methods":["GET"],"grant":"tts"}])", "routes[0].path", "by the gateway itself"},
    flawed{"routes", R"([{"path":"/tts/bytes","methods":["POST"],"grant":"stt"}])", "routes", ""},
    // limits
    flawed{"limits", R"({"head_bytes":"16kb"})", "limits.head_bytes", "64KiB"},
    flawed{"limits", R"({"head_bytes":100})", "limits.head_bytes", "from 1KiB to 256KiB"},
    flawed{"limits", R"({"header_fields":129})", "limits.header_fields", "from 8 to 128"},
    flawed{"limits", R"({"target_bytes":"16KiB"})", "limits.target_bytes", "from 256 to 8KiB"},
    flawed{"limits", R"({"head_bytes":"8KiB"})", "limits.target_bytes", "less than limits.head_bytes (8KiB)"},
    flawed{"limits", R"({"message_bytes":"1MiB"})", "limits.frame_bytes", "limits.message_bytes (1MiB)"},
    flawed{"limits", R"({"memory":"1MiB"})", "limits.memory", "at least 64MiB, or 0"},
    flawed{"limits", R"({"closing":2000})", "limits.closing", "needs a unit"},
    flawed{"limits", R"({"head_byte":1})", "limits.head_byte", "did you mean \"head_bytes\""},
    // log, drain
    flawed{"log", R"({"queue_bytes":-1})", "log.queue_bytes", "number of bytes"},
    flawed{"log", R"({"access":""})", "log.access", "is empty"},
    flawed{"drain", R"({"deadline":"2h"})", "drain.deadline", "from 0s to 1h"},
    flawed{"drain", R"({"spread":"2h"})", "drain.spread", "from 0s to 1h"},
    flawed{"drain", R"({"delay":"31s"})", "drain.delay", "must not exceed drain.deadline (30s)"},
    // reload, process
    flawed{"reload", R"({"watch":"yes"})", "reload.watch", "true or false"},
    flawed{"process", R"({"users":"x"})", "process.users", "did you mean \"user\""},
    flawed{"process", R"({"user":65534})", "process.user", "text in quotes"},
    flawed{"process", R"({"user":""})", "process.user", "is empty"},
    flawed{"process", R"({"chroot":"/var/empty"})", "process.user", "since process.chroot is"},
    flawed{"process", R"({"seccomp":"off"})", "process.seccomp", "true or false"},
    flawed{"process", R"({"landlock":0})", "process.landlock", "true or false"},
};
// clang-format on

} // namespace

BOOST_AUTO_TEST_SUITE(config_errors)

BOOST_DATA_TEST_CASE(each_flaw_names_its_path_and_a_remedy, boost::unit_test::data::make(cases), c)
{
    try {
        (void)read_config(
            tests::config_text({
                {c.key, c.value}
        }),
            "/etc");
        BOOST_ERROR("was accepted");
    } catch (config_error const& flaw) {
        BOOST_TEST(flaw.where() == c.where);
        BOOST_TEST(std::string(flaw.what()).find(c.remedy) != std::string::npos, flaw.what());
        BOOST_TEST(std::string(flaw.what()).starts_with(flaw.where() + ": "));
    }
}

BOOST_AUTO_TEST_CASE(a_syntax_error_names_line_and_column)
{
    auto const where = [](std::string_view text) {
        try {
            (void)read_config(text, "/");
        } catch (config_error const& flaw) {
            return flaw.where();
        }
        return std::string();
    };
    BOOST_TEST(where("{\n  \"threads\": nil\n}") == "line 2, column 14");
    BOOST_TEST(where("{\n  \"threads\": 1\n") == "line 3, column 1");
    BOOST_TEST(where("{} {}") == "line 1, column 4");
    BOOST_TEST(where("") == "line 1, column 1");
    BOOST_TEST(where("[]") == "configuration");
}

BOOST_AUTO_TEST_SUITE_END()
