#include "search/tokens.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <fmt/format.h>

namespace qipan::search {

namespace {

/// A longer word is found by its beginning.
constexpr std::size_t word_characters_max = 40;

struct Character {
  UChar32 code = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Letters of double width are those of single width.
UChar32 narrow(UChar32 code) {
  constexpr UChar32 first = 0xFF01;
  constexpr UChar32 last = 0xFF5E;
  constexpr UChar32 apart = 0xFEE0;
  return code >= first && code <= last ? code - apart : code;
}

/// Written without spaces between words.
bool is_run_on(UChar32 code) {
  switch (ublock_getCode(code)) {
    case UBLOCK_HIRAGANA:
    case UBLOCK_KATAKANA:
    case UBLOCK_HANGUL_SYLLABLES:
      return u_isalpha(code) != 0;
    default:
      return u_hasBinaryProperty(code, UCHAR_IDEOGRAPHIC) != 0;
  }
}

/// As it stands in the index, whose tokenizer sees nothing but letters and digits that it takes as they are.
void write(UChar32 code, std::string& text) {
  constexpr UChar32 block_begin = 0x4E00;
  constexpr UChar32 block_end = 0xA000;
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code >= block_begin && code < block_end) {
    for (const auto byte : {0xE0 | code >> 12, 0x80 | (code >> 6 & 0x3F), 0x80 | (code & 0x3F)})
      text += static_cast<char>(byte);
  } else {
    text += fmt::format("u{:x}", static_cast<unsigned>(code));
  }
}

class Reader {
 public:
  std::vector<Token> read(std::string_view text) {
    const auto length = static_cast<std::int32_t>(text.size());
    for (std::int32_t at = 0; at < length;) {
      const std::int32_t begin = at;
      UChar32 code = 0;
      U8_NEXT(text.data(), at, length, code);
      code = code < 0 ? 0 : u_foldCase(narrow(code), U_FOLD_CASE_DEFAULT);
      const Character here{code, static_cast<std::size_t>(begin), static_cast<std::size_t>(at)};
      const bool runs_on = is_run_on(code);
      const bool in_word = !runs_on && u_isalnum(code) != 0;
      if (!runs_on) end_run();
      if (!in_word) end_word();
      if (runs_on) run_.push_back(here);
      if (in_word) word_.push_back(here);
    }
    end_run();
    end_word();
    return std::move(tokens_);
  }

 private:
  void end_run() {
    for (std::size_t at = 0; at < run_.size(); ++at) {
      const bool last = at + 1 == run_.size();
      Token token{.begin = run_[at].begin,
                  .end = run_[last ? at : at + 1].end,
                  .middle = run_[at].end,
                  .of = last ? Token::Of::single : Token::Of::pair,
                  .ends_run = last && at > 0};
      write(run_[at].code, token.text);
      if (!last) write(run_[at + 1].code, token.text);
      tokens_.push_back(std::move(token));
    }
    run_.clear();
  }
  void end_word() {
    if (word_.empty()) return;
    Token token{.begin = word_.front().begin, .end = word_.back().end};
    for (std::size_t at = 0; at < word_.size() && at < word_characters_max; ++at)
      write(word_[at].code, token.text);
    tokens_.push_back(std::move(token));
    word_.clear();
  }

  std::vector<Token> tokens_;
  std::vector<Character> run_;
  std::vector<Character> word_;
};

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    UChar32 code = 0;
    U8_NEXT(text.data(), at, length, code);
    if (code < 0) continue;
    char bytes[U8_MAX_LENGTH] = {};
    std::int32_t written = 0;
    U8_APPEND_UNSAFE(bytes, written, u_foldCase(narrow(code), U_FOLD_CASE_DEFAULT));
    out.append(bytes, static_cast<std::size_t>(written));
  }
  return out;
}

std::vector<Token> tokens_of(std::string_view text) {
  return Reader().read(text);
}

std::vector<std::string> pairs_of_initials(std::string_view initials) {
  std::vector<std::string> pairs;
  for (std::size_t at = 0; at + 1 < initials.size(); ++at) pairs.emplace_back(initials.substr(at, 2));
  return pairs;
}

}  // namespace qipan::search
