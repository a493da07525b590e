#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "cases/row.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/report_map.hpp"
#include "cmd/verbs.hpp"
#include "geo/polygons.hpp"
#include "pack/csv.hpp"

namespace qipan::cmd {

using board::Command;

namespace {

constexpr std::size_t class_bytes_max = 190;

/// One thing that happened according to the file.
struct Event {
  Instant at = 0;
  int order = 0;  // at the same instant: created before closed
  std::size_t row = 0;
  Command command;
};

struct ReportFigures {
  std::int64_t rows = 0;
  std::int64_t created = 0;
  std::int64_t closed = 0;
  std::int64_t due = 0;
  std::int64_t without_place = 0;
  std::int64_t duplicates = 0;
  std::map<std::string, std::int64_t> refusals;
};

/// Reads the file into events; what a row lacks is counted.
class Reader {
 public:
  Reader(const ReportMap& map, const pack::Csv& csv, ReportFigures& figures)
      : map_(map), csv_(csv), figures_(figures) {}

  std::vector<Event> events() {
    std::vector<Event> events;
    for (std::size_t i = 0; i < csv_.rows().size(); ++i) {
      ++figures_.rows;
      row(i, events);
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return a.at != b.at ? a.at < b.at : a.order < b.order;
    });
    return events;
  }

  [[nodiscard]] const std::set<std::string>& classes() const { return classes_; }
  [[nodiscard]] Instant last() const { return last_; }
  [[nodiscard]] bool placed(std::size_t row) const { return placed_.contains(row); }
  [[nodiscard]] bool has_due(std::size_t row) const { return with_due_.contains(row); }
  [[nodiscard]] bool duplicate(std::size_t row) const { return duplicate_.contains(row); }

 private:
  std::string_view cell(const pack::CsvRow& row, const std::string& name) const {
    const auto column = map_.columns.find(name);
    return column == map_.columns.end() ? std::string_view() : csv_.cell(row, column->second);
  }

  std::optional<Instant> time(const pack::CsvRow& row, const std::string& name) {
    const auto instant = map_.instant_of(cell(row, name));
    if (instant) last_ = std::max(last_, *instant);
    return instant;
  }

  Command command(std::string kind, const pack::CsvRow& row, Instant at) const {
    Command command;
    command.kind = std::move(kind);
    command.actor = "import:" + map_.source;
    command.at = at;
    command.occurred = at;
    command.body.set("source", map_.source).set("external", cell(row, "id"));
    return command;
  }

  void row(std::size_t index, std::vector<Event>& events) {
    const pack::CsvRow& row = csv_.rows()[index];
    const auto refuse_row = [&](const char* reason) { ++figures_.refusals[reason]; };
    const std::string_view name = cell(row, "class");
    if (cell(row, "id").empty() || cell(row, "id").size() > 120) return refuse_row("id-missing");
    if (name.empty() || name.size() > class_bytes_max) return refuse_row("class-missing");
    const auto created = time(row, "created");
    if (!created) return refuse_row("created-unreadable");
    classes_.emplace(name);
    events.push_back({*created, 0, index, create(row, index, *created)});
    close(row, index, *created, events);
  }

  Command create(const pack::CsvRow& row, std::size_t index, Instant created) {
    Command command = this->command("case.create", row, created);
    command.body.set("type", map_.type).set("class", cell(row, "class"));
    if (const auto due = time_quietly(row, "due")) {
      command.body.set("due", *due);
      with_due_.insert(index);
    }
    if (const auto place = cell(row, "place"); !place.empty())
      command.body.set("place", shortened(place, 500));
    set_point(row, index, command);
    Json fields = Json::object();
    for (const std::string field : {"agency", "method", "status"}) {
      if (const auto value = cell(row, field); !value.empty()) fields.set(field, shortened(value, 190));
    }
    command.body.set("fields", std::move(fields));
    return command;
  }

  /// A due time may lie far ahead, so it does not move the file's last time.
  std::optional<Instant> time_quietly(const pack::CsvRow& row, const std::string& name) const {
    return map_.instant_of(cell(row, name));
  }

  void set_point(const pack::CsvRow& row, std::size_t index, Command& command) {
    const std::string_view longitude = cell(row, "longitude");
    const std::string_view latitude = cell(row, "latitude");
    for (const auto& [x, y] : map_.no_places) {
      if ((x == "*" || x == longitude) && (y == "*" || y == latitude)) return;
    }
    const auto x = geo::parse_degrees(longitude, 180);
    const auto y = geo::parse_degrees(latitude, 90);
    if (!x || !y) return;
    command.body.set("x", *x).set("y", *y);
    placed_.insert(index);
  }

  void close(const pack::CsvRow& row, std::size_t index, Instant created, std::vector<Event>& events) {
    const std::string status(cell(row, "status"));
    const auto is = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), status) != list.end();
    };
    const bool duplicate = is(map_.duplicates);
    const auto changed = time(row, "status_time");
    const auto closed = time(row, "closed");
    if (duplicate) duplicate_.insert(index);
    if (!closed && !duplicate && !is(map_.voids)) return;
    const Instant at = std::max(created, closed ? *closed : changed.value_or(created));
    Command command = this->command("case.transition", row, at);
    command.body.set("transition", duplicate ? "mark_duplicate" : (is(map_.voids) ? "withdraw" : "close"));
    events.push_back({at, closed ? 1 : 2, index, std::move(command)});
  }

  const ReportMap& map_;
  const pack::Csv& csv_;
  ReportFigures& figures_;
  std::set<std::string> classes_;
  std::set<std::size_t> placed_;
  std::set<std::size_t> with_due_;
  std::set<std::size_t> duplicate_;
  Instant last_ = instant_min;
};

std::vector<Command> class_commands(const ReportMap& map, const std::set<std::string>& names,
                                    Database& database, Instant at) {
  std::vector<Command> commands;
  for (const std::string& name : names) {
    auto known = database.prepare("SELECT 1 FROM case_classes WHERE type=? AND code=?");
    known.bind(map.type).bind(name);
    if (known.step()) continue;
    Command command;
    command.kind = "case.define_class";
    command.actor = "import:" + map.source;
    command.at = at;
    command.body.set("type", map.type)
        .set("code", name)
        .set("title_zh", name)
        .set("title_en", name)
        .set("origin", "import " + map.source);
    commands.push_back(std::move(command));
  }
  return commands;
}

/// Lateness as the board found it, of the cases that the file closes.
std::int64_t late_of(Database& database, const std::vector<std::int64_t>& closed) {
  std::int64_t late = 0;
  for (const std::int64_t id : closed) {
    const auto row = cases::find_case(database, {id});
    late += row && row->late ? 1 : 0;
  }
  return late;
}

Json report(const ReportFigures& figures, std::int64_t late) {
  std::int64_t refused = 0;
  Json refusals = Json::object();
  for (const auto& [reason, count] : figures.refusals) {
    refusals.set(reason, count);
    refused += count;
  }
  Json json = Json::object();
  json.set("rows", figures.rows)
      .set("cases", figures.created)
      .set("refused", refused)
      .set("refusals", std::move(refusals));
  json.set("created", figures.created)
      .set("closed", figures.closed)
      .set("due", figures.due)
      .set("late", late);
  return json.set("without_place", figures.without_place).set("duplicates", figures.duplicates);
}

}  // namespace

int run_import_reports(const ImportOptions& options) {
  Output output(options.json);
  pack::Problems problems;
  const auto map_bytes = read_file(options.map, 1U << 20U);
  if (!map_bytes) return output.problem(map_bytes.error());
  const auto map = ReportMap::parse(options.map, *map_bytes, problems);
  if (!map) return output.problem(map.error());
  if (!problems.empty()) return output.problems(problems);
  const auto bytes = read_file(options.file, 2U << 30U);
  if (!bytes) return output.problem(bytes.error());
  const auto csv = pack::Csv::parse(options.file, *bytes);
  if (!csv) return output.problem(csv.error());
  for (const auto& [name, column] : map->columns) {
    if (!csv->has(column))
      return output.problem({Problem::Kind::invalid, "csv-column", options.file + ":1", column,
                             "the column that " + options.map + " names for " + name, "mend the map"});
  }
  ManualClock clock(0);
  auto district = board::District::open(options.data, make_engines, {.clock = &clock});
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();

  ReportFigures figures;
  Reader reader(*map, *csv, figures);
  std::vector<Event> events = reader.events();
  std::optional<Problem> broken;
  auto classes =
      class_commands(*map, reader.classes(), board.database(), events.empty() ? 0 : events.front().at);
  board.decide(classes, [&](std::size_t, const board::Outcome& outcome) {
    if (!outcome) broken = outcome.error();
  });
  if (broken) return output.problem(*broken);

  std::vector<Command> commands;
  commands.reserve(events.size());
  for (Event& event : events) commands.push_back(std::move(event.command));
  std::vector<std::int64_t> closed;
  std::size_t done = 0;
  board.decide(commands, [&](std::size_t index, const board::Outcome& outcome) {
    output.progress(std::to_string(++done) + " of " + std::to_string(commands.size()) + " events, up to " +
                    format_instant(events[index].at));
    const Event& event = events[index];
    if (!outcome) {
      if (outcome.error().kind == Problem::Kind::unavailable) broken = outcome.error();
      if (event.order == 0)
        ++figures.refusals[outcome.error().code == "external-known" ? "id-repeated" : outcome.error().code];
      return;
    }
    if (event.order == 0) {
      ++figures.created;
      figures.due += reader.has_due(event.row) ? 1 : 0;
      figures.without_place += reader.placed(event.row) ? 0 : 1;
      figures.duplicates += reader.duplicate(event.row) ? 1 : 0;
    } else if (event.order == 1) {
      ++figures.closed;
      const auto answer = parse_json(outcome->answer);
      closed.push_back(answer ? answer->integer_or("case", 0) : 0);
    }
  });
  if (broken) return output.problem(*broken);
  // What is still open is seen as of the file's end, not as of today.
  const auto as_of = map->as_of.empty() ? std::optional(reader.last()) : map->instant_of(map->as_of);
  if (!as_of)
    return output.problem({Problem::Kind::invalid, "as-of-unreadable", "as_of", map->as_of,
                           "a local time in the map's format", ""});
  clock.set(*as_of);
  board.tick();
  const Json json = report(figures, late_of(board.database(), closed));
  output.result(json, json.dump());
  return exit_done;
}

}  // namespace qipan::cmd
