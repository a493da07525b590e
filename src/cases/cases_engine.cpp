#include "cases/cases_engine.hpp"

#include "board/directory.hpp"
#include "board/pack_engine.hpp"
#include "cases/consequences.hpp"
#include "cases/steps.hpp"

namespace qipan::cases {

using board::Decision;

CasesEngine::CasesEngine(expr::ModelLoader loader) : loader_(std::move(loader)), commands_(declare()) {}

bool CasesEngine::folds(std::string_view kind) const {
  return board::engine_of(kind) == "case" || kind == "pack.installed";
}

namespace {

/// Version 1 told what was other than before, but for the fields, beside `now`, and not what was.
Json changes_under_now(Json body) {
  Json now = body["now"].is_object() ? body["now"] : Json(Json::object());
  Json rest = Json::object();
  for (auto& [name, value] : body.take_members()) {
    if (name == "now") continue;
    const bool moved = name == "class" || name == "x" || name == "y" || name == "grid" || name == "unit" ||
                       name == "responsible" || name == "assignee" || name == "rework" || name == "parent";
    (moved ? now : rest).set(name, std::move(value));
  }
  if (!now.members().empty()) rest.set("now", std::move(now));
  return rest;
}

}  // namespace

const std::vector<board::FactType>& case_facts() {
  // Who reported a case or is its party knows how it stands, and of its fields those that are declared for
  // them; why, and who it was at the office, is the office's.
  static const std::vector<board::FactType> all = {
      {.kind = "case.created",
       .party = {"type", "set", "state", "open", "class", "x", "y", "place", "source", "external", "created",
                 "due", "closed", "party"}},
      {.kind = "case.moved",
       .party = {"state", "open", "due", "closed", "party"},
       .upcasters = {changes_under_now}},
      {.kind = "case.amended"},
      {.kind = "case.class_defined"},
      {.kind = "case.commented"},
      {.kind = "case.erased", .audited = true},
      {.kind = "case.recompute_done"},
      {.kind = "case.recomputed"},
      {.kind = "case.revealed", .audited = true},
      {.kind = "case.signal_ended"},
      {.kind = "case.signal_unheard"},
      {.kind = "case.signalled"},
      {.kind = "case.supervised"}};
  return all;
}

void CasesEngine::reload(Database& database) {
  // Compiling packs costs milliseconds, so it waits for an installation; units and calendars are read each
  // time.
  if (!lookups_.catalogue || lookups_.catalogue->generation() != board::pack_generation(database)) {
    lookups_.catalogue = Catalogue::load(database, loader_, lookups_.catalogue.get());
  }
  lookups_.calendars.load(database);
  lookups_.grids.reset();
}

void CasesEngine::name_beside(Database& database, board::Beside& beside) const {
  auto statement = database.prepare("SELECT fields FROM case_cases");
  while (statement.step()) {
    const auto fields = parse_json(statement.text(0));
    if (!fields || !fields->is_object()) continue;
    for (const auto& [name, value] : fields->members()) {
      if (value.is_object() && value.has("vault")) beside.sealed.push_back(value);
    }
  }
  auto contents = database.prepare("SELECT DISTINCT hash FROM case_contents");
  while (contents.step()) beside.contents.emplace(contents.text(0));
}

const log::FieldShares* CasesEngine::shares_of(std::string_view subject_kind) const {
  return lookups_.catalogue ? lookups_.catalogue->shares_of(subject_kind) : nullptr;
}

namespace {

/// A field's name stands for one kind of value for ever: cases of older sets keep theirs, and lists and rules
/// read them together.
void check_field_names(const CaseType& type, const Catalogue& catalogue, pack::Problems& problems) {
  for (const CaseType* older : catalogue.versions(type.name)) {
    for (const Field& was : older->fields) {
      const auto now = std::find_if(type.fields.begin(), type.fields.end(),
                                    [&](const Field& field) { return field.name == was.name; });
      if (now == type.fields.end()) continue;
      if (now->type == was.type && now->digits == was.digits && now->unit == was.unit &&
          now->sensitivity == was.sensitivity)
        continue;
      problems.push_back({Problem::Kind::conflict, "pack-fault", "cases, " + type.name + ", field", was.name,
                          "the type, unit, digits and sensitivity that it had in version " +
                              std::to_string(older->pack_version) + " of the pack",
                          "give what is another thing another name"});
    }
  }
}

void declare_type(const CaseType& type, board::PackCheck& check) {
  check.declare("case_type", type.name);
  for (const State& state : type.states) check.declare("state " + type.name, state.name);
  for (const Field& field : type.fields) {
    if (field.personal() && field.type->name() == "email") check.declare("mail " + type.name, field.name);
    if (field.personal() || field.sensitivity == fields::Sensitivity::sensitive) continue;
    for (const std::string& kind : field.to) check.declare("reference " + type.name + " " + field.name, kind);
  }
}

/// Those in force, and in the place of some of them the pack's.
void declare_types(const Catalogue& catalogue, const std::vector<std::shared_ptr<const CaseType>>& types,
                   board::PackCheck& check) {
  std::vector<Versions> all;
  for (const CaseType* type : catalogue.all_newest()) {
    const bool anew =
        std::any_of(types.begin(), types.end(), [&](const auto& one) { return one->name == type->name; });
    if (anew) continue;
    declare_type(*type, check);
    all.push_back(catalogue.versions(type->name));
  }
  for (const auto& type : types) {
    declare_type(*type, check);
    check.declare_values(collection_of({type.get()}));
    all.push_back({type.get()});
  }
  // Pages of the pack may list them among all others.
  auto every = collection_of_all(all);
  check.collections.insert_or_assign(every.name, every);
}

}  // namespace

void CasesEngine::check_pack(board::PackCheck& check) {
  Json names = Json::array();
  const auto catalogue = Catalogue::load(check.database, loader_, lookups_.catalogue.get());
  const auto types = read_case_types(check.pack, loader_, check.problems);
  declare_types(*catalogue, types, check);
  for (const auto& type : types) {
    check_field_names(*type, *catalogue, check.problems);
    auto statement = check.database.prepare("SELECT pack FROM case_types WHERE name=?");
    statement.bind(type->name);
    if (statement.step() && statement.text(0) != check.pack.name) {
      check.problems.push_back({Problem::Kind::conflict, "pack-fault", "cases", type->name,
                                "a case type that no other pack has", "rename it"});
    }
    check.check_prefills(type->fields, "cases, " + type->name);
    check_consequences(*type, types, *catalogue, check);
    const auto check_roles = [&](const std::vector<std::string>& roles, const std::string& place) {
      for (const std::string& role : roles)
        if (role != anonymous_role && role != party_role) check.check_role(role, place);
    };
    check_roles(type->creators, "cases, " + type->name + " create");
    for (const Transition& transition : type->transitions)
      check_roles(transition.roles, "cases, " + type->name + " " + transition.name);
    Json step = Json::object();
    step.set("name", type->name).set("title_zh", type->title.zh).set("title_en", type->title.en);
    std::vector<std::string> referred;
    for (const Field& field : type->fields) fields::add_referred(field, referred);
    Json kinds = Json::array();
    for (const auto& kind : referred) kinds.push(kind);
    if (!referred.empty()) step.set("refers_to", std::move(kinds));
    names.push(std::move(step));
  }
  if (!names.items().empty()) check.steps.set("case_types", std::move(names));
}

void CasesEngine::react(const board::Fact& fact, Database& database, std::vector<board::Command>& reactions) {
  if (fact.kind == "case.moved") return follow_consequences(fact, reactions);
  const bool calendar = fact.kind == "unit.calendar_installed" ||
                        (fact.kind == "pack.installed" && fact.body["steps"].has("calendars"));
  if (!calendar || database.integer("SELECT EXISTS(SELECT 1 FROM case_limits WHERE provisional=1)") == 0)
    return;
  board::Command command;
  command.kind = "case.recompute";
  command.actor = "system:base/calendar";
  reactions.push_back(std::move(command));
}

std::vector<std::string> CasesEngine::declared_kinds(Database& database, const Json& steps) const {
  std::vector<std::string> kinds;
  auto statement = database.prepare("SELECT name FROM case_types ORDER BY name");
  while (statement.step()) kinds.emplace_back(statement.text(0));
  if (steps.has("case_types")) {
    for (const Json& type : steps["case_types"].items()) kinds.push_back(type["name"].text());
  }
  return kinds;
}

std::vector<std::string> CasesEngine::referred_kinds(const Json& steps) const {
  std::vector<std::string> kinds;
  if (!steps.has("case_types")) return kinds;
  for (const Json& type : steps["case_types"].items()) {
    if (!type.has("refers_to")) continue;
    for (const Json& kind : type["refers_to"].items()) kinds.push_back(kind.text());
  }
  return kinds;
}

void CasesEngine::named(const board::Command& command, Database& database,
                        std::vector<std::string>& subjects) const {
  // The parent of a duplicate too: what it may take rests on how it stands.
  for (const std::int64_t id : {case_named(command.body, database), command.body.integer_or("parent", 0)}) {
    if (id == 0) continue;
    auto statement = database.prepare("SELECT type FROM case_cases WHERE id=?");
    statement.bind(id);
    if (statement.step()) subjects.push_back(board::subject_of(statement.text(0), id));
  }
}

}  // namespace qipan::cases
