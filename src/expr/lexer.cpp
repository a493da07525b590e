#include "expr/lexer.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace qipan::expr {

namespace {

constexpr std::size_t lexemes_max = 50'000;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The code point at `at` and its bytes; a broken byte counts as one that is part of nothing.
std::pair<char32_t, std::size_t> code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2);
  if (first < 0xC0 || at + size > text.size()) return {0xFFFD, 1};
  char32_t value = first & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = (value << 6U) | (byte(at + i) & 0x3FU);
  return {value, size};
}

struct Span {
  char32_t from;
  char32_t to;
};

// DMN 1.5, 10.3.1.2, rule 28.
constexpr std::array<Span, 16> name_starts = {{{'?', '?'},
                                               {'A', 'Z'},
                                               {'_', '_'},
                                               {'a', 'z'},
                                               {0xC0, 0xD6},
                                               {0xD8, 0xF6},
                                               {0xF8, 0x2FF},
                                               {0x370, 0x37D},
                                               {0x37F, 0x1FFF},
                                               {0x200C, 0x200D},
                                               {0x2070, 0x218F},
                                               {0x2C00, 0x2FEF},
                                               {0x3001, 0xD7FF},
                                               {0xF900, 0xFDCF},
                                               {0xFDF0, 0xFFFD},
                                               {0x10000, 0xEFFFF}}};

bool is_name_start(char32_t c) {
  return std::any_of(name_starts.begin(), name_starts.end(),
                     [&](const Span& span) { return c >= span.from && c <= span.to; });
}

bool is_name_part(char32_t c) {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xB7 || (c >= 0x300 && c <= 0x36F) ||
         (c >= 0x203F && c <= 0x2040);
}

// Rule 62; no-break space and the ideographic space are written by Chinese input methods.
bool is_space(char32_t c) {
  return (c >= 0x9 && c <= 0xD) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

void append_code_point(std::string& out, char32_t c) {
  const auto push = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    push(c);
  } else if (c < 0x800) {
    push(0xC0U | (c >> 6U));
    push(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    push(0xE0U | (c >> 12U));
    push(0x80U | ((c >> 6U) & 0x3FU));
    push(0x80U | (c & 0x3FU));
  } else {
    push(0xF0U | (c >> 18U));
    push(0x80U | ((c >> 12U) & 0x3FU));
    push(0x80U | ((c >> 6U) & 0x3FU));
    push(0x80U | (c & 0x3FU));
  }
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Lexeme> all() {
    std::vector<Lexeme> lexemes;
    for (;;) {
      const bool space = skip_blanks();
      if (at_ >= text_.size()) break;
      lexemes.push_back(next());
      lexemes.back().after_space = space;
      if (lexemes.size() > lexemes_max) throw Fault{at_, "at most 50,000 words and signs"};
    }
    lexemes.push_back({Token::end, "", text_.size(), true});
    return lexemes;
  }

 private:
  bool skip_blanks() {
    const std::size_t start = at_;
    for (;;) {
      if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_).starts_with("/*")) {
        const auto end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) throw Fault{at_, "*/ at the end of the comment"};
        at_ = end + 2;
      } else if (at_ < text_.size() && is_space(code_point(text_, at_).first)) {
        at_ += code_point(text_, at_).second;
      } else {
        return at_ != start;
      }
    }
  }

  Lexeme next() {
    const std::size_t start = at_;
    const char c = text_[at_];
    if (c == '"') return quoted(Token::text);
    if (c == '@' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      ++at_;
      return quoted(Token::moment);
    }
    const auto follows = [&](std::size_t i, auto test) {
      return at_ + i < text_.size() && test(text_[at_ + i]);
    };
    if (is_digit(c) || (c == '.' && follows(1, is_digit))) return number();
    if (is_name_start(code_point(text_, at_).first)) {
      while (at_ < text_.size() && is_name_part(code_point(text_, at_).first))
        at_ += code_point(text_, at_).second;
      return {Token::name, std::string(text_.substr(start, at_ - start)), start};
    }
    for (const std::string_view symbol : {"..", "<=", ">=", "!=", "**", "->", "’"}) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      at_ += symbol.size();
      return {Token::symbol, std::string(symbol), start};
    }
    if (std::string_view("+-*/=<>()[]{},:.'").find(c) == std::string_view::npos)
      throw Fault{at_, "a FEEL operator, name, number or text"};
    ++at_;
    return {Token::symbol, std::string(1, c), start};
  }

  void digits() {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  }

  Lexeme number() {
    const std::size_t start = at_;
    digits();
    // "1..3" is a range, so a point followed by a point ends the number.
    if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
      ++at_;
      digits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      std::size_t after = at_ + 1;
      if (after < text_.size() && (text_[after] == '+' || text_[after] == '-')) ++after;
      if (after < text_.size() && is_digit(text_[after])) {
        at_ = after;
        digits();
      }
    }
    return {Token::number, std::string(text_.substr(start, at_ - start)), start};
  }

  Lexeme quoted(Token token) {
    const std::size_t start = at_++;
    std::string value;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\') {
        value += text_[at_];
        continue;
      }
      if (++at_ >= text_.size()) break;
      escape(value);
    }
    if (at_ >= text_.size()) throw Fault{start, "a closing quote"};
    ++at_;
    return {token, value, start};
  }

  /// At the letter behind a backslash.
  void escape(std::string& value) {
    constexpr std::string_view letters = "nrt\"'\\";
    constexpr std::string_view meanings = "\n\r\t\"'\\";
    const char c = text_[at_];
    if (const auto found = letters.find(c); found != std::string_view::npos) {
      value += meanings[found];
    } else if (c == 'u') {
      char32_t unit = hexadecimal(4);
      constexpr char32_t high = 0xD800;
      constexpr char32_t low = 0xDC00;
      if (unit >= high && unit < low && text_.substr(at_ + 1).starts_with("\\u")) {
        at_ += 2;
        unit = 0x10000 + ((unit - high) << 10U) + (hexadecimal(4) - low);
      }
      checked(value, unit);
    } else if (c == 'U') {
      checked(value, hexadecimal(6));
    } else {
      // What FEEL knows no escape for stays as it is, so that regular expressions may be written plainly.
      value += '\\';
      value += c;
    }
  }

  void checked(std::string& value, char32_t c) {
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) throw Fault{at_, "a Unicode character"};
    append_code_point(value, c);
  }

  /// Of that many digits; ends on the last.
  char32_t hexadecimal(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      ++at_;
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      const std::string_view alphabet = "0123456789abcdef";
      const auto digit = alphabet.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
      if (c == '\0' || digit == std::string_view::npos) throw Fault{at_, "a hexadecimal digit"};
      value = value * 16 + static_cast<char32_t>(digit);
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Lexeme> lexemes_of(std::string_view text) {
  return Lexer(text).all();
}

std::vector<std::string> name_parts(std::string_view name) {
  std::vector<std::string> parts;
  try {
    for (Lexeme& lexeme : lexemes_of(name)) {
      if (lexeme.token != Token::end) parts.push_back(std::move(lexeme.text));
    }
  } catch (const Fault&) {
    // A name that FEEL cannot write is one that no expression can mean.
    return {std::string(name)};
  }
  return parts;
}

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 19> keywords = {
      "if", "then",    "else", "for",   "in",   "return",   "some",     "every",    "satisfies", "and",
      "or", "between", "true", "false", "null", "function", "external", "instance", "of"};
  return std::find(keywords.begin(), keywords.end(), word) != keywords.end();
}

}  // namespace qipan::expr
