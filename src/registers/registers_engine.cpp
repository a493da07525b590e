#include "registers/registers_engine.hpp"

#include <algorithm>

#include "fields/column.hpp"
#include "fields/conditions.hpp"
#include "registers/steps.hpp"

namespace qipan::registers {

using board::Decision;

const std::vector<board::FactType>& RegistersEngine::facts() const {
  static const std::vector<board::FactType> all = {{.kind = "register.added"},
                                                   {.kind = "register.changed"},
                                                   {.kind = "register.corrected"},
                                                   {.kind = "register.planned"},
                                                   {.kind = "register.took_effect"},
                                                   {.kind = "register.plan_withdrawn"},
                                                   {.kind = "register.erased", .audited = true},
                                                   {.kind = "register.retired"},
                                                   {.kind = "register.revealed", .audited = true}};
  return all;
}

bool RegistersEngine::folds(std::string_view kind) const {
  return board::engine_of(kind) == "register" || kind == "pack.installed";
}

void RegistersEngine::named(const board::Command& command, Database&,
                            std::vector<std::string>& subjects) const {
  const std::int64_t id = command.body.integer_or("id", 0);
  if (registers_.contains(command.body.text_or("register", "")) && id > 0)
    subjects.push_back(board::subject_of(command.body["register"].text(), id));
}

void RegistersEngine::name_beside(Database& database, board::Beside& beside) const {
  for (const auto& [name, declared] : load_registers(database)) {
    for (const Field& field : declared.fields) {
      if (!field.personal()) continue;
      const std::string column = quoted_name(field.name);
      auto statement = database.prepare("SELECT " + column + " FROM " + quoted_name(declared.table()) +
                                        " WHERE " + column + " IS NOT NULL");
      while (statement.step()) beside.sealed.push_back(fields::column_value(field, statement, 0));
    }
  }
  auto contents = database.prepare("SELECT DISTINCT hash FROM register_contents");
  while (contents.step()) beside.contents.emplace(contents.text(0));
}

void RegistersEngine::reload(Database& database) {
  registers_ = load_registers(database);
  shares_.clear();
  for (auto& [name, declared] : registers_) {
    // What a newer program wrote and this one cannot read is told where it is asked.
    std::ignore = fields::compile_conditions(declared.fields);
    if (log::FieldShares shares = board::shares_of_fields(declared.fields); !shares.empty())
      shares_.emplace(name, std::move(shares));
  }
}

const log::FieldShares* RegistersEngine::shares_of(std::string_view subject_kind) const {
  const auto found = shares_.find(subject_kind);
  return found == shares_.end() ? nullptr : &found->second;
}
Result<const Register*> RegistersEngine::register_of(const Decision& decision) const {
  const std::string name = decision.body().text_or("register", "");
  const auto found = registers_.find(name);
  if (found == registers_.end()) {
    return refuse({Problem::Kind::not_found, "register-unknown", "register", shortened(name),
                   "a register of an installed pack", "see GET /api/v1/registers"});
  }
  return &found->second;
}

namespace {

using board::CommandType;
using fields::Make;
namespace types = fields::types;

/// What adding and changing an entry share, behind what names it.
std::vector<Field> entry_body(std::vector<Field> body) {
  body.push_back(Make("values", types::object()).means("as the register's fields ask"));
  body.push_back(Make("x", types::integer()).means("longitude in 1e-7 degrees"));
  body.push_back(Make("y", types::integer()).means("latitude in 1e-7 degrees"));
  body.push_back(Make("geometry", types::list()).means("rings of 1e-7 degrees, each [x, y, x, y, ...]"));
  return body;
}

Field register_name() {
  return Make("register", types::text()).required().means("a register of an installed pack");
}
Field entry_id() {
  return Make("id", types::integer()).required().means("the entry's number");
}
std::vector<Field> of_personal() {
  return {register_name(), entry_id(), Make("field", types::text()).required(),
          Make("purpose", types::text()).between(2, 200).required().means("why it is needed")};
}
Field reason() {
  return Make("reason", types::long_text()).most(1'000);
}

}  // namespace

std::vector<CommandType> RegistersEngine::declare() {
  using Run = Result<void> (*)(Decision&, const Register&);
  const auto of_register = [this](Run run) {
    return [this, run](Decision& decision) -> Result<void> {
      QIPAN_TRY(declared, register_of(decision));
      return run(decision, *declared);
    };
  };
  const board::Right write = {"write", "register"};
  std::vector<Field> added = entry_body({register_name()});
  added.push_back(Make("unit", types::text()).means("code of the unit that it belongs to"));
  std::vector<Field> changed = entry_body({register_name(), entry_id()});
  changed.push_back(
      Make("from", types::date())
          .means("from which day on it holds, where that is not today: a day to come waits, one "
                 "gone by corrects what is known of the past and asks for the reason"));
  changed.push_back(reason());
  return {{.kind = "register.add",
           .summary = "add an entry",
           .right = write,
           .body = std::move(added),
           .answer = {entry_id()},
           .run = of_register(add_entry)},
          {.kind = "register.change",
           .summary = "change an entry: only what is named, and null takes a value away",
           .right = write,
           .body = std::move(changed),
           .answer = {Make("plan", types::integer()).means("of a change to come: what withdraws it")},
           .changes = true,
           .run = of_register(change_entry)},
          {.kind = "register.retire",
           .summary = "retire an entry",
           .right = write,
           .body = {register_name(), entry_id(), Make(reason()).between(1, 1'000).required()},
           .run = of_register(retire_entry)},
          {.kind = "register.withdraw",
           .summary = "withdraw a change of an entry that is to come",
           .right = write,
           .body = {register_name(), entry_id(),
                    Make("plan", types::integer()).required().means("as the change answered it"),
                    Make(reason()).between(1, 1'000).required()},
           .run = of_register(withdraw_plan)},
          {.kind = "register.tick",
           .summary = "the day has come of a change of an entry",
           .sender = board::Sender::house,
           .body = {entry_id(), Make("subject", types::text()).required()},
           .run = [this](Decision& decision) -> Result<void> {
             const auto found = registers_.find(board::Subject::of(decision.body()["subject"].text()).kind);
             if (found == registers_.end())
               return invalid("nothing-due", "subject", decision.body()["subject"].text(), "an entry");
             return take_effect(decision, found->second);
           }},
          {.kind = "register.reveal",
           .summary = "see a personal value; recorded",
           .right = {{"reveal", "register"}},
           .body = of_personal(),
           .run = of_register(reveal_value)},
          {.kind = "register.erase",
           .summary = "erase a personal value for good; recorded",
           .right = {{"erase", "register"}},
           .body = of_personal(),
           .run = of_register(erase_value)}};
}

namespace {

/// Whether what stands there means the same by the newer declaration.
bool keeps(const Field& now, const Field& before) {
  return now.type == before.type && now.digits == before.digits && now.unit == before.unit &&
         now.sensitivity == before.sensitivity && now.party == before.party &&
         std::all_of(before.options.begin(), before.options.end(), [&](const fields::Option& old) {
           return std::any_of(now.options.begin(), now.options.end(),
                              [&](const fields::Option& one) { return one.value == old.value; });
         });
}

/// What may stand once from now on stands once already.
bool is_held_once(Database& database, const Register& declared, const Field& field) {
  const std::string column = quoted_name(field.name);
  auto statement =
      database.prepare("SELECT 1 FROM " + quoted_name(declared.table()) + " WHERE retired=0 AND " + column +
                       " IS NOT NULL GROUP BY " + column + " HAVING count(*)>1 LIMIT 1");
  return !statement.step();
}

/// What forms may take over from entries: of registers in force, and in the place of some of them the pack's.
void declare_fields(const Registers& known, const std::vector<Register>& of_pack, board::PackCheck& check) {
  Registers all = known;
  for (const Register& declared : of_pack) {
    all.insert_or_assign(declared.name, declared);
    check.declare_values(collection_of(declared));
  }
  for (const auto& [name, declared] : all) {
    check.declare("register", name);
    for (const Field& field : declared.fields) {
      if (!field.personal() && field.is_said()) check.declare("field of " + name, field.name);
      check.declare(std::string(field.type->name()) + " of " + name + " for " +
                        std::string(fields::name_of(field.sensitivity)),
                    field.name);
    }
  }
}

}  // namespace

void RegistersEngine::check_pack(board::PackCheck& check) {
  auto& [pack, database, problems, steps, names, collections] = check;
  const auto known = load_registers(database);
  const auto of_pack = read_registers(pack, problems);
  declare_fields(known, of_pack, check);
  Json list = Json::array();
  for (const Register& declared : of_pack) {
    check.check_followed(fields::followed_by_conditions(declared.fields), declared.fields,
                         "registers/" + declared.name);
    if (const auto before = known.find(declared.name); before != known.end()) {
      // Entries that are there would not know whose they are.
      if (declared.party_title != before->second.party_title)
        problems.push_back({Problem::Kind::conflict, "pack-fault", "registers/" + declared.name,
                            "party_title", "what the register said from its first version on",
                            "make another register of it"});
      for (const Field& field : before->second.fields) {
        const Field* now = declared.field(field.name);
        if (now == nullptr || !keeps(*now, field)) {
          problems.push_back({Problem::Kind::conflict, "pack-fault", "registers/" + declared.name, field.name,
                              "every field that the register has, with its type, digits, unit, sensitivity, "
                              "party and options",
                              "nothing is dropped or retyped: add a new field"});
        } else if (now->unique && !field.unique && !is_held_once(database, before->second, field)) {
          problems.push_back({Problem::Kind::conflict, "pack-fault", "registers/" + declared.name, field.name,
                              "a field whose values stand once each already, to be unique",
                              "mend the entries first"});
        }
      }
    }
    list.push(to_json(declared));
  }
  if (!list.items().empty()) steps.set("registers", std::move(list));
}

std::vector<std::string> RegistersEngine::referred_kinds(const Json& steps) const {
  std::vector<std::string> kinds;
  if (!steps.has("registers")) return kinds;
  for (const Json& step : steps["registers"].items()) {
    for (const Field& field : from_json(step).fields) fields::add_referred(field, kinds);
  }
  return kinds;
}

std::vector<std::string> RegistersEngine::declared_kinds(Database& database, const Json& steps) const {
  std::vector<std::string> kinds;
  auto statement = database.prepare("SELECT name FROM register_registers ORDER BY name");
  while (statement.step()) kinds.emplace_back(statement.text(0));
  if (steps.has("registers")) {
    for (const Json& step : steps["registers"].items()) kinds.push_back(step["name"].text());
  }
  return kinds;
}
}  // namespace qipan::registers
