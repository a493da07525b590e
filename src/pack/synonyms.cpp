#include "pack/synonyms.hpp"

#include "base/text.hpp"

namespace qipan::pack {

std::vector<std::vector<std::string>> read_synonyms(const Pack& pack, Problems& problems) {
  constexpr std::int64_t characters_max = 30;
  constexpr std::size_t words_max = 9;
  constexpr std::size_t groups_max = 500;
  std::vector<std::vector<std::string>> groups;
  const auto file = pack.files.find(std::string(synonyms_path));
  if (file == pack.files.end()) return groups;
  const std::string path = pack.name + "/" + file->first;
  const auto document = parse_toml(path, file->second);
  if (!document) {
    problems.push_back(document.error());
    return groups;
  }
  Fields fields(*document, path, problems);
  for (const Node* node : fields.tables("synonyms")) {
    Fields group(*node, path, problems);
    std::vector<std::string> words = group.texts("words", true);
    if (words.size() < 2 || words.size() > words_max)
      group.fault("words", std::to_string(words.size()), "two to nine words");
    for (const std::string& word : words) {
      if (!is_text_of(word, 1, characters_max, true) || word.find(' ') != std::string::npos)
        group.fault("words", word, "one word of at most 30 characters");
    }
    groups.push_back(std::move(words));
  }
  if (groups.size() > groups_max)
    fields.fault("synonyms", std::to_string(groups.size()), "at most 500 groups");
  return groups;
}

}  // namespace qipan::pack
