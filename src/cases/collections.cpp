#include <algorithm>

#include "board/directory.hpp"
#include "board/pack_engine.hpp"
#include "cases/cases_engine.hpp"
#include "query/declare.hpp"

namespace qipan::cases {

namespace {

using fields::Make;
namespace types = fields::types;

/// Where a case stands by all versions of its type that are still in use, the newest one's words first.
void add_states(const Versions& versions, Make& field, std::vector<std::string>& known) {
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    for (const State& state : (*version)->states) {
      if (std::find(known.begin(), known.end(), state.name) != known.end()) continue;
      known.push_back(state.name);
      field.option(state.name, state.title.zh, state.title.en);
    }
  }
}

/// What every case has.
query::Collection every_case(const std::string& name, Title title, Make state) {
  query::Declare made({.name = name,
                       .title = std::move(title),
                       .right = "case",
                       .table = "case_cases",
                       .units = {"unit", "responsible"},
                       .place = query::Collection::Place::point});
  made.has(state)
      .has(Make("open", types::boolean()).titled("办理中", "Open"))
      .has(Make("class", types::text()).titled("分类", "Class"), "''")
      .finds(Make("place", types::text()).titled("位置", "Place"), "''")
      .of_unit(Make("unit", types::text()).titled("所在单位", "Unit of the place"))
      .of_unit(Make("responsible", types::text()).titled("责任单位", "Responsible unit"))
      .has(Make("source", types::text()).titled("来源", "Source"))
      .finds(Make("external", types::text()).titled("来源编号", "Number at the source"), "''")
      .has(Make("created", types::instant()).titled("受理时间", "Received"))
      .has(Make("due", types::instant()).titled("截止时间", "Due"))
      .has(Make("closed", types::instant()).titled("办结时间", "Closed"))
      .has(
          Make("lamp", types::integer()).titled("时限灯", "Lamp").means("0 green, 1 yellow, 2 red, 3 severe"))
      .has(Make("late", types::boolean()).titled("已超时", "Late"))
      .has(Make("rework", types::integer()).titled("返工次数", "Rework"));
  return made.made();
}

/// What most types call `description`, for lists of all of them: hidden from whom any type hides it, and not
/// there where one seals it.
void add_description(const Versions& versions, query::Collection& every) {
  fields::Field found = Make("description", types::long_text()).titled("情况描述", "Description");
  found.sensitivity = fields::Sensitivity::open;
  bool any = false;
  for (const CaseType* type : versions) {
    const fields::Field* own = type->field(found.name);
    if (own == nullptr || !query::is_words(*own)) continue;
    any = true;
    found.sensitivity = std::max(found.sensitivity, own->sensitivity);
  }
  if (any && found.sensitivity != fields::Sensitivity::personal)
    every.properties.push_back({.field = found, .sql = "fields", .in_json = true, .searchable = true});
}

}  // namespace

query::Collection collection_of(const Versions& versions) {
  const CaseType& newest = *versions.back();
  Make state = Make("state", types::choice()).titled("状态", "State");
  std::vector<std::string> known;
  add_states(versions, state, known);
  query::Collection made = every_case(newest.name, newest.title, state);
  made.right = board::resource_of("case", newest.name);
  // Names of types are those of declarations, of letters, digits and underscores.
  made.condition = "type='" + newest.name + "'";
  for (const fields::Field& field : newest.fields) {
    made.properties.push_back(
        {.field = field, .sql = "fields", .in_json = true, .searchable = query::is_words(field)});
  }
  return made;
}

query::Collection collection_of_all(const std::vector<Versions>& all_types) {
  Make state = Make("state", types::choice()).titled("状态", "State");
  std::vector<std::string> known;
  Make type = Make("type", types::choice()).titled("类型", "Type");
  std::vector<const CaseType*> all;
  for (const Versions& versions : all_types) {
    add_states(versions, state, known);
    const CaseType& newest = *versions.back();
    type.option(newest.name, newest.title.zh, newest.title.en);
    all.insert(all.end(), versions.begin(), versions.end());
  }
  query::Collection every = every_case("case", {"全部事项", "All cases"}, state);
  every.kind_sql = "type";
  const fields::Field said = type;
  every.properties.insert(every.properties.begin(), {.field = said, .sql = "type"});
  add_description(all, every);
  return every;
}

std::vector<query::Collection> CasesEngine::collections(Database& reader) const {
  std::shared_ptr<const Catalogue> catalogue;
  {
    const std::lock_guard lock(shown_mutex_);
    if (!shown_ || shown_->generation() != board::pack_generation(reader))
      shown_ = Catalogue::load(reader, loader_, shown_.get());
    catalogue = shown_;
  }
  std::vector<query::Collection> all;
  std::vector<Versions> all_types;
  for (const CaseType* newest : catalogue->all_newest()) {
    all_types.push_back(catalogue->versions(newest->name));
    all.push_back(collection_of(all_types.back()));
  }
  all.push_back(collection_of_all(all_types));
  return all;
}

}  // namespace qipan::cases
