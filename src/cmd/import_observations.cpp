#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/file.hpp"
#include "cmd/engines.hpp"
#include "cmd/observation_map.hpp"
#include "cmd/output.hpp"
#include "cmd/told_rows.hpp"
#include "cmd/verbs.hpp"
#include "pack/csv.hpp"
#include "sensing/queries.hpp"
#include "sensing/streams.hpp"

namespace qipan::cmd {

namespace {

constexpr std::size_t rows_a_command = 1'000;

using Measure = ObservationMap::Measure;

struct ObservationFigures {
  std::int64_t rows = 0;
  std::int64_t observations = 0;
  std::int64_t missing = 0;
  std::int64_t refused = 0;
  std::int64_t repeated = 0;
  std::int64_t corrected = 0;
  std::int64_t rounded = 0;
  std::map<std::string, std::int64_t> refusals;
  Instant first = instant_max;
  Instant last = instant_min;
};

/// Station names as codes: lower case, what is neither letter nor digit as a hyphen.
std::string code_of(std::string_view text) {
  std::string code;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) >= 0x80);
    code += upper ? static_cast<char>(c - 'A' + 'a') : plain ? c : '-';
  }
  return code;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The file as if it began with the header line that the map gives.
std::string with_header(const ObservationMap& map, std::string_view bytes) {
  std::string line;
  for (const std::string& column : map.header) line += (line.empty() ? "" : ",") + pack::csv_cell(column);
  return line.empty() ? std::string(bytes) : line + "\n" + std::string(bytes);
}

board::Command add_entry(const std::string& name, Json values) {
  board::Command command;
  command.kind = "register.add";
  command.actor = "operator";
  command.body.set("register", name).set("values", std::move(values));
  return command;
}

Json titles(const std::string& code, const pack::Title& title) {
  return Json::object().set("code", code).set("title_zh", title.zh).set("title_en", title.en);
}

/// Files of measurements into a district: makes what it has no entry for, then one observation a cell.
class Importer {
 public:
  Importer(board::Board& board, const ObservationMap& map, Output& output, ToldRows& told)
      : board_(board), map_(map), output_(output), told_(told) {}

  Result<void> check_columns(const std::string& file, const pack::Csv& csv) const {
    std::vector<std::string> needed = map_.time_columns;
    if (!map_.station_column.empty()) needed.push_back(map_.station_column);
    for (const Measure& measure : map_.measures) {
      needed.push_back(measure.column);
      if (!measure.quality_column.empty()) needed.push_back(measure.quality_column);
    }
    for (const std::string& column : needed) {
      if (!csv.has(column))
        return invalid("csv-column", file + ":1", column, "a column that the map names", "mend the map");
    }
    return {};
  }

  Result<void> take(const std::string& file, const pack::Csv& csv) {
    QIPAN_CHECK(check_columns(file, csv));
    file_ = file;
    seen_.clear();
    QIPAN_CHECK(make_entries(csv));
    for (std::size_t begin = 0; begin < csv.rows().size(); begin += rows_a_command) {
      const std::size_t end = std::min(csv.rows().size(), begin + rows_a_command);
      QIPAN_CHECK(take_rows(csv, begin, end));
      output_.progress(file + ": " + std::to_string(end) + " of " + std::to_string(csv.rows().size()) +
                       " rows");
    }
    return {};
  }

  [[nodiscard]] const ObservationFigures& figures() const { return figures_; }
  [[nodiscard]] const std::set<std::string>& stations() const { return stations_; }

 private:
  std::int64_t stream_id(const std::string& code) {
    auto statement = board_.database().prepare("SELECT id FROM sensing_streams WHERE code=? AND retired=0");
    statement.bind(code);
    return statement.step() ? statement.integer(0) : 0;
  }

  bool has_entry(const std::string& table, const std::string& code) {
    auto statement = board_.database().prepare("SELECT 1 FROM " + quoted_name("register_" + table) +
                                               " WHERE code=? AND retired=0");
    statement.bind(code);
    return statement.step();
  }

  Result<void> enter(std::vector<board::Command> commands) {
    std::optional<Problem> broken;
    board_.decide(commands, [&](std::size_t, const board::Outcome& outcome) {
      if (!outcome && !broken) broken = outcome.error();
    });
    if (broken) return refuse(*broken);
    return {};
  }

  Result<void> make_entries(const pack::Csv& csv) {
    std::vector<board::Command> commands;
    for (const Measure& measure : map_.measures) {
      if (!has_entry("observed_property", measure.property))
        commands.push_back(add_entry("observed_property", titles(measure.property, measure.title)));
    }
    std::set<std::string> names;
    for (const auto& row : csv.rows()) names.emplace(station_of(csv, row));
    names.erase("");
    // Before anything is made: two names that would be one station.
    std::map<std::string, std::string> by_code;
    for (const std::string& name : names) {
      const auto [known, added] = by_code.emplace(code_of(name), name);
      if (!added)
        return invalid("station-codes-coincide", file_, name,
                       "a name that is not written like " + known->second, "rename one of them in the file");
    }
    for (const std::string& name : names) {
      stations_.insert(name);
      const std::string thing = code_of(name);
      if (!has_entry("thing", thing)) commands.push_back(add_entry("thing", titles(thing, {name, name})));
      for (const Measure& measure : map_.measures) {
        const std::string code = thing + "-" + measure.property;
        if (stream_id(code) != 0) continue;
        Json values = titles(code, {name + " " + measure.title.zh, name + " " + measure.title.en});
        values.set("thing", thing).set("observed_property", measure.property).set("kind", measure.kind);
        values.set("decimals", std::int64_t{measure.decimals});
        if (!measure.unit_symbol.empty()) values.set("unit_symbol", measure.unit_symbol);
        commands.push_back(add_entry("datastream", std::move(values)));
      }
    }
    return enter(std::move(commands));
  }

  std::string station_of(const pack::Csv& csv, const pack::CsvRow& row) const {
    return map_.station_name.empty() ? std::string(trimmed(csv.cell(row, map_.station_column)))
                                     : map_.station_name;
  }

  std::optional<Instant> time_of(const pack::Csv& csv, const pack::CsvRow& row) const {
    std::string text;
    for (const std::string& column : map_.time_columns) {
      text += text.empty() ? "" : " ";
      text += trimmed(csv.cell(row, column));
    }
    return map_.times.instant_of(text);
  }

  /// Whether the cell is one of those that mean "not measured".
  [[nodiscard]] bool is_missing(std::string_view cell) const {
    return std::find(map_.missing.begin(), map_.missing.end(), cell) != map_.missing.end();
  }

  /// A cell on its way to its stream, and where it stands in the file.
  struct Cell {
    int line = 0;
    Instant time = 0;
    const Measure* measure = nullptr;
    std::string text;
    sensing::Quality quality = sensing::good;
  };

  void refuse_cell(const Cell& cell, const std::string& code, std::string_view reason) {
    ++figures_.refused;
    ++figures_.refusals[code];
    told_.tell(file_, cell.line, cell.measure->column, cell.text, "refused", reason);
  }

  /// What is no value of its kind is told here; the rest as the engine takes it.
  bool add_cell(sensing::Incoming& incoming, const Cell& cell) {
    const Measure& measure = *cell.measure;
    if (measure.kind == "category") {
      if (cell.text.empty() || cell.text.size() > sensing::category_bytes_max) return false;
      incoming.text(cell.time, cell.text, cell.quality);
      return true;
    }
    if (measure.kind == "truth") {
      if (cell.text != "0" && cell.text != "1") return false;
      incoming.boolean(cell.time, cell.text == "1", cell.quality);
      return true;
    }
    auto number = sensing::parse_number(cell.text);
    if (!number) return false;
    number->exponent += measure.factor.exponent;
    incoming.number(cell.time, *number, cell.quality);
    return true;
  }

  /// What was taken, but with fewer digits than the file has.
  void tell_rounded(const Cell& cell) {
    auto number = cell.measure->kind == "measurement" ? sensing::parse_number(cell.text) : std::nullopt;
    if (!number) return;
    number->exponent += cell.measure->factor.exponent;
    bool rounded = false;
    std::ignore = sensing::to_steps(*number, cell.measure->decimals, rounded);
    if (!rounded) return;
    ++figures_.rounded;
    told_.tell(file_, cell.line, cell.measure->column, cell.text, "rounded",
               "at most " + std::to_string(cell.measure->decimals) + " decimals, as the map says");
  }

  static std::string_view rule_of(const Measure& measure) {
    if (measure.kind == "category") return "a text of 1 to 120 bytes";
    return measure.kind == "truth" ? "0 or 1" : "a number, or a word that the map calls missing";
  }

  Result<void> take_rows(const pack::Csv& csv, std::size_t begin, std::size_t end) {
    std::map<std::int64_t, std::vector<Cell>> by_stream;
    std::map<std::string, std::vector<std::int64_t>, std::less<>> ids;
    const auto ids_of = [&](const std::string& name) -> const std::vector<std::int64_t>& {
      auto found = ids.find(name);
      if (found != ids.end()) return found->second;
      std::vector<std::int64_t> list;
      list.reserve(map_.measures.size());
      for (const Measure& measure : map_.measures)
        list.push_back(stream_id(code_of(name) + "-" + measure.property));
      return ids.emplace(name, std::move(list)).first->second;
    };
    for (std::size_t i = begin; i < end; ++i) {
      const pack::CsvRow& row = csv.rows()[i];
      ++figures_.rows;
      const auto time = csv.is_whole(row) ? time_of(csv, row) : std::nullopt;
      const std::string name = station_of(csv, row);
      if (!time || name.empty()) {
        refuse_row(csv, row, name);
        continue;
      }
      figures_.first = std::min(figures_.first, *time);
      figures_.last = std::max(figures_.last, *time);
      const auto& streams = ids_of(name);
      for (std::size_t k = 0; k < map_.measures.size(); ++k) {
        const std::string_view text = trimmed(csv.cell(row, map_.measures[k].column));
        if (is_missing(text)) {
          ++figures_.missing;
          continue;
        }
        const auto [before, fresh] = seen_[streams[k]].emplace(*time, row.line);
        if (!fresh) {
          told_.tell(file_, row.line, map_.measures[k].column, text, "doubted",
                     "one value at an instant; line " + std::to_string(before->second) +
                         " has another, and the last stands");
          before->second = row.line;
        }
        Cell cell{row.line, *time, &map_.measures[k], std::string(text)};
        if (read_quality(csv, row, cell)) by_stream[streams[k]].push_back(std::move(cell));
      }
    }
    for (auto& [id, cells] : by_stream) QIPAN_CHECK(send(id, cells));
    return {};
  }

  /// What the file says of a value; a word that nobody explained refuses it, as it may say that it is none.
  bool read_quality(const pack::Csv& csv, const pack::CsvRow& row, Cell& cell) {
    if (cell.measure->quality_column.empty()) return true;
    const std::string_view mark = trimmed(csv.cell(row, cell.measure->quality_column));
    const auto quality = map_.quality_of(mark);
    if (quality) {
      cell.quality = *quality;
    } else {
      refuse_cell(cell, "quality-unknown", "a mark that the map explains, not " + std::string(mark));
    }
    return quality.has_value();
  }

  /// A row without time or station takes all its values with it.
  void refuse_row(const pack::Csv& csv, const pack::CsvRow& row, const std::string& name) {
    figures_.refused += static_cast<std::int64_t>(map_.measures.size());
    const bool whole = csv.is_whole(row);
    const std::string code = !whole ? "row-not-whole" : name.empty() ? "station-missing" : "time-unreadable";
    figures_.refusals[code] += static_cast<std::int64_t>(map_.measures.size());
    std::string time;
    for (const std::string& column : map_.time_columns)
      time += (time.empty() ? "" : " ") + std::string(csv.cell(row, column));
    told_.tell(file_, row.line,
               !whole         ? ""
               : name.empty() ? map_.station_column
                              : map_.time_columns[0],
               !whole ? std::to_string(row.cells.size()) + " cells" : time, "refused",
               !whole         ? "as many cells as the header has"
               : name.empty() ? "a station"
                              : "a time as the map's format has it");
  }

  /// One command a stream. Where the engine refuses one value it refuses the array: the halves are asked by
  /// themselves, so that the good ones stay and the bad one is told.
  Result<void> send(std::int64_t id, std::span<const Cell> cells) {
    sensing::Incoming incoming;
    incoming.stream(id);
    std::vector<const Cell*> sent;
    for (const Cell& cell : cells) {
      if (add_cell(incoming, cell)) {
        sent.push_back(&cell);
      } else {
        refuse_cell(cell, "value-unreadable", rule_of(*cell.measure));
      }
    }
    if (sent.empty()) return {};
    board::Command command;
    command.kind = "sensing.observe";
    command.actor = "operator";
    // The past raises no alarm of today.
    command.body.set("archive", true);
    command.block = incoming.take();
    const board::Outcome outcome = board_.decide(std::move(command));
    if (outcome) {
      const auto answer = parse_json(outcome->answer).value_or(Json::object());
      figures_.repeated += answer.integer_or("repeated", 0);
      figures_.corrected += answer.integer_or("corrected", 0);
      figures_.observations += static_cast<std::int64_t>(sent.size());
      for (const Cell* cell : sent) tell_rounded(*cell);
      return {};
    }
    const Problem& problem = outcome.error();
    if (problem.kind == Problem::Kind::unavailable) return refuse(problem);
    if (problem.code == "observations-known") {
      figures_.repeated += static_cast<std::int64_t>(sent.size());
      figures_.observations += static_cast<std::int64_t>(sent.size());
      return {};
    }
    if (sent.size() == 1) {
      refuse_cell(*sent[0], problem.code, problem.rule);
      return {};
    }
    std::vector<Cell> left;
    left.reserve(sent.size());
    for (const Cell* cell : sent) left.push_back(*cell);
    const std::span<const Cell> rest(left);
    QIPAN_CHECK(send(id, rest.first(rest.size() / 2)));
    return send(id, rest.subspan(rest.size() / 2));
  }

  board::Board& board_;
  const ObservationMap& map_;
  Output& output_;
  ToldRows& told_;
  std::string file_;
  std::map<std::int64_t, std::map<Instant, int>> seen_;  // lines of a stream's instants in this file
  ObservationFigures figures_;
  std::set<std::string> stations_;
};

/// Counts over limits by reading back what is stored, so that the figures tell of the district, not of the
/// file.
class Excess {
 public:
  Excess(Database& database, const ObservationFigures& figures)
      : database_(database), from_(figures.first), to_(figures.last + 1) {
    streams_.refresh(database);
  }

  /// Values over a limit of single values; none where there is no such limit.
  std::optional<std::int64_t> values(const std::string& code) {
    const auto limits = limits_of(code, 0);
    if (limits.empty()) return std::nullopt;
    std::int64_t count = 0;
    for (const auto& sample : sensing::series_of(database_, streams_.find(code)->id, from_, to_, SIZE_MAX)) {
      if (sensing::is_valid(sample) && any_over(limits, {true, sample.value * 1'000, 1}, sample.time))
        ++count;
    }
    return count;
  }

  /// Days of the district's time whose mean is over, of those with enough valid hours.
  std::optional<std::int64_t> days(const std::string& code) {
    auto limits = limits_of(code, 24);
    if (limits.empty()) return std::nullopt;
    std::int64_t count = 0;
    for (const auto& day : sensing::days_of(database_, streams_.find(code)->id, from_, to_, china_offset)) {
      std::vector<const sensing::StreamLimit*> valid;
      std::copy_if(limits.begin(), limits.end(), std::back_inserter(valid),
                   [&](const auto* one) { return day.hours >= one->limit->valid_hours; });
      if (any_over(valid, {true, day.hour_means, day.hours}, day.begin)) ++count;
    }
    return count;
  }

 private:
  /// The limits from above of single values, or of means of so many hours.
  std::vector<const sensing::StreamLimit*> limits_of(const std::string& code, std::int64_t hours) {
    std::vector<const sensing::StreamLimit*> found;
    const sensing::Stream* stream = streams_.find(code);
    if (stream == nullptr) return found;
    for (const auto& one : stream->limits) {
      if (one.limit->side == sensing::Limit::Side::above && one.limit->mean_hours == hours)
        found.push_back(&one);
    }
    return found;
  }

  /// Each by what was in force at the value's own time.
  static bool any_over(const std::vector<const sensing::StreamLimit*>& limits, const sensing::Metric& metric,
                       Instant time) {
    return std::any_of(limits.begin(), limits.end(),
                       [&](const auto* one) { return one->is_over(metric, time); });
  }

  Database& database_;
  Instant from_;
  Instant to_;
  sensing::Streams streams_;
};

Json report(board::Board& board, const ObservationMap& map, const Importer& importer) {
  const ObservationFigures& figures = importer.figures();
  Json json = Json::object();
  json.set("rows", figures.rows).set("observations", figures.observations).set("missing", figures.missing);
  json.set("refused", figures.refused).set("repeated", figures.repeated);
  Json refusals = Json::object();
  for (const auto& [code, count] : figures.refusals) refusals.set(code, count);
  json.set("refusals", std::move(refusals))
      .set("corrected", figures.corrected)
      .set("rounded", figures.rounded);
  Excess excess(board.database(), figures);
  Json over = Json::object();
  Json means = Json::object();
  for (const std::string& name : importer.stations()) {
    Json over_here = Json::object();
    Json means_here = Json::object();
    for (const auto& measure : map.measures) {
      const std::string code = code_of(name) + "-" + measure.property;
      if (const auto count = excess.values(code)) over_here.set(measure.column, *count);
      if (const auto count = excess.days(code)) means_here.set(measure.column, *count);
    }
    over.set(name, std::move(over_here));
    means.set(name, std::move(means_here));
  }
  return json.set("over_limit", std::move(over)).set("mean24h_over", std::move(means));
}

}  // namespace

int run_import_observations(const ImportObservationsOptions& options) {
  Output output(options.json);
  pack::Problems problems;
  const auto map_bytes = read_file(options.map, 1U << 20U);
  if (!map_bytes) return output.problem(map_bytes.error());
  const auto map = ObservationMap::parse(options.map, *map_bytes, problems);
  if (!map) return output.problem(map.error());
  if (!problems.empty()) return output.problems(problems);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();
  if (!board.database().has_table("register_datastream")) {
    return output.problem({Problem::Kind::conflict, "pack-missing", "--data", options.data,
                           "a district with the pack sensing", "qipan install --data DIR packs/sensing"});
  }
  ToldRows told;
  Importer importer(board, *map, output, told);
  for (const std::string& file : options.files) {
    const auto bytes = read_file(file, 2U << 30U);
    if (!bytes) return output.problem(bytes.error());
    const auto csv = pack::Csv::parse(file, with_header(*map, *bytes));
    if (!csv) return output.problem(csv.error());
    if (const auto taken = importer.take(file, *csv); !taken) return output.problem(taken.error());
  }
  const std::string path =
      options.told.empty() ? told_path(options.data, options.files.front()) : options.told;
  if (const auto written = told.write(path); !written) return output.problem(written.error());
  const Json json = report(board, *map, importer);
  if (told.size() > 0) output.line("what the files say otherwise, row by row: " + path + told.shown());
  output.result(json, json.dump());
  return importer.figures().rows > 0 && importer.figures().observations == 0 ? exit_refused : exit_done;
}

}  // namespace qipan::cmd
