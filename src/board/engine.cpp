#include "board/engine.hpp"

#include "base/assert.hpp"
#include "board/referred.hpp"
#include "fields/type.hpp"

namespace qipan::board {

bool PackCheck::knows(std::string_view kind, std::string_view name) const {
  const auto known = names.find(kind);
  return known != names.end() && known->second.contains(name);
}

void PackCheck::check_role(const std::string& role, const std::string& place) {
  if (knows("role", role)) return;
  problems.push_back({Problem::Kind::invalid, "pack-fault", place, role,
                      "a role of this pack or of one that it needs",
                      "mend it, or name the other pack in needs"});
}

void PackCheck::declare_values(const query::Collection& collection) {
  collections.insert_or_assign(collection.name, collection);
  if (!collection.kind_sql.empty()) return;
  // Kinds without anything to be named are told too, so that what is missing is the value and not the kind.
  declare("value of " + collection.name, "id");
  declare("value of " + collection.name, "subject");
  for (const query::Property& property : collection.properties)
    if (is_told_through_references(property)) declare("value of " + collection.name, property.field.name);
}

void PackCheck::check_followed(const std::vector<fields::Followed>& followed,
                               const std::vector<fields::Field>& declared, const std::string& place) {
  for (const fields::Followed& one : followed) {
    const fields::Field* reference = fields::find(declared, one.reference);
    if (reference == nullptr) continue;
    for (const std::string& kind : reference->to) {
      if (knows("value of " + kind, one.member)) continue;
      problems.push_back({Problem::Kind::invalid, "pack-fault", place, one.reference + "." + one.member,
                          "what " + kind + " has, neither personal nor sensitive",
                          "mend the name, or name the pack of " + kind + " in needs"});
    }
  }
}

void PackCheck::check_prefills(const std::vector<fields::Field>& declared, const std::string& place) {
  for (const fields::Field& field : declared) {
    if (field.prefill.empty()) continue;
    const auto point = field.prefill.find('.');
    const fields::Field* reference = fields::find(declared, field.prefill.substr(0, point));
    if (reference == nullptr || point == std::string::npos) continue;  // told by the reader
    const std::string wanted = field.prefill.substr(point + 1);
    for (const std::string& kind : reference->to) {
      const std::string of = std::string(field.type->name()) + " of " + kind + " for ";
      const auto as_wide = [&](fields::Sensitivity one) {
        return one <= field.sensitivity && knows(of + std::string(fields::name_of(one)), wanted);
      };
      using enum fields::Sensitivity;
      if (as_wide(open) || as_wide(party) || as_wide(internal) || as_wide(sensitive)) continue;
      problems.push_back({Problem::Kind::invalid, "pack-fault", place + " " + field.name, field.prefill,
                          "a field of " + kind + " of the type " + std::string(field.type->name()) +
                              ", not personal, that all who read this one may read",
                          "mend it, or give the field another type or sensitivity"});
    }
  }
}

std::int64_t Fact::subject_id() const {
  return Subject::of(subject).id();
}

std::int64_t View::kind_number(std::string_view kind, std::string_view engine) {
  const auto known = kinds_.find(kind);
  if (known != kinds_.end()) return known->second;
  return kinds_.emplace(kind, board::kind_number(database_, kind, engine)).first->second;
}

void View::note_subject(std::string_view subject, std::string_view engine, Position position) {
  const Subject read = Subject::of(subject);
  const std::int64_t kind = kind_number(read.kind, engine);
  if (read.name != "0") board::note_subject(database_, kind, read.name, position);
}

void View::gone(const Json& reference) {
  if (!log::is_sealed(reference)) return;
  gone_.push_back(reference["vault"].text());
  database_.prepare("INSERT OR IGNORE INTO board_gone(vault) VALUES(?)").bind(gone_.back()).run();
}

void View::set_timer(std::string_view subject, Instant due) {
  const Subject read = Subject::of(subject);
  const std::int64_t kind = kind_number(read.kind, {});
  QIPAN_ASSERT(kind != 0);  // what no fact was about yet has no timer
  board::set_timer(database_, kind, read.id(), due);
}

void View::set_party(std::string_view subject, const Json& party, Position position) {
  const Subject read = Subject::of(subject);
  board::set_party(database_, kind_number(read.kind, {}), read.id(), party.is_text() ? party.text() : "",
                   position);
}

void View::clear_timer(std::string_view subject) {
  const Subject read = Subject::of(subject);
  board::clear_timer(database_, kind_number(read.kind, {}), read.id());
}

bool Engine::folds(std::string_view kind) const {
  return engine_of(kind) == name();
}
void Engine::check_pack(PackCheck&) {}
void Engine::react(const Fact&, Database&, std::vector<Command>&) {}
void Engine::name_beside(Database&, Beside&) const {}

std::vector<query::Collection> Engine::collections(Database&) const {
  return {};
}
std::vector<std::string> Engine::own_kinds() const {
  return {std::string(name())};
}
std::vector<std::string> Engine::declared_kinds(Database&, const Json&) const {
  return {};
}
std::vector<std::string> Engine::referred_kinds(const Json&) const {
  return {};
}
void Engine::named(const Command&, Database&, std::vector<std::string>&) const {}
const log::FieldShares* Engine::shares_of(std::string_view) const {
  return nullptr;
}
void Engine::reload(Database&) {}

log::FieldShares shares_of_fields(const std::vector<fields::Field>& fields) {
  log::FieldShares shares;
  for (const fields::Field& field : fields) {
    if (field.sensitivity == fields::Sensitivity::open) shares.everybody.insert(field.name);
    if (field.sensitivity == fields::Sensitivity::party) shares.party.insert(field.name);
    if (field.sensitivity == fields::Sensitivity::sensitive) shares.sensitive.insert(field.name);
  }
  return shares;
}

std::string_view engine_of(std::string_view kind) {
  return kind.substr(0, kind.find('.'));
}

const CommandType* find_command(const std::vector<std::unique_ptr<Engine>>& engines, std::string_view kind) {
  const std::string_view owner = engine_of(kind);
  for (const auto& engine : engines) {
    if (engine->name() != owner) continue;
    for (const CommandType& type : engine->commands())
      if (type.kind == kind) return &type;
  }
  return nullptr;
}

}  // namespace qipan::board
