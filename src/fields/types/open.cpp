#include "fields/types/all.hpp"

namespace qipan::fields::types {

namespace {

/// JSON whose inside is declared by something else than the field: a case's form, a calendar's reader, the
/// files of a pack. No pack can declare one.
class Open final : public Type {
 public:
  enum class Kind { object, list, any };
  Open(std::string_view name, Kind kind) : Type(name), kind_(kind) {}
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const bool fits = kind_ == Kind::any || (kind_ == Kind::object ? value.is_object() : value.is_array());
    if (fits) return value;
    return unfit(field, value, path, kind_ == Kind::object ? "an object {...}" : "a list [...]");
  }
  void describe(const Field&, Json& schema) const override {
    if (kind_ == Kind::any) return;
    schema.set("type", kind_ == Kind::object ? "object" : "array");
  }
  [[nodiscard]] std::strong_ordering compare(const Field&, const Json& left,
                                             const Json& right) const override {
    return left.dump() <=> right.dump();
  }

 private:
  Kind kind_;
};

}  // namespace

const Type* object() {
  static const Open type("object", Open::Kind::object);
  return &type;
}

const Type* list() {
  static const Open type("list", Open::Kind::list);
  return &type;
}

const Type* any() {
  static const Open type("any", Open::Kind::any);
  return &type;
}

}  // namespace qipan::fields::types
