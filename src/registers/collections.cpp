#include "board/directory.hpp"
#include "query/declare.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::registers {

namespace {

using fields::Make;
namespace types = fields::types;

/// What its entries are called by: a title where they have one, else what names them.
std::string called_by(const Register& declared) {
  if (declared.is_of_parties()) return declared.party_title;
  for (const std::string_view name : {"title_zh", "title", "name"})
    if (const Field* field = declared.field(name); field != nullptr && !field->personal()) return field->name;
  return declared.key;
}

}  // namespace

/// Its fields, and what every entry has.
query::Collection collection_of(const Register& declared) {
  query::Declare made({.name = declared.name,
                       .title = declared.title,
                       .right = board::resource_of("register", declared.name),
                       .table = quoted_name(declared.table()),
                       .called = called_by(declared),
                       .units = {"unit"}});
  if (declared.geometry == "point") made.collection().place = query::Collection::Place::point;
  if (declared.geometry == "polygon") made.collection().place = query::Collection::Place::rings;
  for (const Field& field : declared.fields) made.declared(field);
  made.of_unit(Make("unit", types::text()).titled("管理单位", "Unit"))
      .has(Make("retired", types::boolean()).titled("已注销", "Retired"))
      .has(Make("created", types::instant()).titled("登记时间", "Recorded"))
      .has(Make("changed", types::instant()).titled("变更时间", "Changed"));
  return made.made();
}

std::vector<query::Collection> RegistersEngine::collections(Database& reader) const {
  std::vector<query::Collection> all;
  for (const auto& [name, declared] : load_registers(reader)) all.push_back(collection_of(declared));
  return all;
}

}  // namespace qipan::registers
