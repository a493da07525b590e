#include "board/pack_engine.hpp"

#include "board/directory.hpp"
#include "board/pack_drafts.hpp"

namespace qipan::board {

namespace {

Json installed_set(Database& database) {
  Json set = Json::object();
  for (const auto& pack : installed_packs(database)) set.set(pack.name, pack.version);
  return set;
}

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
      "PRIMARY KEY(name, version)) STRICT, WITHOUT ROWID;"
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
  for (const auto& engine : engines) engine->check_pack(pack, database, problems, steps);
  check_kinds(engines, database, steps, problems);
  return steps;
}

namespace {

/// Refused where the packs changed since the sender looked, and where something is missing or older; else
/// every engine has had its say. `origin` is what the fact keeps besides: the draft, and why.
Result<void> install(Decision& decision, const pack::Pack& pack, const Json& origin) {
  const Json installed = installed_set(decision.database());
  if (installed != decision.body()["checked_against"]) {
    return refuse({Problem::Kind::conflict, "pack-set-changed", "checked_against",
                   decision.body()["checked_against"].dump(), installed.dump(),
                   "check the pack again and install it then"});
  }
  for (const auto& need : pack.needs) {
    if (!installed.has(need))
      return invalid("pack-needs", "needs", need, "a pack that is installed", "install it first");
  }
  if (const auto now = installed.integer_or(pack.name, 0); now >= pack.version) {
    return refuse({Problem::Kind::conflict, "pack-version", "version", std::to_string(pack.version),
                   "a version over " + std::to_string(now), "raise the version in pack.toml"});
  }
  pack::Problems problems;
  Json steps = board::check_pack(pack, decision.engines(), decision.database(), problems);
  if (!problems.empty()) return refuse(problems.front());
  const std::string subject = "pack:" + pack.name;
  for (const auto& [path, content] : pack.files) {
    Json file = Json::object();
    file.set("version", pack.version).set("path", path).set("content", content);
    decision.record("pack.file", subject, std::move(file));
  }
  Json fact = Json::object();
  fact.set("name", pack.name).set("version", pack.version).set("hash", to_hex(view_of(pack.hash())));
  fact.set("title_zh", pack.title.zh).set("title_en", pack.title.en);
  Json carries = Json::array();
  for (const auto& line : pack.carries) carries.push(line);
  fact.set("carries", std::move(carries)).set("steps", std::move(steps));
  for (const auto& [key, value] : origin.members()) fact.set(key, value);
  decision.record("pack.installed", subject, std::move(fact));
  return {};
}

Result<void> install_files(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "pack", {}));
  pack::Problems problems;
  QIPAN_TRY(pack, pack_of(decision.body(), problems));
  if (!problems.empty()) return refuse(problems.front());
  return install(decision, pack, Json::object());
}

/// The files of a pack that its facts tell one by one.
Json installed_files(const std::vector<Json>& facts) {
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
  const std::int64_t now = installed_set(decision.database()).integer_or(draft.pack, 0);
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
  QIPAN_CHECK(install(decision, changed, Json::object().set("draft", draft.id).set("comment", comment)));
  decision.answer(Json::object().set("pack", draft.pack).set("version", changed.version));
  return {};
}

}  // namespace

const std::vector<FactType>& PackEngine::facts() const {
  static const std::vector<FactType> all = {{.kind = "pack.file"},
                                            {.kind = "pack.installed", .configures = true},
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
      Make("checked_against", types::object())
          .required()
          .means("the installed packs and their versions when it was checked");
  static const std::vector<CommandType> all = {
      {.kind = "pack.install",
       .summary = "install a pack",
       .right = {{"install", "pack"}},
       .body = {Make("name", types::text()), Make("files", types::object()).required().means("path and text"),
                checked_against},
       .alone = true,
       .run = install_files,
       .told_otherwise = installed_files},
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

void PackEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
  if (fact.kind.starts_with("pack.draft_")) return fold_draft(fact, database);
  const std::string name(fact.subject.substr(fact.subject.find(':') + 1));
  if (fact.kind == "pack.file") {
    database.prepare("INSERT INTO pack_files(name, version, path, content) VALUES(?,?,?,?)")
        .bind(name)
        .bind(fact.body["version"].integer())
        .bind(fact.body["path"].text())
        .bind(fact.body["content"].text())
        .run();
    return;
  }
  database.prepare("UPDATE pack_packs SET current=0 WHERE name=?").bind(name).run();
  database
      .prepare(
          "INSERT INTO pack_packs(name, version, hash, title_zh, title_en, carries, position, at, actor, "
          "draft, "
          "comment, current) VALUES(?,?,?,?,?,?,?,?,?,?,?,1)")
      .bind(name)
      .bind(fact.body["version"].integer())
      .bind(fact.body["hash"].text())
      .bind(fact.body["title_zh"].text())
      .bind(fact.body["title_en"].text())
      .bind(fact.body["carries"].dump())
      .bind(fact.position)
      .bind(fact.at)
      .bind(fact.actor)
      .bind(fact.body.integer_or("draft", 0))
      .bind(fact.body.text_or("comment", ""))
      .run();
  if (fact.body.has("draft")) fold_draft(fact, database);
}

Command install_command(const pack::Pack& pack, Database& database) {
  Command command;
  command.kind = "pack.install";
  command.actor = "operator";
  Json files = Json::object();
  for (const auto& [path, content] : pack.files) {
    if (pack::is_declaration(path)) files.set(path, content);
  }
  command.body.set("name", pack.name)
      .set("files", std::move(files))
      .set("checked_against", installed_set(database));
  return command;
}

Command publish_command(std::int64_t draft, std::int64_t revision, const std::string& comment,
                        Database& database) {
  Command command;
  command.kind = "pack.publish_draft";
  command.body.set("draft", draft).set("revision", revision).set("comment", comment);
  command.body.set("checked_against", installed_set(database));
  return command;
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
      "SELECT version, at, actor, draft, comment FROM pack_packs WHERE name=? ORDER BY version DESC");
  statement.bind(name);
  while (statement.step())
    versions.push_back({statement.integer(0), statement.integer(1), std::string(statement.text(2)),
                        statement.integer(3), std::string(statement.text(4))});
  return versions;
}

std::int64_t pack_generation(Database& database) {
  return database.integer("SELECT max(position) FROM pack_packs", -1);
}

}  // namespace qipan::board
