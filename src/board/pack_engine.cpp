#include "board/pack_engine.hpp"

#include "board/directory.hpp"

namespace qipan::board {

namespace {

Json installed_set(Database& database) {
  Json set = Json::object();
  for (const auto& pack : installed_packs(database)) set.set(pack.name, pack.version);
  return set;
}

Result<pack::Pack> pack_of(const Json& body, pack::Problems& problems) {
  std::map<std::string, Bytes> files;
  if (!body["files"].is_object()) return invalid("pack-files", "files", "", "an object of path and text");
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
      "current INTEGER NOT NULL, "
      "PRIMARY KEY(name, version)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE pack_files(name TEXT NOT NULL, version INTEGER NOT NULL, path TEXT NOT NULL, content "
      "TEXT NOT NULL, "
      "PRIMARY KEY(name, version, path)) STRICT, WITHOUT ROWID");
}

Json check_pack(const pack::Pack& pack, const std::vector<std::unique_ptr<Engine>>& engines,
                Database& database, pack::Problems& problems) {
  Json steps = Json::object();
  for (const auto& engine : engines) engine->check_pack(pack, database, problems, steps);
  return steps;
}

Result<void> PackEngine::decide(Decision& decision) {
  if (decision.command().kind != "pack.install") {
    return invalid("command-unknown", "kind", decision.command().kind, "pack.install");
  }
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "install", "pack", {}));
  const Json& body = decision.body();
  pack::Problems problems;
  QIPAN_TRY(pack, pack_of(body, problems));
  if (installed_set(decision.database()) != body["checked_against"]) {
    return refuse({Problem::Kind::conflict, "pack-set-changed", "checked_against",
                   body["checked_against"].dump(), installed_set(decision.database()).dump(),
                   "check the pack again and install it then"});
  }
  const Json installed = installed_set(decision.database());
  for (const auto& need : pack.needs) {
    if (!installed.has(need))
      return invalid("pack-needs", "needs", need, "a pack that is installed", "install it first");
  }
  if (const auto now = installed.integer_or(pack.name, 0); now >= pack.version) {
    return refuse({Problem::Kind::conflict, "pack-version", "version", std::to_string(pack.version),
                   "a version over " + std::to_string(now), "raise the version in pack.toml"});
  }
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
  decision.record("pack.installed", subject, std::move(fact));
  return {};
}

void PackEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
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
          "INSERT INTO pack_packs(name, version, hash, title_zh, title_en, carries, position, at, current) "
          "VALUES(?,?,?,?,?,?,?,?,1)")
      .bind(name)
      .bind(fact.body["version"].integer())
      .bind(fact.body["hash"].text())
      .bind(fact.body["title_zh"].text())
      .bind(fact.body["title_en"].text())
      .bind(fact.body["carries"].dump())
      .bind(fact.position)
      .bind(fact.at)
      .run();
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

std::int64_t pack_generation(Database& database) {
  return database.integer("SELECT max(position) FROM pack_packs", -1);
}

}  // namespace qipan::board
