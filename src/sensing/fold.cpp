#include "sensing/compact.hpp"
#include "sensing/sensing_engine.hpp"

namespace qipan::sensing {

using board::Fact;
using board::View;

namespace {

void fold_pack(const Fact& fact, Database& database) {
  for (const std::string table : {"sensing_limits", "sensing_indices"}) {
    const Json& list = fact.body["steps"][table];
    if (!list.is_array()) continue;
    // A newer version of a pack replaces what it declared.
    database.prepare("DELETE FROM " + table + " WHERE pack=?").bind(fact.body["name"].text()).run();
    for (const Json& one : list.items()) {
      database.prepare("INSERT INTO " + table + "(name, pack, body) VALUES(?,?,?)")
          .bind(one["name"].text())
          .bind(fact.body["name"].text())
          .bind(one.dump())
          .run();
    }
  }
}

/// What a register's fact says stands there: of what was added all, of a change what is other than before.
const Json& said_of(const Fact& fact) {
  return fact.kind == "register.changed" ? fact.body["now"] : fact.body;
}

void fold_thing(const Fact& fact, Database& database) {
  const std::int64_t id = fact.subject_id();
  if (fact.kind == "register.retired") {
    database.prepare("UPDATE sensing_things SET retired=1 WHERE id=?").bind(id).run();
    return;
  }
  if (fact.kind == "register.added") {
    database
        .prepare(
            "INSERT INTO sensing_things(id, code, title_zh, title_en, unit, retired) VALUES(?,'','','',?,0)")
        .bind(id)
        .bind(fact.body["unit"].integer())
        .run();
  }
  const Json& said = said_of(fact);
  for (const std::string_view name : {"code", "title_zh", "title_en", "area_class"}) {
    if (!said["values"].has(name)) continue;
    const Json& value = said["values"][name];
    database.prepare("UPDATE sensing_things SET " + quoted_name(name) + "=? WHERE id=?")
        .bind(value.is_text() ? value.text() : "")
        .bind(id)
        .run();
  }
  for (const std::string_view name : {"x", "y"}) {
    if (!said.has(name)) continue;
    auto statement = database.prepare("UPDATE sensing_things SET " + std::string(name) + "=? WHERE id=?");
    said[name].is_integer() ? statement.bind(said[name].integer()) : statement.bind(nullptr);
    statement.bind(id).run();
  }
}

/// Where each field of the register stands in sensing_streams.
constexpr std::pair<std::string_view, std::string_view> stream_texts[] = {{"code", "code"},
                                                                          {"title_zh", "title_zh"},
                                                                          {"title_en", "title_en"},
                                                                          {"thing", "thing"},
                                                                          {"observed_property", "property"},
                                                                          {"kind", "kind"},
                                                                          {"unit_symbol", "unit_symbol"}};

void fold_stream_values(const Fact& fact, Database& database, std::int64_t id) {
  const Json& values = said_of(fact)["values"];
  for (const auto& [field, column] : stream_texts) {
    if (!values.has(field)) continue;
    const Json& value = values[field];
    database.prepare("UPDATE sensing_streams SET " + quoted_name(column) + "=? WHERE id=?")
        .bind(value.is_text() ? value.text() : "")
        .bind(id)
        .run();
  }
  for (const std::string_view bound : {"low", "high", "change_max"}) {
    if (!values.has(bound)) continue;
    auto statement = database.prepare("UPDATE sensing_streams SET " + quoted_name(bound) + "=? WHERE id=?");
    values[bound].is_number() ? statement.bind(values[bound].number_text()) : statement.bind(nullptr);
    statement.bind(id).run();
  }
  if (values["decimals"].is_integer())
    database.prepare("UPDATE sensing_streams SET decimals=? WHERE id=?")
        .bind(values["decimals"].integer())
        .bind(id)
        .run();
  if (!values.has("silence_minutes")) return;
  database.prepare("UPDATE sensing_streams SET silence=? WHERE id=?")
      .bind(values.integer_or("silence_minutes", 0) * 60 * microseconds_per_second)
      .bind(id)
      .run();
}

void fold_stream(const Fact& fact, Database& database) {
  const std::int64_t id = fact.subject_id();
  if (fact.kind == "register.retired") {
    database.prepare("UPDATE sensing_streams SET retired=1 WHERE id=?").bind(id).run();
    return;
  }
  if (fact.kind == "register.added") {
    database
        .prepare(
            "INSERT INTO sensing_streams(id, code, title_zh, title_en, thing, property, kind, decimals, "
            "unit_symbol, "
            "silence, unit, retired, created) VALUES(?,'','','','','','measurement',0,'',0,?,0,?)")
        .bind(id)
        .bind(fact.body["unit"].integer())
        .bind(fact.at)
        .run();
  }
  fold_stream_values(fact, database, id);
}

void fold_block(const Fact& fact, Database& database) {
  std::int64_t count = 0;
  const auto counted = each_in_block(
      fact.block, [&](StreamId, std::span<const Sample> samples) { count += std::ssize(samples); });
  QIPAN_ASSERT(counted.has_value());  // no block is redacted
  database.prepare("INSERT INTO sensing_tail(position, at, block) VALUES(?,?,?)")
      .bind(fact.position)
      .bind(fact.at)
      .bind_blob(fact.block)
      .run();
  database.prepare("UPDATE sensing_state SET samples=samples+?, rows=rows+1").bind(count).run();
  auto state = database.prepare("SELECT samples, rows FROM sensing_state");
  const bool full =
      state.step() && (state.integer(0) >= tail_samples_max || state.integer(1) >= tail_rows_max);
  if (!full) return;
  compact(database);
  database.prepare("UPDATE sensing_state SET samples=0, rows=0").run();
}

void fold_alarm_begin(const Fact& fact, Database& database) {
  const Json& body = fact.body;
  const bool active = fact.kind == "sensing.alarm_raised";
  database
      .prepare(
          "INSERT INTO sensing_alarms(id, stream, limit_name, state, since, raised, value, threshold, grade, "
          "unit, "
          "acknowledged, position, source) VALUES(?,?,?,?,?,?,?,?,?,?,0,?,?) ON CONFLICT(id) DO UPDATE SET "
          "state=excluded.state, "
          "raised=excluded.raised, value=excluded.value, threshold=excluded.threshold, grade=excluded.grade, "
          "position=excluded.position, source=excluded.source")
      .bind(fact.subject_id())
      .bind(body["stream"].integer())
      .bind(body["limit"].text())
      .bind(active ? "active" : "pending")
      .bind(active ? body["since"].integer() : body["time"].integer())
      .bind(fact.at)
      .bind(body.text_or("value", ""))
      .bind(body.text_or("threshold", ""))
      .bind(body.integer_or("grade", 1))
      .bind(body["unit"].integer())
      .bind(fact.position)
      .bind(body.text_or("source", ""))
      .run();
}

void fold_alarm_end(const Fact& fact, Database& database) {
  if (fact.kind == "sensing.alarm_dropped") {
    database.prepare("DELETE FROM sensing_alarms WHERE id=?").bind(fact.subject_id()).run();
    return;
  }
  if (fact.kind == "sensing.alarm_acknowledged") {
    database.prepare("UPDATE sensing_alarms SET acknowledged=?, acknowledged_at=?, position=? WHERE id=?")
        .bind(fact.body["person"].integer())
        .bind(fact.at)
        .bind(fact.position)
        .bind(fact.subject_id())
        .run();
    return;
  }
  database.prepare("UPDATE sensing_alarms SET state='cleared', cleared=?, position=? WHERE id=?")
      .bind(fact.at)
      .bind(fact.position)
      .bind(fact.subject_id())
      .run();
}

void fold_watched(const Fact& fact, View& view) {
  const Json& timer = fact.body["timer"];
  timer.is_integer() ? view.set_timer(fact.subject, timer.integer()) : view.clear_timer(fact.subject);
}

void fold_category(const Fact& fact, Database& database) {
  database.prepare("INSERT INTO sensing_categories(stream, number, text) VALUES(?,?,?)")
      .bind(fact.subject_id())
      .bind(fact.body["number"].integer())
      .bind(fact.body["text"].text())
      .run();
}

}  // namespace

void SensingEngine::create_tables(Database& database) const {
  database.execute(
      "CREATE TABLE sensing_things(id INTEGER PRIMARY KEY, code TEXT NOT NULL, title_zh TEXT NOT NULL, "
      "title_en TEXT NOT "
      "NULL, unit INTEGER NOT NULL, x INTEGER, y INTEGER, area_class TEXT NOT NULL DEFAULT '', retired "
      "INTEGER "
      "NOT NULL) STRICT;"
      "CREATE INDEX sensing_things_code ON sensing_things(code);"
      "CREATE TABLE sensing_streams(id INTEGER PRIMARY KEY, code TEXT NOT NULL, title_zh TEXT NOT NULL, "
      "title_en TEXT NOT "
      "NULL, thing TEXT NOT NULL, property TEXT NOT NULL, kind TEXT NOT NULL, decimals INTEGER NOT NULL, "
      "unit_symbol TEXT "
      "NOT NULL, low TEXT, high TEXT, change_max TEXT, silence INTEGER NOT NULL, unit INTEGER NOT NULL, "
      "retired INTEGER NOT "
      "NULL, created "
      "INTEGER NOT NULL) STRICT;"
      "CREATE INDEX sensing_streams_code ON sensing_streams(code);"
      "CREATE TABLE sensing_categories(stream INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, "
      "PRIMARY "
      "KEY(stream, number)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE sensing_limits(name TEXT PRIMARY KEY, pack TEXT NOT NULL, body TEXT NOT NULL) STRICT, "
      "WITHOUT ROWID;"
      "CREATE TABLE sensing_indices(name TEXT PRIMARY KEY, pack TEXT NOT NULL, body TEXT NOT NULL) STRICT, "
      "WITHOUT ROWID;"
      // What arrived since the chunks were last written, as it arrived.
      "CREATE TABLE sensing_tail(position INTEGER PRIMARY KEY, at INTEGER NOT NULL, block BLOB NOT NULL) "
      "STRICT;"
      "CREATE TABLE sensing_state(id INTEGER PRIMARY KEY CHECK(id=1), position INTEGER NOT NULL, samples "
      "INTEGER NOT NULL, "
      "rows INTEGER NOT NULL) STRICT;"
      "INSERT INTO sensing_state(id, position, samples, rows) VALUES(1,-1,0,0);"
      "CREATE TABLE sensing_chunks(stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, "
      "count INTEGER "
      "NOT NULL, samples BLOB NOT NULL, PRIMARY KEY(stream, first)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE sensing_hours(stream INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, "
      "sum INTEGER NOT "
      "NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, PRIMARY KEY(stream, hour)) STRICT, WITHOUT ROWID;"
      "CREATE TABLE sensing_latest(stream INTEGER PRIMARY KEY, time INTEGER NOT NULL, value INTEGER NOT "
      "NULL, flags INTEGER "
      "NOT NULL, at INTEGER NOT NULL) STRICT;"
      "CREATE TABLE sensing_alarms(id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, limit_name TEXT NOT "
      "NULL, state TEXT "
      "NOT NULL, since INTEGER NOT NULL, raised INTEGER NOT NULL, cleared INTEGER, value TEXT NOT NULL, "
      "threshold TEXT NOT "
      "NULL, grade INTEGER NOT NULL, unit INTEGER NOT NULL, acknowledged INTEGER NOT NULL, acknowledged_at "
      "INTEGER, "
      "position INTEGER NOT NULL, source TEXT NOT NULL) STRICT;"
      "CREATE INDEX sensing_alarms_open ON sensing_alarms(stream) WHERE state<>'cleared'");
}

void SensingEngine::fold(const Fact& fact, View& view) {
  Database& database = view.database();
  if (board::engine_of(fact.kind) == "register") {
    const std::string_view kind = board::Subject::of(fact.subject).kind;
    if (kind == "thing") {
      fold_thing(fact, database);
    } else if (kind == "datastream") {
      fold_stream(fact, database);
    } else {
      return;
    }
  } else if (fact.kind == "pack.installed") {
    fold_pack(fact, database);
  } else if (fact.kind == "sensing.observed") {
    fold_block(fact, database);
  } else if (fact.kind == "sensing.category_added") {
    fold_category(fact, database);
  } else if (fact.kind == "sensing.watched") {
    fold_watched(fact, view);
  } else if (fact.kind == "sensing.alarm_pending" || fact.kind == "sensing.alarm_raised") {
    fold_alarm_begin(fact, database);
  } else if (fact.kind != "sensing.repeated") {
    fold_alarm_end(fact, database);
  }
  database.prepare("UPDATE sensing_state SET position=?").bind(fact.position).run();
}

}  // namespace qipan::sensing
