#include "fields/types/all.hpp"
#include "fields/types/content.hpp"

namespace qipan::fields::types {

namespace {

/// Pictures that were uploaded before, by their hashes.
class Photos final : public ListType {
 public:
  Photos() : ListType("photos") {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = Attributes::Bounds{0, 9, 0, 100}, .contents = true};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const std::string rule = "photos by the hash that their upload answered";
    return read_items(field, value, path, rule, [&](const Json& item) -> Result<Json> {
      if (!is_content_hash(item)) return unfit(field, item, path, rule);
      return item;
    });
  }
  void describe(const Field& field, Json& schema) const override {
    describe_count(field, schema);
    schema.set("items", content_hash_schema());
  }
};

}  // namespace

const Type* photos() {
  static const Photos type;
  return &type;
}

}  // namespace qipan::fields::types
