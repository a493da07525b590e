#include "search/synonyms.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace qipan::search {

namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

void Synonyms::add(const std::vector<std::string>& group) {
  std::vector<std::string> words;
  for (const std::string& word : group) words.push_back(lower_case(word));
  groups_.push_back(std::move(words));
}

std::vector<std::string> Synonyms::others(std::string_view word) const {
  std::vector<std::string> others;
  const std::string said = lower_case(word);
  for (const auto& group : groups_) {
    for (const std::string& one : group) {
      const auto at = is_ascii(one) ? (said == one ? 0 : std::string::npos) : said.find(one);
      if (at == std::string::npos) continue;
      for (const std::string& other : group) {
        if (other == one || others.size() == others_max) continue;
        std::string replaced = said;
        others.push_back(replaced.replace(at, one.size(), other));
      }
    }
  }
  return others;
}

}  // namespace qipan::search
