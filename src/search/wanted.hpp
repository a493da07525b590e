#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "search/synonyms.hpp"
#include "search/tokens.hpp"

namespace qipan::search {

/// One text of a subject that a reader may see.
struct Text {
  std::string text;
  bool by_initials = false;  // names and codes: also found by the first letters of their readings
};

/// What somebody typed into a search: words that must all be found in the texts of one subject.
class Wanted {
 public:
  static constexpr std::int64_t characters_max = 100;
  static constexpr std::size_t words_max = 8;

  /// Words stand apart by spaces. Refused (`search-unfit` at "q") without any letter or digit, and where
  /// there are too many.
  [[nodiscard]] static Result<Wanted> read(std::string_view text, const Synonyms& synonyms = {});

  /// For the index: a superset of what found_in() takes, by units as well where some are given. Into
  /// sensitive texts only for who sees them in all these units.
  [[nodiscard]] std::string match(const std::vector<std::int64_t>& units, bool sensitive) const;

  /// Where a text has what was wanted, in bytes.
  struct Hit {
    std::size_t text = 0;  // which of them
    std::size_t begin = 0;
    std::size_t end = 0;  // as `begin` where the reading matches
  };
  /// A hit a word; nothing unless every word has one.
  [[nodiscard]] std::optional<std::vector<Hit>> found_in(const std::vector<Text>& texts) const;

 private:
  struct Word {
    std::vector<std::string> tokens;
    bool begins = false;   // the last token is the beginning of one
    std::string initials;  // letters that may be those of readings
  };
  static std::optional<Word> read_word(std::string_view text);
  [[nodiscard]] static std::optional<Hit> found_in(const Word& word, const std::vector<Token>& tokens);
  [[nodiscard]] static std::optional<Hit> found_in(const Word& word, const Text& text,
                                                   const std::vector<Token>& tokens);

  std::vector<std::vector<Word>> words_;  // each as it was typed, then what means the same
};

/// A piece of a text around a hit: what stands there, told apart by whether it is what was wanted.
struct Piece {
  std::string text;
  bool hit = false;
};
[[nodiscard]] std::vector<Piece> snippet_of(std::string_view text, const std::vector<Wanted::Hit>& hits);

}  // namespace qipan::search
