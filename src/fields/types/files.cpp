#include "base/text.hpp"
#include "fields/types/all.hpp"
#include "fields/types/content.hpp"

namespace qipan::fields::types {

namespace {

constexpr std::int64_t name_max = 200;

/// Files that were uploaded before: hash and the name under which they are handed out.
class Files final : public ListType {
 public:
  Files() : ListType("files") {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = Attributes::Bounds{0, 20, 0, 100}, .contents = true};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const std::string rule = R"(files as {"hash": as their upload answered, "name": of 1 to 200 characters})";
    return read_items(field, value, path, rule, [&](const Json& item) -> Result<Json> {
      if (!item.is_object() || item.members().size() != 2 || !is_content_hash(item["hash"]) ||
          !is_file_name(item["name"]))
        return unfit(field, item, path, rule);
      return Json::object().set("hash", item["hash"]).set("name", item["name"]);
    });
  }
  void describe(const Field& field, Json& schema) const override {
    describe_count(field, schema);
    Json name = Json::object().set("type", "string").set("minLength", 1).set("maxLength", name_max);
    name.set("pattern", R"(^[^\u0000-\u001f\u007f/\\]*$)");
    Json item = Json::object().set("type", "object").set("additionalProperties", false);
    item.set("properties", Json::object().set("hash", content_hash_schema()).set("name", std::move(name)));
    item.set("required", Json::array().push("hash").push("name"));
    schema.set("items", std::move(item));
  }

 private:
  static bool is_file_name(const Json& name) {
    return name.is_text() && is_text_of(name.text(), 1, name_max, false) &&
           name.text().find_first_of("/\\") == std::string::npos;
  }
};

}  // namespace

const Type* files() {
  static const Files type;
  return &type;
}

}  // namespace qipan::fields::types
