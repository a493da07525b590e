#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qipan::expr {

enum class Token { end, number, text, moment, name, symbol };

/// A piece of a FEEL text. A name here is one part of a FEEL name, which may have spaces and signs between
/// its parts (DMN 1.5, 10.3.1.2 rules 25 to 30): only the scope tells where it ends.
struct Lexeme {
  Token token = Token::end;
  std::string text;  // unescaped
  std::size_t at = 0;
  bool after_space = false;

  [[nodiscard]] bool is(std::string_view wanted) const {
    return (token == Token::symbol || token == Token::name) && text == wanted;
  }
  /// Signs that may stand in a name after its first character, also doubled (rules 25 to 30).
  [[nodiscard]] bool is_name_sign() const {
    if (token != Token::symbol) return false;
    return text == "**" || text == ".." || text == "’" ||
           (text.size() == 1 && std::string_view("./-'+*").find(text[0]) != std::string_view::npos);
  }
};

/// A place in a text and what was expected there.
struct Fault {
  std::size_t at;
  std::string expected;
};

/// Throws Fault.
[[nodiscard]] std::vector<Lexeme> lexemes_of(std::string_view text);

/// The texts of a name's parts: "date and time" as three, "a-b" as three.
[[nodiscard]] std::vector<std::string> name_parts(std::string_view name);
/// Reserved words, which begin no name.
[[nodiscard]] bool is_keyword(std::string_view word);

}  // namespace qipan::expr
