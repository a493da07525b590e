#include "search/synonyms.hpp"

#include <algorithm>

#include "search/tokens.hpp"

namespace qipan::search {

namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

void Synonyms::add(const std::vector<std::string>& group) {
  std::vector<std::string> words;
  words.reserve(group.size());
  for (const std::string& word : group) words.push_back(folded(word));
  groups_.push_back(std::move(words));
}

std::vector<std::string> Synonyms::others(std::string_view word) const {
  std::vector<std::string> others;
  const std::string typed = folded(word);
  for (const auto& group : groups_) {
    // Of words within each other the longest is meant: 窨井盖 holds 井盖.
    const std::string* meant = nullptr;
    for (const std::string& one : group) {
      const bool there = is_ascii(one) ? typed == one : typed.find(one) != std::string::npos;
      if (there && (meant == nullptr || one.size() > meant->size())) meant = &one;
    }
    if (meant == nullptr) continue;
    for (const std::string& other : group) {
      if (&other == meant || others.size() == others_max) continue;
      // Within a longer word nobody mixes scripts.
      if (typed != *meant && is_ascii(other)) continue;
      std::string replaced = typed;
      others.push_back(replaced.replace(typed.find(*meant), meant->size(), other));
    }
  }
  return others;
}

}  // namespace qipan::search
