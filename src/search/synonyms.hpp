#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace qipan::search {

/// Words that mean one thing, group by group, as packs declare them: whoever looks for one finds the others.
class Synonyms {
 public:
  /// Of one word that is looked for.
  static constexpr std::size_t others_max = 8;

  void add(const std::vector<std::string>& group);
  /// What the word could say as well: the same with one word of a group for another. Words of letters are
  /// taken whole, Chinese ones wherever they stand in it, as nothing stands between them; of several within
  /// each other the longest is meant.
  [[nodiscard]] std::vector<std::string> others(std::string_view word) const;

 private:
  std::vector<std::vector<std::string>> groups_;  // folded
};

}  // namespace qipan::search
