#include "fields/types/content.hpp"

namespace qipan::fields::types {

bool is_content_hash(const Json& value) {
  constexpr std::size_t hash_digits = 64;
  return value.is_text() && value.text().size() == hash_digits &&
         value.text().find_first_not_of("0123456789abcdef") == std::string::npos;
}

Json content_hash_schema() {
  return Json::object().set("type", "string").set("pattern", "^[0-9a-f]{64}$");
}

std::vector<std::pair<std::string, std::string>> contents_in(const Json& values) {
  std::vector<std::pair<std::string, std::string>> contents;
  if (!values.is_object()) return contents;
  for (const auto& [name, value] : values.members()) {
    if (!value.is_array()) continue;
    for (const Json& item : value.items()) {
      const Json& hash = item.is_object() ? item["hash"] : item;
      if (is_content_hash(hash)) contents.emplace_back(name, hash.text());
    }
  }
  return contents;
}

std::set<std::string, std::less<>> contents_of(const std::vector<Field>& declared, const Json& values) {
  std::set<std::string, std::less<>> hashes;
  for (const auto& [name, hash] : contents_in(values)) {
    const Field* field = find(declared, name);
    if (field != nullptr && field->type->attributes().contents) hashes.insert(hash);
  }
  return hashes;
}

}  // namespace qipan::fields::types
