#include "search/wanted.hpp"

#include <algorithm>

#include "base/pinyin.hpp"
#include "base/problem.hpp"
#include "base/text.hpp"

namespace qipan::search {

namespace {

/// Shorter beginnings of words are in the index too often to be looked up.
constexpr std::size_t beginning_least = 3;
constexpr std::size_t initials_least = 2;
constexpr std::size_t initials_most = 16;

bool is_letters(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::vector<std::string_view> apart(std::string_view text) {
  constexpr std::string_view wide_space = "\u3000";
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const bool wide = text.substr(at).starts_with(wide_space);
    if (at < text.size() && !wide && static_cast<unsigned char>(text[at]) > ' ') {
      ++at;
      continue;
    }
    if (at > begin) words.push_back(text.substr(begin, at - begin));
    at += wide ? wide_space.size() : 1;
    begin = at;
  }
  return words;
}

std::string phrase_of(const std::vector<std::string>& tokens) {
  std::string phrase = "\"";
  for (const std::string& token : tokens) phrase += (phrase.size() == 1 ? "" : " ") + token;
  return phrase + "\"";
}

}  // namespace

std::optional<Wanted::Word> Wanted::read_word(std::string_view text) {
  std::vector<Token> tokens = tokens_of(text);
  // More characters may follow in the text that is looked for.
  if (!tokens.empty() && tokens.back().ends_run) tokens.pop_back();
  if (tokens.empty()) return std::nullopt;
  Word word;
  const Token& last = tokens.back();
  word.begins =
      last.of == Token::Of::single || (last.of == Token::Of::word && last.text.size() >= beginning_least);
  for (Token& token : tokens) word.tokens.push_back(std::move(token.text));
  const std::string& first = word.tokens.front();
  if (word.tokens.size() == 1 && is_letters(first) && first.size() >= initials_least &&
      first.size() <= initials_most)
    word.initials = first;
  return word;
}

Result<Wanted> Wanted::read(std::string_view text, const Synonyms& synonyms) {
  Wanted wanted;
  if (is_text_of(text, 1, characters_max, true)) {
    for (const std::string_view one : apart(text)) {
      auto word = read_word(one);
      if (!word) continue;
      std::vector<Word> same = {std::move(*word)};
      for (const std::string& other : synonyms.others(one)) {
        if (auto read = read_word(other)) same.push_back(std::move(*read));
      }
      wanted.words_.push_back(std::move(same));
    }
  }
  if (wanted.words_.empty() || wanted.words_.size() > words_max)
    return invalid("search-unfit", "q", shortened(text),
                   "1 to 100 characters with a letter or a digit, in at most eight words",
                   "type a name, a number, a part of it, or first letters of its reading");
  return wanted;
}

std::string Wanted::match(const std::vector<std::int64_t>& units, bool sensitive) const {
  std::string match;
  for (const std::vector<Word>& same : words_) {
    match += match.empty() ? "(" : " AND (";
    for (const Word& word : same) {
      if (&word != &same.front()) match += " OR ";
      match += sensitive ? "{words hidden} : " : "words : ";
      match += phrase_of(word.tokens) + (word.begins ? " *" : "");
      if (!word.initials.empty()) match += " OR initials : " + phrase_of(pairs_of_initials(word.initials));
    }
    match += ")";
  }
  if (units.empty()) return match;
  match += " AND units : (";
  for (std::size_t at = 0; at < units.size(); ++at)
    match += (at == 0 ? "\"" : " OR \"") + std::to_string(units[at]) + "\"";
  return match + ")";
}

std::optional<Wanted::Hit> Wanted::found_in(const Word& word, const std::vector<Token>& tokens) {
  for (std::size_t from = 0; from + word.tokens.size() <= tokens.size(); ++from) {
    std::size_t same = 0;
    while (same < word.tokens.size()) {
      const bool beginning = word.begins && same + 1 == word.tokens.size();
      const std::string& there = tokens[from + same].text;
      if (beginning ? !there.starts_with(word.tokens[same]) : there != word.tokens[same]) break;
      ++same;
    }
    if (same < word.tokens.size()) continue;
    // Of a pair that only begins with the character, that one.
    const Token& last = tokens[from + same - 1];
    const bool half = last.of == Token::Of::pair && word.tokens.back().size() < last.text.size();
    return Hit{0, tokens[from].begin, half ? last.middle : last.end};
  }
  return std::nullopt;
}

std::optional<Wanted::Hit> Wanted::found_in(const Word& word, const Text& text,
                                            const std::vector<Token>& tokens) {
  if (const auto found = found_in(word, tokens)) return found;
  const bool read_so = !word.initials.empty() && text.by_initials &&
                       pinyin_initials(text.text).find(word.initials) != std::string::npos;
  return read_so ? std::optional(Hit{}) : std::nullopt;
}

std::optional<std::vector<Wanted::Hit>> Wanted::found_in(const std::vector<Text>& texts) const {
  std::vector<std::vector<Token>> tokens;
  tokens.reserve(texts.size());
  for (const Text& text : texts) tokens.push_back(tokens_of(text.text));
  std::vector<Hit> hits;
  for (const std::vector<Word>& same : words_) {
    std::optional<Hit> found;
    for (auto word = same.begin(); word != same.end() && !found; ++word) {
      for (std::size_t at = 0; at < texts.size() && !found; ++at) {
        found = found_in(*word, texts[at], tokens[at]);
        if (found) found->text = at;
      }
    }
    if (!found) return std::nullopt;
    hits.push_back(*found);
  }
  return hits;
}

namespace {

constexpr std::size_t before_max = 60;  // bytes before the first hit
constexpr std::size_t whole_max = 240;  // bytes of it all

/// Not within a character.
std::size_t character_at(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
  return std::min(at, text.size());
}

}  // namespace

std::vector<Piece> snippet_of(std::string_view text, const std::vector<Wanted::Hit>& hits) {
  std::vector<std::pair<std::size_t, std::size_t>> marks;
  for (const Wanted::Hit& hit : hits)
    if (hit.end > hit.begin) marks.emplace_back(hit.begin, hit.end);
  std::sort(marks.begin(), marks.end());
  const std::size_t first = marks.empty() ? 0 : marks.front().first;
  const std::size_t from = first > before_max ? character_at(text, first - before_max) : 0;
  const std::size_t until = character_at(text, from + whole_max);
  std::vector<Piece> pieces;
  const auto add = [&](std::size_t begin, std::size_t end, bool hit) {
    if (end > begin) pieces.push_back({std::string(text.substr(begin, end - begin)), hit});
  };
  if (from > 0) pieces.push_back({"…", false});
  std::size_t at = from;
  for (const auto& [begin, end] : marks) {
    if (begin >= until || end <= at) continue;
    add(at, std::max(at, begin), false);
    add(std::max(at, begin), std::min(end, until), true);
    at = std::min(end, until);
  }
  add(at, until, false);
  if (until < text.size()) pieces.push_back({"…", false});
  return pieces;
}

}  // namespace qipan::search
