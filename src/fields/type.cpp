#include "fields/type.hpp"

#include "base/pinyin.hpp"

#include "fields/types/all.hpp"

namespace qipan::fields {

std::span<const Type* const> all_types() {
  static const Type* const all[] = {types::text(),
                                    types::long_text(),
                                    types::integer(),
                                    types::decimal(),
                                    types::money(),
                                    types::percent(),
                                    types::boolean(),
                                    types::choice(),
                                    types::choices(),
                                    types::date(),
                                    types::instant(),
                                    types::month(),
                                    types::year(),
                                    types::duration(),
                                    types::reference(),
                                    types::place(),
                                    types::line(),
                                    types::area(),
                                    types::photos(),
                                    types::files(),
                                    types::rows(),
                                    types::credit_code(),
                                    types::organisation_code(),
                                    types::project_code(),
                                    types::division_code(),
                                    types::telephone(),
                                    types::email(),
                                    types::citizen_number(),
                                    types::serial_number()};
  return all;
}

const Type* type_of(std::string_view name) {
  for (const Type* type : all_types()) {
    if (type->name() == name) return type;
  }
  return nullptr;
}

tl::unexpected<Problem> unfit(const Field& field, const Json& value, const std::string& path,
                              std::string rule) {
  return invalid("field-unfit", path, field.personal() ? "" : value.dump(), rule);
}

void Type::bind(const Field&, Statement& statement, const Json& value) const {
  statement.bind(value.text());
}

Json Type::stored(const Field&, const Statement& statement, int column) const {
  return statement.text(column);
}

std::string Type::cell(const Field&, const Json& value) const {
  return value.is_text() ? value.text() : value.dump();
}

Result<Json> Type::from_cell(const Field&, std::string_view text, const std::string&) const {
  return Json(text);
}

expr::TypePtr Type::expression_type(const Field&) const {
  return expr::type_of(expr::Type::Kind::text);
}

expr::Value Type::expression_value(const Field&, const Json& value) const {
  return value.text();
}

std::strong_ordering Type::compare(const Field&, const Json& left, const Json& right) const {
  const auto order = pinyin_key(left.text()) <=> pinyin_key(right.text());
  return order != 0 ? order : left.text() <=> right.text();
}

}  // namespace qipan::fields
