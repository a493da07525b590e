#include "search/index.hpp"

#include <unicode/uvernum.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/assert.hpp"
#include "base/pinyin.hpp"
#include "fields/type.hpp"
#include "log/log.hpp"
#include "query/question.hpp"

namespace qipan::search {

namespace {

using Clock = std::chrono::steady_clock;

/// Which characters are letters, and of which sort, is said by the library.
constexpr std::int64_t version = tokens_version * 1'000 + U_ICU_VERSION_MAJOR_NUM;
constexpr std::int64_t numbers_bits = 40;
constexpr std::int64_t all_filled = INT64_MAX;
constexpr std::int64_t rows_a_step = 256;
constexpr std::size_t facts_a_step = 2'000;
constexpr int page_cache_kibibytes = 16'384;

/// Between the texts of a subject, so that no phrase goes from one into the next: a character that texts do
/// not have, which the index takes for a word.
constexpr std::string_view between = " \uE000 ";
constexpr char end_of_text = '\x1E';

/// The first character of a text in the index's own table: whether it is found by readings too, or only by
/// whom it is not hidden from.
constexpr char named = 'n';
constexpr char said = 's';
constexpr char secret = 'h';

struct Columns {
  std::string words;
  std::string hidden;
  std::string initials;
};

/// What stands in the index for texts as its own table keeps them.
Columns columns_of(std::string_view texts) {
  Columns columns;
  while (!texts.empty()) {
    const std::size_t end = std::min(texts.find(end_of_text), texts.size());
    const std::string_view text = texts.substr(1, end - 1);
    std::string& words = texts.front() == secret ? columns.hidden : columns.words;
    if (!words.empty()) words += between;
    for (const Token& token : tokens_of(text)) (words += token.text) += ' ';
    if (texts.front() == named) {
      if (!columns.initials.empty()) columns.initials += between;
      for (const std::string& pair : pairs_of_initials(pinyin_initials(text)))
        (columns.initials += pair) += ' ';
    }
    texts.remove_prefix(std::min(end + 1, texts.size()));
  }
  return columns;
}

std::string select_of(const query::Collection& collection) {
  std::string sql = "SELECT id";
  for (const std::string& unit : collection.units) sql += ", " + unit;
  for (const query::Property* property : searched(collection)) sql += ", " + property->told_sql();
  sql += " FROM " + collection.table + " WHERE ";
  return sql + (collection.condition.empty() ? "1" : "(" + collection.condition + ")");
}

/// Units and texts of a row that select_of() chose.
std::pair<std::string, std::string> row_of(const query::Collection& collection, const Statement& statement) {
  int at = 1;
  std::string units;
  for (std::size_t unit = 0; unit < collection.units.size(); ++unit)
    (units += std::to_string(statement.integer(at++))) += ' ';
  std::string texts;
  for (const query::Property* property : searched(collection)) {
    const Json value = query::property_value(*property, statement, at++);
    if (!value.is_text()) continue;
    if (!texts.empty()) texts += end_of_text;
    texts += by_initials(*property) ? named : is_hidden(*property) ? secret : said;
    texts += value.text();
    // A substitute of what was redacted may hold what no text does.
    std::replace(texts.end() - static_cast<std::ptrdiff_t>(value.text().size()), texts.end(), end_of_text,
                 ' ');
  }
  return {std::move(units), std::move(texts)};
}

std::int64_t redactions_of(Database& reader) {
  return reader.has_table("district_redactions") ? reader.integer("SELECT count(*) FROM district_redactions")
                                                 : 0;
}

}  // namespace

std::vector<const query::Property*> searched(const query::Collection& collection) {
  std::vector<const query::Property*> properties;
  // Where several kinds lie together, each is found as its own.
  if (!collection.kind_sql.empty()) return properties;
  for (const query::Property& property : collection.properties) {
    if (property.searchable && !property.field.personal()) properties.push_back(&property);
  }
  return properties;
}

bool is_hidden(const query::Property& property) {
  return property.field.sensitivity == fields::Sensitivity::sensitive;
}

bool by_initials(const query::Property& property) {
  return !is_hidden(property) && property.field.type->name() != "long_text";
}

std::string index_path(const std::string& folder) {
  return folder + "/search.db";
}

void remove_index(const std::string& folder) {
  std::error_code error;
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(index_path(folder) + end, error);
}

Index::Index(const std::string& folder, Database& reader) : path_(index_path(folder)) {
  const std::int64_t redactions = redactions_of(reader);
  const auto open = [&] {
    database_ = std::make_unique<Database>(
        path_,
        DatabaseOptions{.durability = Durability::relaxed, .page_cache_kibibytes = page_cache_kibibytes});
    // After a power cut it may be behind, and then follows; but it is never half of one state.
    database_->execute("PRAGMA synchronous=NORMAL");
  };
  try {
    open();
    if (!database_->has_table("search_state")) make();
    read_state();
    const bool fits = database_->integer("SELECT tokens FROM search_state") == version &&
                      database_->integer("SELECT redactions FROM search_state") == redactions &&
                      position_ <= log::Log::size(reader);
    if (fits) return;
  } catch (const DatabaseError&) {
    // Whatever it is: it is made again.
  }
  database_.reset();
  kinds_.clear();
  remove_index(folder);
  open();
  make();
  position_ = log::Log::size(reader);
  database_->prepare("UPDATE search_state SET position=?, redactions=?")
      .bind(position_)
      .bind(redactions)
      .run();
}

void Index::make() {
  database_->execute(
      "BEGIN;"
      "CREATE TABLE search_state(id INTEGER PRIMARY KEY CHECK(id=1), position INTEGER NOT NULL, redactions "
      "INTEGER NOT NULL, tokens INTEGER NOT NULL) STRICT;"
      "INSERT INTO search_state VALUES(1,0,-1," +
      std::to_string(version) +
      ");"
      "CREATE TABLE search_kinds(number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, declared TEXT NOT "
      "NULL, filled INTEGER NOT NULL) STRICT;"
      // What a subject's words were made from: the index is told it again when they go.
      "CREATE TABLE search_texts(id INTEGER PRIMARY KEY, texts TEXT NOT NULL, units TEXT NOT NULL) STRICT;"
      "CREATE VIRTUAL TABLE search_words USING fts5(words, hidden, initials, units, content='', "
      "columnsize=0, "
      "prefix='1 3', tokenize='unicode61 remove_diacritics 0');"
      "COMMIT");
}

void Index::read_state() {
  position_ = static_cast<Position>(database_->integer("SELECT position FROM search_state"));
  auto statement = database_->prepare("SELECT number, name, declared, filled FROM search_kinds");
  while (statement.step())
    kinds_[std::string(statement.text(1))] = {statement.integer(0), std::string(statement.text(2)),
                                              statement.integer(3), nullptr};
}

void Index::put_state() {
  database_->prepare("UPDATE search_state SET position=?").bind(position_).run();
  for (const auto& [name, kind] : kinds_)
    database_->prepare("UPDATE search_kinds SET filled=? WHERE number=? AND filled<>?")
        .bind(kind.filled)
        .bind(kind.number)
        .bind(kind.filled)
        .run();
}

void Index::learn(const Collections& collections) {
  if (collections == collections_) return;
  collections_.reset();
  for (auto& [name, kind] : kinds_) kind.collection = nullptr;
  for (const query::Collection& collection : *collections) {
    if (searched(collection).empty()) continue;
    const std::string declared = select_of(collection);
    Kind& kind = kinds_[collection.name];
    kind.collection = &collection;
    if (kind.declared == declared) continue;
    // Whatever else is found in it now: all of it is looked at again, and what is the same stays.
    kind.declared = declared;
    kind.filled = 0;
    database_
        ->prepare(
            "INSERT INTO search_kinds(name, declared, filled) VALUES(?,?,0) ON CONFLICT(name) DO UPDATE SET "
            "declared=excluded.declared, filled=0")
        .bind(collection.name)
        .bind(declared)
        .run();
    auto statement = database_->prepare("SELECT number FROM search_kinds WHERE name=?");
    statement.bind(collection.name);
    QIPAN_ASSERT(statement.step());
    kind.number = statement.integer(0);
  }
  collections_ = collections;
}

void Index::put(const Kind& kind, std::int64_t id, const std::string& texts, const std::string& units) {
  const std::int64_t row = kind.number << numbers_bits | id;
  std::optional<std::string> before;
  {
    auto statement = database_->prepare("SELECT texts, units FROM search_texts WHERE id=?");
    statement.bind(row);
    if (statement.step()) {
      if (statement.text(0) == texts && statement.text(1) == units) return;
      before = std::string(statement.text(0));
      const Columns columns = columns_of(*before);
      database_
          ->prepare(
              "INSERT INTO search_words(search_words, rowid, words, hidden, initials, units) "
              "VALUES('delete',?,?,?,?,?)")
          .bind(row)
          .bind(columns.words)
          .bind(columns.hidden)
          .bind(columns.initials)
          .bind(statement.text(1))
          .run();
    }
  }
  if (texts.empty()) {
    if (before) database_->prepare("DELETE FROM search_texts WHERE id=?").bind(row).run();
    return;
  }
  const Columns columns = columns_of(texts);
  database_->prepare("INSERT INTO search_words(rowid, words, hidden, initials, units) VALUES(?,?,?,?,?)")
      .bind(row)
      .bind(columns.words)
      .bind(columns.hidden)
      .bind(columns.initials)
      .bind(units)
      .run();
  database_->prepare("INSERT OR REPLACE INTO search_texts(id, texts, units) VALUES(?,?,?)")
      .bind(row)
      .bind(texts)
      .bind(units)
      .run();
}

void Index::take_in(Database& reader, const Kind& kind, std::int64_t id) {
  auto statement = reader.prepare(select_of(*kind.collection) + " AND id=?");
  statement.bind(id);
  if (!statement.step()) return put(kind, id, "", "");
  const auto [units, texts] = row_of(*kind.collection, statement);
  put(kind, id, texts, units);
}

bool Index::follow(Database& reader, Clock::time_point until) {
  const Position size = log::Log::size(reader);
  while (position_ < size) {
    if (Clock::now() >= until) return false;
    std::map<const Kind*, std::set<std::int64_t>> touched;
    std::size_t facts = 0;
    Position next = position_;
    const auto read = log::Log::read(reader, position_, [&](const log::Batch& batch) {
      for (const log::CommandRecord& command : batch.commands) {
        for (const log::FactRecord& fact : command.facts) {
          const auto colon = fact.subject.find(':');
          const auto kind = kinds_.find(std::string_view(fact.subject).substr(0, colon));
          if (kind == kinds_.end() || kind->second.collection == nullptr) continue;
          const std::int64_t id = std::atoll(fact.subject.c_str() + colon + 1);
          if (id > 0 && id <= kind->second.filled) touched[&kind->second].insert(id);
        }
      }
      facts += batch.fact_count();
      next = batch.first + batch.fact_count();
      return facts < facts_a_step && Clock::now() < until;
    });
    if (!read) throw DatabaseError(read.error().line(), 0);
    Transaction transaction(*database_);
    for (const auto& [kind, ids] : touched) {
      for (const std::int64_t id : ids) take_in(reader, *kind, id);
    }
    position_ = next;
    put_state();
    transaction.commit();
  }
  return true;
}

bool Index::fill(Database& reader, Clock::time_point until) {
  for (auto& [name, kind] : kinds_) {
    while (kind.collection != nullptr && kind.filled != all_filled) {
      if (Clock::now() >= until) return false;
      Transaction transaction(*database_);
      auto statement = reader.prepare(select_of(*kind.collection) + " AND id>? ORDER BY id LIMIT ?");
      statement.bind(kind.filled).bind(rows_a_step);
      std::int64_t rows = 0;
      while (statement.step()) {
        kind.filled = statement.integer(0);
        const auto [units, texts] = row_of(*kind.collection, statement);
        put(kind, kind.filled, texts, units);
        ++rows;
      }
      if (rows < rows_a_step) kind.filled = all_filled;
      put_state();
      transaction.commit();
    }
  }
  return true;
}

bool Index::update(Database& reader, const Collections& collections, Clock::time_point until) {
  // A snapshot older than what was taken in: what it has of entries is not what they say now.
  if (log::Log::size(reader) < position_) return false;
  try {
    learn(collections);
    return follow(reader, until) && fill(reader, until);
  } catch (const DatabaseError&) {
    // What was not committed is not there.
    kinds_.clear();
    collections_.reset();
    read_state();
    throw;
  }
}

std::vector<std::int64_t> Index::candidates(Database& index, std::string_view kind, const Wanted& wanted,
                                            const Within& within, std::int64_t below, std::int64_t most) {
  std::int64_t number = 0;
  {
    auto statement = index.prepare("SELECT number FROM search_kinds WHERE name=?");
    statement.bind(kind);
    if (!statement.step()) return {};
    number = statement.integer(0);
  }
  const std::int64_t first = number << numbers_bits;
  const std::int64_t mask = (std::int64_t{1} << numbers_bits) - 1;
  auto statement = index.prepare(
      "SELECT rowid FROM search_words WHERE search_words MATCH ? AND rowid>=? AND rowid<? ORDER BY rowid "
      "DESC "
      "LIMIT ?");
  statement.bind(wanted.match(within.units, within.sensitive))
      .bind(first)
      .bind(first + std::min(below, mask))
      .bind(most);
  std::vector<std::int64_t> ids;
  while (statement.step()) ids.push_back(statement.integer(0) & mask);
  return ids;
}

}  // namespace qipan::search
