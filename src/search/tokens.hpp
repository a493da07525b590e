#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qipan::search {

/// A piece of a text by which it is found, and the bytes of the text that it stands for.
struct Token {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t middle = 0;  // of a pair, where its second character begins
  enum class Of { word, pair, single } of = Of::word;
  bool ends_run = false;  // the last character of several, by itself
};

/// Version of what follows and of where it lies: an index of another one is made anew.
inline constexpr std::int64_t tokens_version = 2;

/// Words of letters and digits without regard to case and width. Chinese, kana and hangul have no spaces
/// between words: each two characters that follow each other are a token, and the last one of a run by
/// itself, so that two tokens behind each other are three characters behind each other, and every character
/// begins one. SQLite's own trigrams find nothing that is shorter than three characters.
[[nodiscard]] std::vector<Token> tokens_of(std::string_view text);

/// The text as tokens see its characters: without regard to case and width.
[[nodiscard]] std::string folded(std::string_view text);

/// First letters of the readings of a text ("jhq" for 江海区), each two that follow each other a token.
[[nodiscard]] std::vector<std::string> pairs_of_initials(std::string_view initials);

}  // namespace qipan::search
