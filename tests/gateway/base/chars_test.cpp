#include "gateway/base/chars.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace chars = gateway::chars;

BOOST_AUTO_TEST_SUITE(base_chars)

// The quick searches look at eight bytes at once: each byte value in each place must be judged as it is
// alone.
BOOST_AUTO_TEST_CASE(quick_searches_agree_with_the_class_of_each_byte)
{
    for (unsigned byte = 0; byte < 256; ++byte)
        for (std::size_t place = 0; place < 20; ++place)
            for (char const around : {'a', '\x80', '\t'}) {
                std::string text(20, around);
                text[place] = static_cast<char>(byte);
                std::size_t value_end = 0;
                while (value_end < text.size() && !chars::ends_value(text[value_end]))
                    ++value_end;
                std::size_t target_end = 3;
                while (target_end < text.size() && !chars::ends_target(text[target_end]))
                    ++target_end;
                std::size_t json_end = 0;
                while (json_end < text.size() && !chars::ends_json_text(text[json_end]))
                    ++json_end;
                BOOST_REQUIRE_EQUAL(chars::find_json_text_end(text, 0), json_end);
                BOOST_REQUIRE_EQUAL(chars::find_value_end(text, 0), value_end);
                BOOST_REQUIRE_EQUAL(chars::find_target_end(text, 3), target_end);
            }
}

BOOST_AUTO_TEST_CASE(classes_are_those_of_the_grammar)
{
    std::string tokens;
    std::string values_end;
    for (unsigned byte = 0; byte < 256; ++byte) {
        auto const c = static_cast<char>(byte);
        if (chars::is(chars::kind::token, c)) tokens += c;
        BOOST_TEST(chars::ends_value(c) == ((byte < 0x20 && c != '\t') || byte == 0x7f));
        BOOST_TEST(chars::ends_target(c) == (byte < 0x21 || byte > 0x7e));
        BOOST_TEST(chars::ends_json_text(c) == (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\'));
    }
    BOOST_TEST(tokens == "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
}

BOOST_AUTO_TEST_CASE(words_are_equal_whatever_the_case_of_their_letters_only)
{
    BOOST_TEST(chars::is_same_word("ChunKed", "chunked"));
    BOOST_TEST(!chars::is_same_word("chunked", "chunke"));
    BOOST_TEST(
        !chars::is_same_word("x\rapi", "x-api")); // 0x0d and 0x2d differ by the bit that letters differ by
    BOOST_TEST(!chars::is_same_word("@", "`"));
}

BOOST_AUTO_TEST_CASE(trimming_takes_spaces_and_tabs_only)
{
    BOOST_TEST(chars::trim(" \t a b\t ") == "a b");
    BOOST_TEST(chars::trim(" \t") == "");
    BOOST_TEST(chars::trim("\va") == "\va");
}

BOOST_AUTO_TEST_SUITE_END()
