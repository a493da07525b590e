#include "board/directory.hpp"
#include "query/declare.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::registers {

namespace {

using fields::Make;
namespace types = fields::types;

/// Each register is a collection: its fields, and what every entry has.
query::Collection collection_of(const Register& declared) {
  query::Declare made({.name = declared.name,
                       .title = declared.title,
                       .right = board::resource_of("register", declared.name),
                       .table = quoted_name(declared.table()),
                       .units = {"unit"}});
  if (declared.geometry == "point") made.collection().place = query::Collection::Place::point;
  if (declared.geometry == "polygon") made.collection().place = query::Collection::Place::rings;
  for (const Field& field : declared.fields) {
    const bool named = field.name == declared.key || field.name.starts_with("title");
    named && !field.personal() ? made.finds(field) : made.has(field);
  }
  made.of_unit(Make("unit", types::text()).titled("管理单位", "Unit"))
      .has(Make("retired", types::boolean()).titled("已注销", "Retired"))
      .has(Make("created", types::instant()).titled("登记时间", "Recorded"))
      .has(Make("changed", types::instant()).titled("变更时间", "Changed"));
  return made.made();
}

}  // namespace

std::vector<query::Collection> RegistersEngine::collections(Database& reader) const {
  std::vector<query::Collection> all;
  for (const auto& [name, declared] : load_registers(reader)) all.push_back(collection_of(declared));
  return all;
}

}  // namespace qipan::registers
