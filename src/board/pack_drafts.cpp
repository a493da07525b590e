#include "board/pack_drafts.hpp"

#include "base/text.hpp"
#include "board/directory.hpp"
#include "board/pack_engine.hpp"
#include "query/declare.hpp"

namespace qipan::board {

namespace {

constexpr std::string_view draft_columns =
    "id, pack, base, revision, title, state, created_by, saved_by, created, saved, comment, ended_by, "
    "version";

PackDraft read_draft(const Statement& statement) {
  PackDraft draft;
  draft.id = statement.integer(0);
  draft.pack = statement.text(1);
  draft.base = statement.integer(2);
  draft.revision = statement.integer(3);
  draft.title = statement.text(4);
  draft.state = statement.text(5);
  draft.created_by = statement.text(6);
  draft.saved_by = statement.text(7);
  draft.created = statement.integer(8);
  draft.saved = statement.integer(9);
  draft.comment = statement.text(10);
  draft.ended_by = statement.text(11);
  draft.version = statement.integer(12);
  return draft;
}

/// What the draft would change of the pack as it stands; an unchanged file is no change.
DraftFiles changes_only(DraftFiles files, const std::map<std::string, Bytes>& now) {
  std::erase_if(files, [&](const auto& file) {
    const auto known = now.find(file.first);
    return file.second ? known != now.end() && known->second == *file.second : known == now.end();
  });
  return files;
}

}  // namespace

void create_draft_tables(Database& database) {
  database.execute(
      "CREATE TABLE pack_drafts(id INTEGER PRIMARY KEY, pack TEXT NOT NULL, base INTEGER NOT NULL, revision "
      "INTEGER NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, created_by TEXT NOT NULL, saved_by TEXT "
      "NOT "
      "NULL, created INTEGER NOT NULL, saved INTEGER NOT NULL, comment TEXT NOT NULL, ended_by TEXT NOT "
      "NULL, "
      "version INTEGER NOT NULL) STRICT;"
      "CREATE TABLE pack_draft_files(draft INTEGER NOT NULL, path TEXT NOT NULL, content TEXT, "
      "PRIMARY KEY(draft, path)) STRICT, WITHOUT ROWID");
}

Result<std::string> said(const Json& body, const std::string& key) {
  const std::string text = body.text_or(key, "");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return invalid("field-required", key, text, "a text that says something", "fill it in");
  return text;
}

Result<DraftFiles> draft_files_of(const Json& files) {
  if (!files.is_object())
    return invalid("draft-files", "files", "", "an object of path and text, null for a file that goes");
  DraftFiles all;
  std::size_t bytes = 0;
  for (const auto& [path, content] : files.members()) {
    if (!pack::is_rule_file(path))
      return invalid("draft-path", "files", path,
                     "rules/NAME.dmn, rules/NAME.tests.toml or parameters/NAME.toml");
    if (!content.is_text() && !content.is_null())
      return invalid("draft-files", "files/" + path, "", "a text, or null for a file that goes");
    bytes += content.is_text() ? content.text().size() : 0;
    all.emplace(path, content.is_text() ? std::optional(content.text()) : std::nullopt);
  }
  if (bytes > pack::declarations_bytes_max)
    return refuse({Problem::Kind::too_large, "draft-too-large", "files", std::to_string(bytes),
                   "at most " + std::to_string(pack::declarations_bytes_max) + " bytes", ""});
  return all;
}

std::map<std::string, Bytes> laid_over(std::map<std::string, Bytes> files, const DraftFiles& changes) {
  for (const auto& [path, content] : changes) {
    if (content) {
      files.insert_or_assign(path, *content);
    } else {
      files.erase(path);
    }
  }
  return files;
}

Result<PackDraft> open_draft(Decision& decision) {
  const std::int64_t id = decision.body().integer_or("draft", 0);
  const auto draft = find_draft(decision.database(), id);
  if (!draft)
    return refuse({Problem::Kind::not_found, "draft-unknown", "draft", std::to_string(id), "a draft", ""});
  if (draft->state != "open")
    return refuse(
        {Problem::Kind::conflict, "draft-ended", "draft", draft->state, "an open draft", "begin a new one"});
  if (const auto seen = decision.body().integer_or("revision", 0); seen != draft->revision)
    return refuse({Problem::Kind::conflict, "draft-changed", "revision", std::to_string(seen),
                   std::to_string(draft->revision), "somebody saved it meanwhile: read it again"});
  return *draft;
}

Result<void> save_draft(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "draft", "rules", {}));
  const Json& body = decision.body();
  QIPAN_TRY(title, said(body, "title"));
  PackDraft draft;
  if (body.has("draft")) {
    QIPAN_TRY(known, open_draft(decision));
    draft = known;
  } else {
    draft.id = decision.database().integer("SELECT coalesce(max(id),0)+1 FROM pack_drafts");
    draft.pack = body.text_or("pack", "");
    if (decision.database().integer("SELECT count(*) FROM pack_drafts WHERE state='open'") >=
        static_cast<std::int64_t>(drafts_open_max))
      return refuse({Problem::Kind::conflict, "drafts-too-many", "", std::to_string(drafts_open_max),
                     "fewer open drafts", "publish or drop some"});
  }
  std::int64_t current = 0;
  for (const auto& pack : installed_packs(decision.database()))
    if (pack.name == draft.pack) current = pack.version;
  if (current == 0)
    return refuse({Problem::Kind::not_found, "pack-unknown", "pack", draft.pack, "an installed pack", ""});
  // Saved against what is in force now: whoever saves has seen it, and says so.
  const std::int64_t base = body.integer_or("base", 0);
  if (base != current)
    return refuse({Problem::Kind::conflict, "draft-base", "base", std::to_string(base),
                   "version " + std::to_string(current) + ", which is in force",
                   "look at the difference to it and save again"});
  QIPAN_TRY(files, draft_files_of(body["files"]));
  QIPAN_TRY(pack, load_pack(decision.database(), draft.pack, base));
  Json stored = Json::object();
  for (const auto& [path, content] : changes_only(std::move(files), pack.files))
    stored.set(path, content ? Json(*content) : Json());
  Json fact = Json::object();
  fact.set("pack", draft.pack).set("base", base).set("revision", draft.revision + 1).set("title", title);
  decision.record("pack.draft_saved", subject_of("draft", draft.id), fact.set("files", std::move(stored)));
  decision.answer(Json::object().set("draft", draft.id).set("revision", draft.revision + 1));
  return {};
}

Result<void> drop_draft(Decision& decision) {
  QIPAN_CHECK(decision.directory().permit(decision.actor(), "draft", "rules", {}));
  QIPAN_TRY(draft, open_draft(decision));
  QIPAN_TRY(comment, said(decision.body(), "comment"));
  decision.record("pack.draft_dropped", subject_of("draft", draft.id),
                  Json::object().set("comment", comment));
  return {};
}

void fold_draft(const Fact& fact, Database& database) {
  if (fact.kind == "pack.installed") {
    database.prepare("UPDATE pack_drafts SET state='published', comment=?, ended_by=?, version=? WHERE id=?")
        .bind(fact.body["comment"].text())
        .bind(fact.actor)
        .bind(fact.body["version"].integer())
        .bind(fact.body["draft"].integer())
        .run();
    return;
  }
  const std::int64_t id = fact.subject_id();
  if (fact.kind == "pack.draft_dropped") {
    database.prepare("UPDATE pack_drafts SET state='dropped', comment=?, ended_by=? WHERE id=?")
        .bind(fact.body["comment"].text())
        .bind(fact.actor)
        .bind(id)
        .run();
    return;
  }
  database
      .prepare(
          "INSERT INTO pack_drafts(id, pack, base, revision, title, state, created_by, saved_by, created, "
          "saved, "
          "comment, ended_by, version) VALUES(?,?,?,?,?,'open',?,?,?,?,'','',0) "
          "ON CONFLICT(id) DO UPDATE SET base=excluded.base, revision=excluded.revision, "
          "title=excluded.title, "
          "saved_by=excluded.saved_by, saved=excluded.saved")
      .bind(id)
      .bind(fact.body["pack"].text())
      .bind(fact.body["base"].integer())
      .bind(fact.body["revision"].integer())
      .bind(fact.body["title"].text())
      .bind(fact.actor)
      .bind(fact.actor)
      .bind(fact.at)
      .bind(fact.at)
      .run();
  database.prepare("DELETE FROM pack_draft_files WHERE draft=?").bind(id).run();
  for (const auto& [path, content] : fact.body["files"].members()) {
    auto statement = database.prepare("INSERT INTO pack_draft_files(draft, path, content) VALUES(?,?,?)");
    statement.bind(id).bind(path);
    if (content.is_text()) {
      statement.bind(content.text());
    } else {
      statement.bind(nullptr);
    }
    statement.run();
  }
}

std::vector<PackDraft> list_drafts(Database& database, const std::string& pack, bool open_only,
                                   std::int64_t before, std::int64_t limit) {
  auto statement = database.prepare("SELECT " + std::string(draft_columns) +
                                    " FROM pack_drafts WHERE (?='' OR pack=?) AND (?=0 OR state='open') AND "
                                    "(?=0 OR id<?) ORDER BY id DESC LIMIT ?");
  statement.bind(pack).bind(pack).bind(std::int64_t{open_only}).bind(before).bind(before).bind(limit);
  std::vector<PackDraft> drafts;
  while (statement.step()) drafts.push_back(read_draft(statement));
  return drafts;
}

std::optional<PackDraft> find_draft(Database& database, std::int64_t id) {
  auto statement = database.prepare("SELECT " + std::string(draft_columns) + " FROM pack_drafts WHERE id=?");
  statement.bind(id);
  return statement.step() ? std::optional(read_draft(statement)) : std::nullopt;
}

DraftFiles draft_files(Database& database, std::int64_t id) {
  DraftFiles files;
  auto statement = database.prepare("SELECT path, content FROM pack_draft_files WHERE draft=?");
  statement.bind(id);
  while (statement.step())
    files.emplace(statement.text(0),
                  statement.is_null(1) ? std::nullopt : std::optional<std::string>(statement.text(1)));
  return files;
}

/// Drafts of rules, for who may read rules.
std::vector<query::Collection> PackEngine::collections(Database&) const {
  using fields::Make;
  namespace types = fields::types;
  query::Declare drafts({.name = "draft",
                         .title = {"规则草稿", "Drafts of rules"},
                         .right = "rules",
                         .table = "pack_drafts",
                         .called = "title"});
  drafts.has(Make("pack", types::text()).titled("场景包", "Pack"))
      .has(Make("base", types::integer()).titled("基于版本", "Version that it changes"))
      .has(Make("revision", types::integer()).titled("修订", "Revision"))
      .finds(Make("title", types::text()).titled("标题", "Title"))
      .has(Make("state", types::choice())
               .titled("状态", "State")
               .option("open", "编辑中", "open")
               .option("published", "已发布", "published")
               .option("dropped", "已放弃", "dropped"))
      .has(Make("created_by", types::text()).titled("起草人", "Drafted by"))
      .has(Make("created", types::instant()).titled("起草时间", "Drafted"))
      .has(Make("saved_by", types::text()).titled("保存人", "Saved by"))
      .has(Make("saved", types::instant()).titled("保存时间", "Saved"))
      .has(Make("version", types::integer()).titled("发布版本", "Published as"), "0");
  return {drafts.made()};
}

}  // namespace qipan::board
