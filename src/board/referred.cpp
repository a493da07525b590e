#include "board/referred.hpp"

#include "board/collections.hpp"
#include "fields/form.hpp"
#include "query/question.hpp"

namespace qipan::board {

bool is_told_through_references(const query::Property& property) {
  return !property.field.personal() && property.field.sensitivity != fields::Sensitivity::sensitive;
}

expr::Value Referred::values_of(std::string_view subject, Database& database, const Directory& directory,
                                const std::vector<std::unique_ptr<Engine>>& engines) {
  const Subject named = Subject::of(subject);
  if (collections_.empty()) {
    for (query::Collection& one : collections_of(engines, database))
      if (one.kind_sql.empty()) collections_.insert_or_assign(one.name, std::move(one));
  }
  const auto found = collections_.find(named.kind);
  if (found == collections_.end() || named.id() == 0) return {};
  const query::Collection& collection = found->second;
  std::string sql = "SELECT id";
  std::vector<const query::Property*> told;
  for (const query::Property& property : collection.properties) {
    if (!is_told_through_references(property)) continue;
    told.push_back(&property);
    sql += ", " + property.told_sql();
  }
  sql += " FROM " + collection.table + " WHERE id=?";
  if (!collection.condition.empty()) sql += " AND (" + collection.condition + ")";
  auto statement = database.prepare(sql);
  statement.bind(named.id());
  if (!statement.step()) return {};
  expr::ContextBuilder context;
  context.set("id", named.id());
  context.set("subject", std::string(subject));
  int at = 1;
  for (const query::Property* property : told) {
    Json value = query::property_value(*property, statement, at++);
    if (property->of_unit && value.is_integer()) {
      std::string code = UnitCodes(directory).code_of(value.integer());
      value = code.empty() ? Json() : Json(std::move(code));
    }
    context.set(property->field.name, fields::expression_value_of(property->field, value));
  }
  return context.done();
}

}  // namespace qipan::board
