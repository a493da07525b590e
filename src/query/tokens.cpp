#include "query/tokens.hpp"

#include <unicode/utf8.h>

#include <array>

#include "base/text.hpp"
#include "query/expression.hpp"

namespace qipan::query {

namespace {

struct Range {
  UChar32 first, last;
};
// Productions identifierStart, identifierPart and whitespace of the standard's grammar.
constexpr std::array starts = {
    Range{':', ':'},       Range{'_', '_'},       Range{'A', 'Z'},       Range{'a', 'z'},
    Range{0x00C0, 0x00D6}, Range{0x00D8, 0x00F6}, Range{0x00F8, 0x02FF}, Range{0x0370, 0x037D},
    Range{0x037F, 0x1FFE}, Range{0x200C, 0x200D}, Range{0x2070, 0x218F}, Range{0x2C00, 0x2FEF},
    Range{0x3001, 0xD7FF}, Range{0xF900, 0xFDCF}, Range{0xFDF0, 0xFFFD}, Range{0x10000, 0xEFFFF}};
constexpr std::array parts = {Range{'.', '.'}, Range{'0', '9'}, Range{0x0300, 0x036F}, Range{0x203F, 0x2040}};
constexpr std::array spaces = {Range{0x09, 0x0D},     Range{' ', ' '},       Range{0x85, 0x85},
                               Range{0xA0, 0xA0},     Range{0x1680, 0x1680}, Range{0x2000, 0x200A},
                               Range{0x2028, 0x2029}, Range{0x202F, 0x202F}, Range{0x205F, 0x205F},
                               Range{0x3000, 0x3000}};

template <class Ranges>
bool is_in(UChar32 character, const Ranges& ranges) {
  for (const Range& range : ranges) {
    if (character >= range.first && character <= range.last) return true;
  }
  return false;
}
bool is_space(UChar32 character) {
  return is_in(character, spaces);
}
bool is_start(UChar32 character) {
  return is_in(character, starts) && !is_space(character);
}
bool is_part(UChar32 character) {
  return is_start(character) || is_in(character, parts);
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    std::vector<Token> tokens;
    for (;;) {
      skip_spaces();
      if (at_ == text_.size()) break;
      QIPAN_TRY(token, next());
      tokens.push_back(std::move(token));
      if (tokens.size() > tokens_max) return unreadable_at(text_, at_, "less at once");
    }
    tokens.push_back({Token::Kind::end, "", at_});
    return tokens;
  }

 private:
  static constexpr std::size_t tokens_max = 40'000;

  /// The character at `at_`, whose bytes end at `after`; none at the end of the text.
  UChar32 character(std::size_t& after) const {
    if (at_ == text_.size()) return -1;
    auto offset = static_cast<std::int32_t>(at_);
    UChar32 character = 0;
    U8_NEXT(text_.data(), offset, static_cast<std::int32_t>(text_.size()), character);
    after = static_cast<std::size_t>(offset);
    return character;
  }
  void skip_spaces() {
    for (std::size_t after = 0; at_ < text_.size() && is_space(character(after)); at_ = after) {
    }
  }
  std::string taken(std::size_t from) const { return std::string(text_.substr(from, at_ - from)); }
  char ahead(std::size_t by = 0) const { return at_ + by < text_.size() ? text_[at_ + by] : '\0'; }

  std::string name() {
    const std::size_t from = at_;
    for (std::size_t after = 0; at_ < text_.size() && is_part(character(after)); at_ = after) {
    }
    return taken(from);
  }

  Result<Token> next() {
    const std::size_t from = at_;
    std::size_t after = 0;
    if (is_start(character(after))) return Token{Token::Kind::word, name(), from};
    const char c = text_[at_];
    if (is_digit(c) || (c == '.' && is_digit(ahead(1)))) return number();
    if (c == '\'') return quoted_text();
    if (c == '"') {
      ++at_;
      std::string inner = is_start(character(after)) ? name() : "";
      if (inner.empty() || ahead() != '"') return unreadable_at(text_, from, "a name in double quotes");
      ++at_;
      return Token{Token::Kind::quoted, std::move(inner), from};
    }
    for (const std::string_view sign : {"<>", "<=", ">="}) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      at_ += sign.size();
      return Token{Token::Kind::sign, std::string(sign), from};
    }
    if (std::string_view("=<>(),+-*/%^").find(c) == std::string_view::npos)
      return unreadable_at(text_, from, "a name, a number, a text in single quotes or an operator");
    ++at_;
    return Token{Token::Kind::sign, std::string(1, c), from};
  }

  Token number() {
    const std::size_t from = at_;
    const auto digits = [&] {
      while (is_digit(ahead())) ++at_;
    };
    digits();
    if (ahead() == '.') ++at_;
    digits();
    if (ahead() == 'e' || ahead() == 'E') {
      const bool is_signed = ahead(1) == '+' || ahead(1) == '-';
      if (is_digit(ahead(is_signed ? 2 : 1))) {
        at_ += is_signed ? 2 : 1;
        digits();
      }
    }
    return {Token::Kind::number, taken(from), from};
  }

  Result<Token> quoted_text() {
    const std::size_t from = at_++;
    std::string inner;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      const bool escaped = (c == '\'' || c == '\\') && ahead() == '\'';
      if (c == '\'' && !escaped) return Token{Token::Kind::text, std::move(inner), from};
      if (escaped) ++at_;
      inner += escaped ? '\'' : c;
    }
    return unreadable_at(text_, from, "a text that ends with a single quote");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view text) {
  if (text.size() > Limits::bytes_max)
    return refuse({Problem::Kind::too_large, "filter-too-large", "filter", "",
                   "at most " + std::to_string(Limits::bytes_max) + " bytes", "ask for less at once"});
  if (!is_utf8(text)) return invalid("filter-unreadable", "filter", "", "UTF-8");
  return Lexer(text).run();
}

tl::unexpected<Problem> unreadable_at(std::string_view text, std::size_t place, std::string_view rule) {
  constexpr std::size_t shown = 40;
  const std::int64_t before = characters(text.substr(0, place));
  return invalid("filter-unreadable", "filter", shortened(text.substr(place), shown),
                 "at character " + std::to_string(before + 1) + ": " + std::string(rule));
}

}  // namespace qipan::query
