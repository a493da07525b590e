#include "fields/form.hpp"
#include "fields/types/all.hpp"
#include "fields/types/listed.hpp"

namespace qipan::fields::types {

namespace {

/// A small table: every row has the field's columns, which are fields themselves.
class Rows final : public ListType {
 public:
  Rows() : ListType("rows") {}
  [[nodiscard]] Attributes attributes() const override {
    return {.bounds = Attributes::Bounds{0, 100, 0, 500}, .columns = true};
  }
  [[nodiscard]] Result<Json> read(const Field& field, const Json& value,
                                  const std::string& path) const override {
    const Form form = whole_form(field.columns);
    std::int64_t row = 0;
    return read_items(field, value, path, "rows", [&](const Json& item) {
      return read_values(form, item, path + "/" + std::to_string(row++), Absent::literal);
    });
  }
  void describe(const Field& field, Json& schema) const override {
    describe_count(field, schema);
    schema.set("items", form_schema(whole_form(field.columns)));
  }
  [[nodiscard]] expr::Value expression_value(const Field& field, const Json& value) const override {
    expr::List rows;
    for (const Json& row : value.items()) {
      expr::ContextBuilder context;
      for (const Field& column : field.columns)
        context.set(column.name, expression_value_of(column, row[column.name]));
      rows.push_back(context.done());
    }
    return rows;
  }
};

}  // namespace

const Type* rows() {
  static const Rows type;
  return &type;
}

}  // namespace qipan::fields::types
