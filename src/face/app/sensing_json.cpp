#include "face/app/sensing_json.hpp"

#include "sensing/incoming.hpp"

namespace qipan::face {

Json steps_json(std::int64_t value, int decimals) {
  return Json::Decimal{sensing::steps_text(value, decimals)};
}

Json degrees_json(const std::optional<std::int64_t>& value) {
  return value ? steps_json(*value, 7) : Json();
}

Json result_json(const sensing::StreamRow& stream, const sensing::Sample& sample,
                 const std::vector<std::string>& categories) {
  if (stream.kind == "truth") return sample.value != 0;
  if (stream.kind == "category") {
    const auto index = static_cast<std::size_t>(sample.value);
    return index < categories.size() ? Json(categories[index]) : Json();
  }
  return steps_json(sample.value, stream.decimals);
}

Json result_json(Database& reader, const sensing::StreamRow& stream, const sensing::Sample& sample) {
  return result_json(
      stream, sample,
      stream.kind == "category" ? sensing::categories_of(reader, stream.id) : std::vector<std::string>());
}

}  // namespace qipan::face
