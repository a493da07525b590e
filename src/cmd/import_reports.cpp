#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "cases/row.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/report_map.hpp"
#include "cmd/told_rows.hpp"
#include "cmd/verbs.hpp"
#include "geo/polygons.hpp"
#include "pack/csv.hpp"

namespace qipan::cmd {

using board::Command;

namespace {

constexpr std::size_t class_bytes_max = 190;
constexpr std::size_t id_bytes_max = 120;

struct ReportFigures {
  std::int64_t rows = 0;
  std::int64_t created = 0;
  std::int64_t closed = 0;     // with a closing time of its own
  std::int64_t by_status = 0;  // closed by what its status says
  std::int64_t due = 0;
  std::int64_t late = 0;
  std::int64_t without_place = 0;
  std::int64_t duplicates = 0;
  std::int64_t known = 0;    // said the same before
  std::int64_t updated = 0;  // says something newer of a report that is here
  std::map<std::string, std::int64_t> refusals;
};

/// One row that can be entered, and what it counts for.
struct Report {
  std::size_t row = 0;
  Instant created = 0;
  bool closed = false;
  bool by_status = false;
  bool due = false;
  bool placed = false;
  bool duplicate = false;
  Command command;
};

/// Reads the file into one command a row; whatever a row lacks, or says against itself, is told.
class Reader {
 public:
  Reader(const ReportMap& map, const std::string& file, const pack::Csv& csv, ReportFigures& figures,
         ToldRows& told)
      : map_(map), file_(file), csv_(csv), figures_(figures), told_(told) {}

  std::vector<Report> reports() {
    std::vector<Report> reports;
    for (std::size_t i = 0; i < csv_.rows().size(); ++i) {
      ++figures_.rows;
      row(i, reports);
    }
    // What is still open is seen as of the file's end, not as of today.
    const auto as_of = map_.as_of.empty() ? std::optional(last_) : map_.instant_of(map_.as_of);
    for (Report& report : reports) report.command.body.set("as_of", as_of.value_or(last_));
    std::stable_sort(reports.begin(), reports.end(),
                     [](const Report& a, const Report& b) { return a.created < b.created; });
    return reports;
  }

  [[nodiscard]] const std::set<std::string>& classes() const { return classes_; }
  void refuse_row(std::size_t index, const std::string& column, std::string_view value,
                  const std::string& code, std::string_view reason) {
    ++figures_.refusals[code];
    told_.tell(file_, csv_.rows()[index].line, column, value, "refused", reason);
  }

 private:
  std::string_view cell(const pack::CsvRow& row, const std::string& name) const {
    const auto column = map_.columns.find(name);
    return column == map_.columns.end() ? std::string_view() : csv_.cell(row, column->second);
  }
  std::string column_of(const std::string& name) const {
    const auto column = map_.columns.find(name);
    return column == map_.columns.end() ? name : column->second;
  }
  void doubt(const pack::CsvRow& row, const std::string& name, std::string_view what,
             std::string_view reason) {
    told_.tell(file_, row.line, column_of(name), cell(row, name), what, reason);
  }

  /// A time of the file; one that stands there and cannot be read is told. Due times may lie far ahead, so
  /// they do not move the file's last time.
  std::optional<Instant> time(const pack::CsvRow& row, const std::string& name) {
    const std::string_view text = cell(row, name);
    if (text.empty()) return std::nullopt;
    const auto instant = map_.instant_of(text);
    if (!instant) doubt(row, name, "doubted", "a time as the map's format has it, from 1970 on; left out");
    if (instant && name != "due") last_ = std::max(last_, *instant);
    return instant;
  }

  void row(std::size_t index, std::vector<Report>& reports) {
    const pack::CsvRow& row = csv_.rows()[index];
    const auto refuse_cell = [&](const std::string& name, const std::string& code, std::string_view reason) {
      refuse_row(index, column_of(name), cell(row, name), code, reason);
    };
    const std::string_view name = cell(row, "class");
    const std::string id(cell(row, "id"));
    if (!csv_.is_whole(row)) {
      const std::string found = std::to_string(row.cells.size()) + " cells";
      told_.tell(file_, row.line, "", found, "doubted", "as many cells as the header has");
    }
    if (id.empty()) return refuse_cell("id", "id-missing", "an id");
    if (id.size() > id_bytes_max) return refuse_cell("id", "id-too-long", "an id of at most 120 bytes");
    if (name.empty()) return refuse_cell("class", "class-missing", "a class");
    if (name.size() > class_bytes_max)
      return refuse_cell("class", "class-too-long", "a class of at most 190 bytes");
    const auto created = map_.instant_of(cell(row, "created"));
    if (!created)
      return refuse_cell("created", "created-unreadable", "a time as the map's format has it, from 1970 on");
    if (!ids_.insert(id).second)
      return refuse_cell("id", "id-repeated", "each id once; nothing of this row was entered");
    last_ = std::max(last_, *created);
    classes_.emplace(name);
    Report report;
    report.row = index;
    report.created = *created;
    fill(row, report);
    reports.push_back(std::move(report));
  }

  void fill(const pack::CsvRow& row, Report& report) {
    Command& command = report.command;
    command.kind = "case.archive";
    command.actor = "import:" + map_.source;
    command.occurred = report.created;
    command.body.set("source", map_.source).set("external", cell(row, "id"));
    command.body.set("type", map_.type).set("class", cell(row, "class")).set("created", report.created);
    if (const auto due = time(row, "due")) {
      command.body.set("due", *due);
      report.due = true;
      if (*due < report.created) doubt(row, "due", "doubted", "a due time after the report was made; kept");
    }
    if (const auto place = cell(row, "place"); !place.empty()) {
      command.body.set("place", shortened(place, 500));
      if (place.size() > 500) doubt(row, "place", "rounded", "at most 500 bytes; the rest was cut");
    }
    set_point(row, report);
    Json fields = Json::object();
    for (const std::string field : {"agency", "method", "status"}) {
      const auto value = cell(row, field);
      if (value.empty()) continue;
      fields.set(field, shortened(value, 190));
      if (value.size() > 190) doubt(row, field, "rounded", "at most 190 bytes; the rest was cut");
    }
    command.body.set("fields", std::move(fields));
    set_ending(row, report);
  }

  void set_point(const pack::CsvRow& row, Report& report) {
    const std::string_view longitude = cell(row, "longitude");
    const std::string_view latitude = cell(row, "latitude");
    for (const auto& [x, y] : map_.no_places) {
      if ((x == "*" || x == longitude) && (y == "*" || y == latitude)) return;
    }
    if (longitude.empty() && latitude.empty()) return;
    const auto x = geo::parse_degrees(longitude, 180);
    const auto y = geo::parse_degrees(latitude, 90);
    if (!x || !y) {
      const bool swapped = geo::parse_degrees(latitude, 180) && geo::parse_degrees(longitude, 90);
      return doubt(row, x ? "latitude" : "longitude", "doubted",
                   swapped ? "degrees; longitude and latitude seem to be swapped, so it has no place"
                           : "decimal degrees; it has no place");
    }
    if (*x == 0 && *y == 0)
      return doubt(row, "longitude", "doubted", "a place other than 0, 0; it has no place");
    report.command.body.set("x", *x).set("y", *y);
    report.placed = true;
  }

  /// How and when it ended. A closing time that cannot be read, and a status that says closed without one,
  /// close it at the time of the status, or the file knows none.
  void set_ending(const pack::CsvRow& row, Report& report) {
    const std::string status(cell(row, "status"));
    const auto is = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), status) != list.end();
    };
    report.duplicate = is(map_.duplicates);
    const bool is_void = is(map_.voids);
    const auto changed = time(row, "status_time");
    const auto closed = time(row, "closed");
    const bool unreadable = !closed && !cell(row, "closed").empty();
    const bool says_closed = is(map_.closed);
    if (!closed && !unreadable && !says_closed && !report.duplicate && !is_void) return;
    const Instant at = closed ? *closed : changed.value_or(report.created);
    if (closed && *closed < report.created)
      doubt(row, "closed", "doubted", "a closing after the report was made; kept as the file says");
    if (!closed && !report.duplicate && !is_void)
      doubt(row, unreadable ? "closed" : "status", "moved",
            changed ? "a closing time; closed at the time of its status"
                    : "a closing time; closed when it was made");
    report.closed = closed.has_value();
    report.by_status = !closed && !report.duplicate && !is_void;
    report.command.body.set("closed", at);
    report.command.body.set("transition",
                            report.duplicate ? "mark_duplicate" : (is_void ? "withdraw" : "close"));
  }

  const ReportMap& map_;
  const std::string& file_;
  const pack::Csv& csv_;
  ReportFigures& figures_;
  ToldRows& told_;
  std::set<std::string> classes_;
  std::set<std::string> ids_;
  Instant last_ = instant_min;
};

std::vector<Command> class_commands_of(const ReportMap& map, const std::set<std::string>& names,
                                       Database& database) {
  std::vector<Command> commands;
  for (const std::string& name : names) {
    auto known = database.prepare("SELECT 1 FROM case_classes WHERE type=? AND code=?");
    known.bind(map.type).bind(name);
    if (known.step()) continue;
    Command command;
    command.kind = "case.define_class";
    command.actor = "import:" + map.source;
    command.body.set("type", map.type)
        .set("code", name)
        .set("title_zh", name)
        .set("title_en", name)
        .set("origin", "import " + map.source);
    commands.push_back(std::move(command));
  }
  return commands;
}

Json report_json(const ReportFigures& figures, const ToldRows& told) {
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
      .set("late", figures.late);
  json.set("without_place", figures.without_place).set("duplicates", figures.duplicates);
  json.set("closed_by_status", figures.by_status).set("known", figures.known).set("updated", figures.updated);
  Json counts = Json::object();
  for (const auto& [what, count] : told.by_what()) counts.set(what, count);
  return json.set("told", std::move(counts));
}

/// What the board said of one row.
void count(const Report& report, const board::Outcome& outcome, Reader& reader, ReportFigures& figures) {
  if (!outcome) {
    if (outcome.error().code == "report-known") {
      ++figures.known;
      return;
    }
    return reader.refuse_row(report.row, outcome.error().field, outcome.error().value, outcome.error().code,
                             outcome.error().rule);
  }
  const auto answer = parse_json(outcome->answer).value_or(Json::object());
  if (answer.text_or("outcome", "") != "created") {
    ++figures.updated;
    return;
  }
  ++figures.created;
  figures.due += report.due ? 1 : 0;
  figures.without_place += report.placed ? 0 : 1;
  figures.duplicates += report.duplicate ? 1 : 0;
  figures.closed += report.closed ? 1 : 0;
  figures.by_status += report.by_status ? 1 : 0;
  figures.late += report.closed && answer["late"] == Json(true) ? 1 : 0;
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
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();

  ReportFigures figures;
  ToldRows told;
  Reader reader(*map, options.file, *csv, figures, told);
  std::vector<Report> reports = reader.reports();
  if (!map->as_of.empty() && !map->instant_of(map->as_of))
    return output.problem({Problem::Kind::invalid, "as-of-unreadable", "as_of", map->as_of,
                           "a local time in the map's format", ""});
  std::optional<Problem> broken;
  auto classes = class_commands_of(*map, reader.classes(), board.database());
  board.decide(classes, [&](std::size_t, const board::Outcome& outcome) {
    if (!outcome) broken = outcome.error();
  });
  if (broken) return output.problem(*broken);

  std::vector<Command> commands;
  commands.reserve(reports.size());
  for (Report& report : reports) commands.push_back(std::move(report.command));
  board.decide(commands, [&](std::size_t index, const board::Outcome& outcome) {
    output.progress(std::to_string(index + 1) + " of " + std::to_string(commands.size()) + " reports");
    if (!outcome && outcome.error().kind == Problem::Kind::unavailable) broken = outcome.error();
    if (!broken) count(reports[index], outcome, reader, figures);
  });
  if (broken) return output.problem(*broken);
  const std::string path = options.told.empty() ? told_path(options.data, options.file) : options.told;
  if (const auto written = told.write(path); !written) return output.problem(written.error());
  Json json = report_json(figures, told);
  if (told.size() > 0) output.line("what the file says otherwise, row by row: " + path + told.shown());
  output.result(json, json.dump());
  // Nothing of a whole file was of use: a wrong map, most likely.
  return figures.rows > 0 && figures.created + figures.updated + figures.known == 0 ? exit_refused
                                                                                    : exit_done;
}

}  // namespace qipan::cmd
