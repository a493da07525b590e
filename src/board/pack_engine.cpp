#include "board/pack_engine.hpp"
#include "pack/synonyms.hpp"

#include "board/board.hpp"
#include "board/collections.hpp"
#include "board/directory.hpp"
#include "board/pack_drafts.hpp"
#include "board/pages.hpp"

namespace qipan::board {

namespace {

Result<pack::Pack> pack_of(const Json& body, pack::Problems& problems) {
  std::map<std::string, Bytes> files;
  for (const auto& [path, content] : body["files"].members()) {
    if (!content.is_text()) return invalid("pack-files", "files/" + path, "", "a text");
    files.emplace(path, content.text());
  }
  return pack::from_files(std::move(files), body.text_or("name", "pack"), problems);
}

}  // namespace

void PackEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE pack_packs(name TEXT NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, title_zh "
      "TEXT NOT NULL, "
      "title_en TEXT NOT NULL, carries TEXT NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, "
      "actor TEXT NOT NULL, draft INTEGER NOT NULL, comment TEXT NOT NULL, current INTEGER NOT NULL, "
      // 0 while it is only staged.
      "installed_in INTEGER NOT NULL, PRIMARY KEY(name, version)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE pack_sets(number INTEGER PRIMARY KEY, packs TEXT NOT NULL, position INTEGER NOT NULL, at "
      "INTEGER NOT NULL, actor TEXT NOT NULL) STRICT;"
      "CREATE TABLE pack_files(name TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, content "
      "TEXT NOT NULL, "
      "PRIMARY KEY(name, version, path)) STRICT, WITHOUT ROWID");
  create_draft_tables(database);
}

namespace {

/// Subjects are called "kind:id" everywhere: a register cannot be called like a case type, nor either like
/// what an engine has.
void check_kinds(const std::vector<std::unique_ptr<Engine>>& engines, Database& database, const Json& steps,
                 pack::Problems& problems) {
  std::map<std::string, std::string_view> owners = {{"board", "board"}};
  for (const auto& engine : engines) {
    for (std::string& kind : engine->own_kinds()) owners.emplace(std::move(kind), engine->name());
  }
  std::map<std::string, std::string_view> declared;
  for (const auto& engine : engines) {
    for (const std::string& kind : engine->declared_kinds(database, steps)) {
      const auto own = owners.find(kind);
      const auto other = declared.emplace(kind, engine->name()).first;
      if (own == owners.end() && other->second == engine->name()) continue;
      problems.push_back({Problem::Kind::conflict, "pack-fault", "registers, cases", kind,
                          "a name that no register, case type or engine has (" +
                              std::string(own == owners.end() ? other->second : own->second) + " and " +
                              std::string(engine->name()) + " would share it)",
                          "rename the register or the case type"});
    }
  }
  for (const auto& engine : engines) {
    for (const std::string& kind : engine->referred_kinds(steps)) {
      if (owners.contains(kind) || declared.contains(kind)) continue;
      problems.push_back({Problem::Kind::invalid, "pack-fault", "to", kind,
                          "a register, a case type or a kind of an engine, of this pack or an installed one",
                          "mend its name, or declare it first"});
    }
  }
}

}  // namespace

Json check_pack(const pack::Pack& pack, const std::vector<std::unique_ptr<Engine>>& engines,
                Database& database, pack::Problems& problems) {
  Json steps = Json::object();
  PackCheck check{pack, database, problems, steps};
  for (const query::Collection& collection : collections_of(engines, database))
    check.declare_values(collection);
  for (const bool asks : {false, true}) {
    for (const auto& engine : engines)
      if (engine->asks_names() == asks) engine->check_pack(check);
  }
  check_kinds(engines, database, steps, problems);
  std::ignore = pack::read_synonyms(pack, problems);
  check_pages(check);
  return steps;
}

namespace {

/// Keeps a pack's declarations for a set to come; nothing means anything else by it. Until a set has it, the
/// same version may be staged again.
Result<void> stage(Decision& decision, const pack::Pack& pack) {
  const PackSet now = set_in_force(decision.database());
  if (const auto version = now.version_of(pack.name); version >= pack.version) {
    return refuse({Problem::Kind::conflict, "pack-version", "version", std::to_string(pack.version),
                   "a version over " + std::to_string(version), "raise the version in pack.toml"});
  }
  const std::string subject = "pack:" + pack.name;
  Json fact = Json::object();
  fact.set("name", pack.name).set("version", pack.version).set("hash", to_hex(view_of(pack.hash())));
  fact.set("title_zh", pack.title.zh).set("title_en", pack.title.en);
  Json carries = Json::array();
  for (const auto& line : pack.carries) carries.push(line);
  decision.record("pack.staged", subject, fact.set("carries", std::move(carries)));
  for (const auto& [path, content] : pack.files) {
    Json file = Json::object();
    file.set("version", pack.version).set("path", path).set("content", content);
    decision.record("pack.file", subject, std::move(file));
  }
  return {};
}

Result<void> stage_files(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "pack", {}));
  pack::Problems problems;
  QIPAN_TRY(pack, pack_of(decision.body(), problems));
  if (!problems.empty()) return refuse(problems.front());
  QIPAN_CHECK(stage(decision, pack));
  decision.answer(Json::object()
                      .set("pack", pack.name)
                      .set("version", pack.version)
                      .set("hash", to_hex(view_of(pack.hash()))));
  return {};
}

/// One pack of a set: every engine has had its say of it, and of those before it in the set.
Result<void> install_one(Decision& decision, const pack::Pack& pack, const Json& origin) {
  pack::Problems problems;
  Json steps = board::check_pack(pack, decision.engines(), decision.database(), problems);
  if (!problems.empty()) return refuse(problems.front());
  Json fact = Json::object();
  fact.set("name", pack.name).set("version", pack.version).set("steps", std::move(steps));
  for (const auto& [key, value] : origin.members()) fact.set(key, value);
  decision.record("pack.installed", "pack:" + pack.name, std::move(fact));
  return {};
}

/// Puts staged packs in force together, as the next set. Refused where another set is in force than the
/// sender checked them against, and where the next one would miss what a pack needs. `origin` is what the
/// facts keep besides: the draft, and why.
Result<void> install_set(Decision& decision, std::vector<pack::Pack> packs, const Json& origin) {
  PackSet set = set_in_force(decision.database());
  if (const auto seen = decision.body().integer_or("checked_against", 0); seen != set.number) {
    return refuse({Problem::Kind::conflict, "pack-set-changed", "checked_against", std::to_string(seen),
                   "set " + std::to_string(set.number), "check the packs again and install them then"});
  }
  for (const pack::Pack& pack : packs) {
    std::int64_t& version = set.packs[pack.name];
    if (version >= pack.version)
      return refuse({Problem::Kind::conflict, "pack-version", "version", std::to_string(pack.version),
                     "a version over " + std::to_string(version), "raise the version in pack.toml"});
    version = pack.version;
  }
  for (const pack::Pack& pack : packs) {
    for (const auto& need : pack.needs)
      if (set.version_of(need) == 0)
        return invalid("pack-needs", "needs of " + pack.name, need, "a pack of this set",
                       "stage it and install both together");
  }
  QIPAN_TRY(ordered, pack::in_order_of_needs(std::move(packs)));
  for (const pack::Pack& pack : ordered) QIPAN_CHECK(install_one(decision, pack, origin));
  Json versions = Json::object();
  for (const auto& [name, version] : set.packs) versions.set(name, version);
  Json fact = Json::object();
  fact.set("number", set.number + 1).set("packs", std::move(versions));
  decision.record("pack.set_installed", subject_of("pack_set", set.number + 1), std::move(fact));
  return {};
}

Result<void> install_staged(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "pack", {}));
  const Json& asked = decision.body()["packs"];
  if (asked.members().empty())
    return invalid("packs-none", "packs", "{}", "names and hashes of staged packs", "stage them first");
  std::vector<pack::Pack> packs;
  for (const auto& [name, hash] : asked.members()) {
    // By its content: what was checked is what comes in force, whoever staged the same version since.
    auto statement = decision.database().prepare("SELECT version FROM pack_packs WHERE name=? AND hash=?");
    statement.bind(name).bind(hash.is_text() ? hash.text() : "");
    const bool staged = statement.step();
    auto pack =
        staged ? load_pack(decision.database(), name, statement.integer(0)) : Result<pack::Pack>(refuse({}));
    if (!pack)
      return refuse({Problem::Kind::not_found, "pack-unstaged", "packs/" + name, shortened(hash.dump()),
                     "the hash of a pack as it was staged", "stage it first"});
    packs.push_back(std::move(*pack));
  }
  QIPAN_CHECK(install_set(decision, std::move(packs), Json::object()));
  decision.answer(Json::object().set("set", set_in_force(decision.database()).number));
  return {};
}

/// The files of a pack that its facts tell one by one.
Json staged_files(const std::vector<Json>& facts) {
  Json files = Json::object();
  for (const Json& fact : facts) {
    if (fact["path"].is_text()) files.set(fact["path"].text(), fact["content"]);
  }
  return Json::object().set("files", std::move(files));
}

Result<void> publish_draft(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "publish", "rules", {}));
  QIPAN_TRY(draft, open_draft(decision));
  QIPAN_TRY(comment, said(decision.body(), "comment"));
  // Four eyes: what one person wrote, another puts in force.
  const PersonId writer = decision.directory().person_of(draft.saved_by);
  if (writer.value != 0 && writer == decision.directory().person_of(decision.actor()))
    return refuse({Problem::Kind::forbidden, "draft-own", "draft", std::to_string(draft.id),
                   "somebody else than who saved it last", "ask another who may publish"});
  const auto changes = draft_files(decision.database(), draft.id);
  if (changes.empty())
    return refuse({Problem::Kind::conflict, "draft-empty", "draft", std::to_string(draft.id),
                   "a draft that changes something", "change a file and save"});
  const std::int64_t now = set_in_force(decision.database()).version_of(draft.pack);
  if (draft.base != now)
    return refuse({Problem::Kind::conflict, "draft-base", "base", std::to_string(draft.base),
                   "version " + std::to_string(now) + ", which is in force",
                   "look at the difference to it and save again"});
  QIPAN_TRY(pack, load_pack(decision.database(), draft.pack, now));
  auto files = laid_over(std::move(pack.files), changes);
  files["pack.toml"] = pack::with_version(files["pack.toml"], now + 1);
  pack::Problems problems;
  QIPAN_TRY(changed, pack::from_files(std::move(files), draft.pack, problems));
  if (!problems.empty()) return refuse(problems.front());
  auto staged =
      decision.database().prepare("SELECT 1 FROM pack_packs WHERE name=? AND version=? AND hash<>?");
  staged.bind(changed.name).bind(changed.version).bind(to_hex(view_of(changed.hash())));
  if (staged.step())
    return refuse({Problem::Kind::conflict, "pack-staged", "version", std::to_string(changed.version),
                   "a version that nobody staged", "wait until the operator has put it in force"});
  QIPAN_CHECK(stage(decision, changed));
  const std::int64_t version = changed.version;
  QIPAN_CHECK(install_set(decision, {std::move(changed)},
                          Json::object().set("draft", draft.id).set("comment", comment)));
  decision.answer(Json::object().set("pack", draft.pack).set("version", version));
  return {};
}

}  // namespace

const std::vector<FactType>& PackEngine::facts() const {
  static const std::vector<FactType> all = {{.kind = "pack.staged", .audited = true},
                                            {.kind = "pack.file"},
                                            {.kind = "pack.installed", .configures = true},
                                            {.kind = "pack.set_installed", .configures = true},
                                            {.kind = "pack.draft_saved"},
                                            {.kind = "pack.draft_dropped"}};
  return all;
}

const std::vector<CommandType>& PackEngine::commands() const {
  using fields::Make;
  namespace types = fields::types;
  const Right draft_rules = {"draft", "rules"};
  const auto number = [](const char* name) { return Make(name, types::integer()); };
  const fields::Field seen = number("revision").means("the draft as the sender saw it last");
  const fields::Field comment = Make("comment", types::long_text()).required().means("why");
  const fields::Field checked_against =
      number("checked_against").required().means("the set of packs in force when it was checked");
  static const std::vector<CommandType> all = {
      {.kind = "pack.stage",
       .summary = "keep a pack's declarations for a set to come",
       .sender = Sender::house,
       .right = {{"install", "pack"}},
       .body = {Make("name", types::text()),
                Make("files", types::object()).required().means("path and text")},
       .answer = {Make("pack", types::text()).required(), number("version").required(),
                  Make("hash", types::text()).required()},
       .run = stage_files,
       .told_otherwise = staged_files},
      {.kind = "pack.install",
       .summary = "put staged packs in force together, as the next set",
       .sender = Sender::house,
       .right = {{"install", "pack"}},
       .body = {Make("packs", types::object()).required().means("name of each and hash of its declarations"),
                checked_against},
       .answer = {number("set").required()},
       .alone = true,
       .run = install_staged},
      {.kind = "pack.save_draft",
       .summary = "keep changes to the rules of a pack: a new draft, or the next revision of one",
       .right = draft_rules,
       .body = {number("draft"), Make("pack", types::text()), seen,
                number("base").required().means("the version of the pack that it changes"),
                Make("title", types::text()).required().most(60),
                Make("files", types::object()).required().means("path and text; null takes a file away")},
       .answer = {number("draft").required(), number("revision").required()},
       .run = save_draft},
      {.kind = "pack.drop_draft",
       .summary = "give a draft up",
       .right = draft_rules,
       .body = {number("draft").required(), seen, comment},
       .run = drop_draft},
      {.kind = "pack.publish_draft",
       .summary = "put a draft in force as the pack's next version",
       .right = {{"publish", "rules"}},
       .body = {number("draft").required(), seen, comment, checked_against},
       .answer = {Make("pack", types::text()).required(), number("version").required()},
       .supplied = {"checked_against"},
       .alone = true,
       .run = publish_draft}};
  return all;
}

namespace {

void fold_staged(const Fact& fact, Database& database) {
  const std::string& name = fact.body["name"].text();
  database.prepare("DELETE FROM pack_files WHERE name=? AND version=?")
      .bind(name)
      .bind(fact.body["version"].integer())
      .run();
  database
      .prepare(
          "INSERT OR REPLACE INTO pack_packs(name, version, hash, title_zh, title_en, carries, position, at, "
          "actor, draft, comment, current, installed_in) VALUES(?,?,?,?,?,?,?,?,?,0,'',0,0)")
      .bind(name)
      .bind(fact.body["version"].integer())
      .bind(fact.body["hash"].text())
      .bind(fact.body["title_zh"].text())
      .bind(fact.body["title_en"].text())
      .bind(fact.body["carries"].dump())
      .bind(fact.position)
      .bind(fact.at)
      .bind(fact.actor)
      .run();
}

void fold_installed(const Fact& fact, Database& database) {
  const std::string& name = fact.body["name"].text();
  database.prepare("UPDATE pack_packs SET current=0 WHERE name=?").bind(name).run();
  database
      .prepare(
          "UPDATE pack_packs SET current=1, position=?, at=?, actor=?, draft=?, comment=?, "
          "installed_in=(SELECT "
          "coalesce(max(number),0)+1 FROM pack_sets) WHERE name=? AND version=?")
      .bind(fact.position)
      .bind(fact.at)
      .bind(fact.actor)
      .bind(fact.body.integer_or("draft", 0))
      .bind(fact.body.text_or("comment", ""))
      .bind(name)
      .bind(fact.body["version"].integer())
      .run();
  if (fact.body.has("draft")) fold_draft(fact, database);
}

}  // namespace

void PackEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
  if (fact.kind.starts_with("pack.draft_")) return fold_draft(fact, database);
  if (fact.kind == "pack.staged") return fold_staged(fact, database);
  if (fact.kind == "pack.installed") return fold_installed(fact, database);
  if (fact.kind == "pack.set_installed") {
    database.prepare("INSERT INTO pack_sets(number, packs, position, at, actor) VALUES(?,?,?,?,?)")
        .bind(fact.body["number"].integer())
        .bind(fact.body["packs"].dump())
        .bind(fact.position)
        .bind(fact.at)
        .bind(fact.actor)
        .run();
    return;
  }
  const std::string name(fact.subject.substr(fact.subject.find(':') + 1));
  database.prepare("INSERT INTO pack_files(name, version, path, content) VALUES(?,?,?,?)")
      .bind(name)
      .bind(fact.body["version"].integer())
      .bind(fact.body["path"].text())
      .bind(fact.body["content"].text())
      .run();
}

std::vector<Command> install_commands(std::span<const pack::Pack> packs, Database& database) {
  std::vector<Command> commands;
  Json hashes = Json::object();
  for (const pack::Pack& pack : packs) {
    Command& stage = commands.emplace_back();
    stage.kind = "pack.stage";
    stage.actor = "operator";
    Json files = Json::object();
    for (const auto& [path, content] : pack.files) {
      if (pack::is_declaration(path)) files.set(path, content);
    }
    stage.body.set("name", pack.name).set("files", std::move(files));
    hashes.set(pack.name, to_hex(view_of(pack.hash())));
  }
  Command& install = commands.emplace_back();
  install.kind = "pack.install";
  install.actor = "operator";
  install.body.set("packs", std::move(hashes)).set("checked_against", set_in_force(database).number);
  return commands;
}

Outcome install_packs(Board& board, std::span<const pack::Pack> packs) {
  Outcome last = refuse({});
  for (Command& command : install_commands(packs, board.database())) {
    last = board.decide(std::move(command));
    if (!last) return last;
  }
  return last;
}

Command publish_command(std::int64_t draft, std::int64_t revision, const std::string& comment,
                        Database& database) {
  Command command;
  command.kind = "pack.publish_draft";
  command.body.set("draft", draft).set("revision", revision).set("comment", comment);
  command.body.set("checked_against", set_in_force(database).number);
  return command;
}

std::int64_t PackSet::version_of(std::string_view name) const {
  const auto found = packs.find(name);
  return found == packs.end() ? 0 : found->second;
}

PackSet set_in_force(Database& database) {
  PackSet set;
  auto statement = database.prepare("SELECT number, packs FROM pack_sets ORDER BY number DESC LIMIT 1");
  if (!statement.step()) return set;
  set.number = statement.integer(0);
  const auto packs = parse_json(statement.text(1));
  if (!packs) return set;
  for (const auto& [name, version] : packs->members()) set.packs.emplace(name, version.integer());
  return set;
}

std::vector<InstalledPack> installed_packs(Database& database) {
  std::vector<InstalledPack> packs;
  auto statement = database.prepare(
      "SELECT name, version, title_zh, title_en, hash, at FROM pack_packs WHERE current=1 ORDER BY name");
  while (statement.step()) {
    packs.push_back({std::string(statement.text(0)),
                     statement.integer(1),
                     {std::string(statement.text(2)), std::string(statement.text(3))},
                     std::string(statement.text(4)),
                     statement.integer(5)});
  }
  return packs;
}

Result<pack::Pack> load_pack(Database& database, const std::string& name, std::int64_t version) {
  std::map<std::string, Bytes> files;
  auto statement = database.prepare("SELECT path, content FROM pack_files WHERE name=? AND version=?");
  statement.bind(name).bind(version);
  while (statement.step()) files.emplace(statement.text(0), statement.text(1));
  pack::Problems problems;
  return pack::from_files(std::move(files), name, problems);
}

std::vector<PackVersion> pack_versions(Database& database, const std::string& name) {
  std::vector<PackVersion> versions;
  auto statement = database.prepare(
      "SELECT version, at, actor, draft, comment FROM pack_packs WHERE name=? AND installed_in>0 ORDER BY "
      "version DESC");
  statement.bind(name);
  while (statement.step())
    versions.push_back({statement.integer(0), statement.integer(1), std::string(statement.text(2)),
                        statement.integer(3), std::string(statement.text(4))});
  return versions;
}

std::int64_t configuration_generation(Database& database) {
  return database.integer("SELECT value FROM board_generation");
}

std::int64_t pack_generation(Database& database) {
  return database.integer("SELECT max(position) FROM pack_sets", -1);
}

std::vector<std::vector<std::string>> synonyms_in_force(Database& database) {
  std::vector<std::vector<std::string>> all;
  for (const auto& [name, version] : set_in_force(database).packs) {
    auto statement = database.prepare("SELECT content FROM pack_files WHERE name=? AND version=? AND path=?");
    statement.bind(name).bind(version).bind(pack::synonyms_path);
    if (!statement.step()) continue;
    pack::Pack pack;
    pack.name = name;
    pack.files.emplace(pack::synonyms_path, statement.text(0));
    // What older packs said that this program does not take means nothing.
    pack::Problems ignored;
    for (auto& group : pack::read_synonyms(pack, ignored)) all.push_back(std::move(group));
  }
  return all;
}

}  // namespace qipan::board
