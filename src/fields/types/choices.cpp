#include <algorithm>

#include "fields/types/all.hpp"
#include "fields/types/listed.hpp"

namespace qipan::fields::types {

namespace {

/// Several of the options, each once; in the order in which they are declared, whichever was chosen first.
class Choices final : public ListType {
 public:
  Choices() : ListType("choices") {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = Attributes::Bounds{0, 100, 0, 100}, .options = true};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const std::string rule = "of " + listed(field.options) + ", each once";
    std::vector<std::size_t> places;
    QIPAN_CHECK(read_items(field, value, path, rule, [&](const Json& item) -> Result<Json> {
      const std::size_t place =
          item.is_text() ? place_among(field.options, item.text()) : field.options.size();
      if (place == field.options.size() || std::find(places.begin(), places.end(), place) != places.end())
        return unfit(field, item, path, rule);
      places.push_back(place);
      return item;
    }));
    std::sort(places.begin(), places.end());
    Json chosen = Json::array();
    for (const std::size_t place : places) chosen.push(field.options[place].value);
    return chosen;
  }
  void describe(const Field& field, Json& schema) const override {
    describe_count(field, schema);
    Json item = Json::object().set("type", "string");
    describe_options(field.options, item, schema);
    schema.set("items", std::move(item)).set("uniqueItems", true);
  }
};

}  // namespace

const Type* choices() {
  static const Choices type;
  return &type;
}

}  // namespace qipan::fields::types
