#include "registers/import.hpp"

#include <algorithm>
#include <future>

#include "board/subject.hpp"
#include "fields/type.hpp"
#include "registers/queries.hpp"
#include "registers/steps.hpp"

namespace qipan::registers {

namespace {

/// So many rows are decided, or tried, together: nobody else writes meanwhile.
constexpr std::size_t slice_rows = 400;

}  // namespace

Json to_json(const ImportFigures& figures) {
  return Json::object()
      .set("rows", figures.rows)
      .set("added", figures.added)
      .set("changed", figures.changed)
      .set("same", figures.same)
      .set("bad", figures.bad);
}

Json undone_to_json(const ImportFigures& figures) {
  return Json::object()
      .set("retired", figures.added)
      .set("changed_back", figures.changed)
      .set("left", figures.bad);
}

Result<Import> Import::ask(const Register& declared, ImportAsked asked) {
  Import import(declared, std::move(asked));
  QIPAN_TRY(rows, tables::open_rows(import.asked_.path, import.asked_.sheet));
  QIPAN_TRY(matching, match_columns(declared, rows->header(), import.asked_.match));
  if (!matching.unknown.empty()) {
    std::string all;
    for (const std::string& column : matching.unknown) all += (all.empty() ? "" : ", ") + column;
    return invalid("column-unknown", import.asked_.path, all,
                   "columns called like fields of " + declared.name + ", or x, y, unit",
                   "match each to a field, or to nothing to leave it out");
  }
  const bool named =
      std::find(matching.targets.begin(), matching.targets.end(), declared.key) != matching.targets.end();
  if (!named && !matching.edits())
    return invalid("column-missing", import.asked_.path, declared.key, "a column for the key of the register",
                   "add it, or match it");
  import.matching_ = std::move(matching);
  import.header_ = rows->header();
  import.encoding_ = rows->told();
  import.row_called_ = rows->called();
  return import;
}

std::string Import::called(std::int64_t row) const {
  return row_called_ + " " + std::to_string(row);
}

void Import::note_twice(std::int64_t row, const board::Command& command, pack::Problems& problems) {
  for (const Field& field : declared_->fields) {
    const Json& value = command.body["values"][field.name];
    if (value.is_null() || !is_unique(*declared_, field)) continue;
    const auto [first, fresh] = seen_.emplace(field.name + "\n" + value.dump(), row);
    if (!fresh && first->second != row)
      problems.push_back({Problem::Kind::conflict, "entry-twice", "values/" + field.name,
                          shortened(field.type->cell(field, value)),
                          "a value that " + called(first->second) + " does not have",
                          "leave one of them out"});
  }
}

Result<void> Import::turn_to_change(Database& database, board::Command& command) const {
  std::int64_t id = command.body.integer_or("id", 0);
  if (id != 0) {
    const auto entry = find_entry(database, *declared_, id);
    if (!entry || entry->retired)
      return refuse({Problem::Kind::not_found, "entry-unknown", "entry", std::to_string(id),
                     "an entry that is in use", "leave this row out"});
    if (entry->changed != command.body.integer_or("version", 0))
      return refuse({Problem::Kind::conflict, "entry-changed-since", "version", "",
                     "an entry that nobody changed since the file was made",
                     "export it again, and change it there"});
  } else if (asked_.change_known) {
    const Json& key = command.body["values"][declared_->key];
    id = key.is_null() ? 0 : entry_of_key(database, *declared_, key);
  }
  if (id == 0) return {};
  command.kind = "register.change";
  Json body = Json::object().set("register", declared_->name).set("id", id);
  for (auto& [name, value] : command.body.take_members()) {
    // Where an entry belongs is said when it is added.
    if (name != "register" && name != "unit" && name != "id" && name != "version")
      body.set(name, std::move(value));
  }
  command.body = std::move(body);
  return {};
}

void Import::turn_all(board::Decider& decider, Slice& slice, const Tell& tell) {
  Slice left;
  decider.read([&](Database& database) {
    for (std::size_t at = 0; at < slice.commands.size(); ++at) {
      const auto turned = turn_to_change(database, slice.commands[at]);
      if (turned) {
        left.commands.push_back(std::move(slice.commands[at]));
        left.rows.push_back(slice.rows[at]);
        continue;
      }
      bad_.insert(slice.rows[at]);
      tell(called(slice.rows[at]), turned.error());
    }
  });
  slice = std::move(left);
}

void Import::tell_differences(board::Decider& decider, const Slice& slice,
                              const TellDifference& differs) const {
  if (!differs) return;
  decider.read([&](Database& database) {
    for (std::size_t at = 0; at < slice.commands.size(); ++at) {
      const board::Command& command = slice.commands[at];
      if (command.kind != "register.change" || bad_.contains(slice.rows[at])) continue;
      const auto entry = find_entry(database, *declared_, command.body.integer_or("id", 0));
      if (!entry) continue;
      const auto cell = [](const Field& field, const Json& value) {
        return value.is_null() ? std::string() : shortened(field.type->cell(field, value));
      };
      for (const auto& [name, value] : command.body["values"].members()) {
        const Field* field = declared_->field(name);
        const Json& was = entry->values[name];
        if (field == nullptr || field->personal() || was == value) continue;
        const Field& key = *declared_->field(declared_->key);
        differs({called(slice.rows[at]), entry->id, entry->unit, cell(key, entry->values[declared_->key]),
                 name, field->sensitivity == fields::Sensitivity::sensitive, cell(*field, was),
                 cell(*field, value)});
      }
    }
  });
}

namespace {

/// Some rows as they are read, each with what is wrong with it by itself.
struct Read {
  struct One {
    std::int64_t number = 0;
    board::Command command;
    pack::Problems problems = {};
  };
  std::vector<One> rows;
  std::optional<Problem> fault;  // behind these nothing can be read
  bool ended = false;
};

Read read_some(tables::Rows& rows, const EntryReader& reader) {
  Read read;
  tables::Row row;
  while (!read.ended && read.rows.size() < slice_rows) {
    const auto more = rows.next(row);
    if (!more) read.fault = more.error();
    read.ended = !more || !*more;
    if (read.ended) break;
    read.rows.push_back({.number = row.number});
    read.rows.back().command = reader.read(row, read.rows.back().problems);
  }
  return read;
}

Problem stopped(std::string where) {
  return {Problem::Kind::conflict,
          "import-stopped",
          "",
          std::move(where),
          "an import that nobody stops",
          "what was entered so far can be taken back"};
}

}  // namespace

Result<void> Import::each_slice(board::Decider& decider, ImportFigures& figures, const Tell& tell, bool tells,
                                const Progress& progress, const Take& take) {
  QIPAN_TRY(rows, tables::open_rows(asked_.path, asked_.sheet));
  if (rows->header() != header_)
    return refuse({Problem::Kind::conflict, "file-changed", asked_.path, "", "the file that was looked at",
                   "look at it again"});
  const EntryReader reader(*declared_, matching_, asked_.system, asked_.actor);
  // The next rows are read while these are decided.
  const auto read_on = [&] {
    return std::async(std::launch::async, read_some, std::ref(*rows), std::cref(reader));
  };
  for (std::future<Read> next = read_on(); next.valid();) {
    Read read = next.get();
    if (!read.ended) next = read_on();
    const std::int64_t before = figures.rows;
    Slice slice;
    for (Read::One& one : read.rows) {
      ++figures.rows;
      if (tells) note_twice(one.number, one.command, one.problems);
      for (const Problem& problem : one.problems)
        if (tells) tell(called(one.number), problem);
      if (!one.problems.empty()) bad_.insert(one.number);
      if (bad_.contains(one.number)) continue;
      slice.commands.push_back(std::move(one.command));
      slice.rows.push_back(one.number);
    }
    if (asked_.change_known || matching_.edits()) turn_all(decider, slice, tell);
    if (progress && !progress(before)) return refuse(stopped(std::to_string(before) + " rows"));
    if (!slice.commands.empty()) QIPAN_CHECK(take(slice));
    if (read.fault) return refuse(*read.fault);
  }
  return {};
}

namespace {

/// Counts what came of a command; nothing where it was refused.
bool count(std::string_view kind, const board::Outcome& outcome, ImportFigures& figures) {
  if (outcome) {
    ++(kind == "register.add" ? figures.added : figures.changed);
    return true;
  }
  const std::string& code = outcome.error().code;
  const bool same = kind == "register.change" && (code == "nothing-changes" || code == "nothing-to-change");
  figures.same += same ? 1 : 0;
  return same;
}

}  // namespace

Result<ImportFigures> Import::look(board::Decider& decider, const Tell& tell, const Progress& progress,
                                   const TellDifference& differs) {
  ImportFigures figures;
  bad_.clear();
  seen_.clear();
  QIPAN_CHECK(each_slice(decider, figures, tell, true, progress, [&](Slice& slice) -> Result<void> {
    const auto outcomes = decider.try_out(slice.commands);
    for (std::size_t at = 0; at < outcomes.size(); ++at) {
      if (count(slice.commands[at].kind, outcomes[at], figures)) continue;
      bad_.insert(slice.rows[at]);
      tell(called(slice.rows[at]), outcomes[at].error());
    }
    tell_differences(decider, slice, differs);
    return {};
  }));
  figures.bad = static_cast<std::int64_t>(bad_.size());
  seen_.clear();
  return figures;
}

namespace {

/// Nothing is written now, whatever it says: no fault of a row.
bool is_of_the_moment(const board::Outcome& outcome) {
  return !outcome && outcome.error().kind == Problem::Kind::unavailable;
}

}  // namespace

Result<ImportFigures> Import::enter(board::Decider& decider, const std::string& id, const Tell& tell,
                                    const Progress& progress) {
  ImportFigures figures;
  const auto ended = each_slice(decider, figures, tell, false, progress, [&](Slice& slice) -> Result<void> {
    std::vector<std::string> kinds;
    for (std::size_t at = 0; at < slice.commands.size(); ++at) {
      slice.commands[at].key = "import/" + id + "/" + std::to_string(slice.rows[at]);
      kinds.push_back(slice.commands[at].kind);
    }
    const auto outcomes = decider.decide(std::move(slice.commands));
    Result<void> writes;
    for (std::size_t at = 0; at < outcomes.size(); ++at) {
      if (count(kinds[at], outcomes[at], figures)) continue;
      if (is_of_the_moment(outcomes[at])) {
        writes = refuse(outcomes[at].error());  // others of these rows may have been written
        continue;
      }
      bad_.insert(slice.rows[at]);
      tell(called(slice.rows[at]), outcomes[at].error());
    }
    return writes;
  });
  if (!ended) figures.stopped = ended.error();
  figures.bad = static_cast<std::int64_t>(bad_.size());
  return figures;
}

namespace {

std::string undo_of(const std::string& id) {
  return "undo of import " + id;
}

/// The command that takes a fact of an import back; nothing where it is none of these. `left`: values that it
/// leaves as they are, because what was there has left the vault.
std::optional<board::Command> taking_back(const log::Log::Found& fact, const std::string& id,
                                          const std::string& actor, std::string& left) {
  const board::Subject subject = board::Subject::of(fact.fact.subject);
  const auto body = log::body_of(fact.fact);
  board::Command command;
  command.actor = actor;
  command.body.set("register", subject.kind).set("id", subject.id()).set("reason", undo_of(id));
  if (fact.fact.kind == "register.added") {
    command.kind = "register.retire";
    return command;
  }
  if (fact.fact.kind != "register.changed" || !body) return std::nullopt;
  command.kind = "register.change";
  for (const auto& [name, value] : (*body)["was"].members()) command.body.set(name, value);
  if (!command.body["values"].is_object()) return command;
  Json values = Json::object();
  for (auto& [name, value] : Json(command.body["values"]).take_members()) {
    if (log::is_sealed(value)) {
      left += (left.empty() ? "" : ", ") + name;
    } else {
      values.set(name, std::move(value));
    }
  }
  command.body.set("values", std::move(values));
  return command;
}

/// Whether the entry's newest fact is this one.
bool is_newest(Database& database, const std::string& subject, Position position) {
  const auto history = board::history_of(database, subject);
  return !history.empty() && history.back() == position;
}

/// Whether the entry's newest fact is of an undo of this import.
bool is_taken_back(Database& database, const std::string& subject, const std::string& id) {
  const auto history = board::history_of(database, subject);
  const auto newest = history.empty() ? std::nullopt : log::Log::find(database, history.back());
  const auto body = newest ? log::body_of(newest->fact) : Result<Json>(Json());
  return body && (*body)["reason"] == Json(undo_of(id));
}

/// What an import's commands came to, newest first.
std::vector<std::pair<Position, std::string>> facts_of(Database& database, const std::string& id,
                                                       const std::string& actor) {
  std::vector<std::pair<Position, std::string>> all;
  auto statement = database.prepare(
      "SELECT position, key FROM board_keys WHERE actor=? AND key>=? AND key<? ORDER BY position DESC");
  statement.bind(actor).bind("import/" + id + "/").bind("import/" + id + "0");
  while (statement.step()) all.emplace_back(static_cast<Position>(statement.integer(0)), statement.text(1));
  return all;
}

/// Some rows of an import on their way back.
struct Back {
  std::vector<board::Command> commands;
  std::vector<std::string> rows;  // of each
};

/// Adds the command that takes the fact back, where something can be; what stays is told.
void add_back(Database& database, Position position, const std::string& id, const std::string& actor,
              const std::string& row, ImportFigures& figures, const Import::Tell& tell, Back& back) {
  const auto fact = log::Log::find(database, position);
  std::string left;
  auto command = fact ? taking_back(*fact, id, actor, left) : std::nullopt;
  if (!command) return;
  ++figures.rows;
  if (!left.empty()) {
    ++figures.bad;
    tell(row, {Problem::Kind::conflict, "personal-not-brought-back", fact->fact.subject, left,
               "values that did not leave the vault when others took their place", "enter them again"});
    const Json& values = command->body["values"];
    if (values.members().empty() && !command->body.has("x") && !command->body.has("geometry")) return;
  }
  if (is_newest(database, fact->fact.subject, position)) {
    back.commands.push_back(std::move(*command));
    back.rows.push_back(row);
    return;
  }
  if (is_taken_back(database, fact->fact.subject, id)) return;  // by an undo that ended early
  ++figures.bad;
  tell(row, {Problem::Kind::conflict, "entry-changed-since", fact->fact.subject, "",
             "an entry that nobody changed since the import", "look at it by hand"});
}

}  // namespace

Result<ImportFigures> undo_import(board::Decider& decider, const std::string& id, const std::string& actor,
                                  const Import::Tell& tell, const Import::Progress& progress) {
  std::vector<std::pair<Position, std::string>> all;
  decider.read([&](Database& database) { all = facts_of(database, id, actor); });
  if (all.empty())
    return refuse({Problem::Kind::not_found, "import-unknown", "import", shortened(id),
                   "the id of an import that entered something", "see what was told when it began"});
  ImportFigures figures;
  const std::size_t before_row = std::string("import//").size() + id.size();
  for (std::size_t from = 0; from < all.size(); from += slice_rows) {
    const std::size_t to = std::min(all.size(), from + slice_rows);
    Back back;
    if (progress && !progress(static_cast<std::int64_t>(from))) {
      figures.stopped = stopped(std::to_string(from) + " rows");
      return figures;
    }
    decider.read([&](Database& database) {
      for (std::size_t at = from; at < to; ++at)
        add_back(database, all[at].first, id, actor, "row " + all[at].second.substr(before_row), figures,
                 tell, back);
    });
    std::vector<bool> retires;
    retires.reserve(back.commands.size());
    for (const board::Command& command : back.commands) retires.push_back(command.kind == "register.retire");
    const auto outcomes = decider.decide(std::move(back.commands));
    for (std::size_t at = 0; at < outcomes.size(); ++at) {
      if (outcomes[at]) {
        ++(retires[at] ? figures.added : figures.changed);
      } else if (is_of_the_moment(outcomes[at])) {
        figures.stopped = outcomes[at].error();
      } else {
        ++figures.bad;
        tell(back.rows[at], outcomes[at].error());
      }
    }
    if (figures.stopped) return figures;
  }
  return figures;
}

}  // namespace qipan::registers
