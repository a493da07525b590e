#include <algorithm>
#include <map>
#include <set>

#include "base/file.hpp"
#include "cmd/engines.hpp"
#include "cmd/observation_map.hpp"
#include "cmd/output.hpp"
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
  Importer(board::Board& board, const ObservationMap& map, Output& output)
      : board_(board), map_(map), output_(output) {}

  Result<void> check_columns(const std::string& file, const pack::Csv& csv) const {
    std::vector<std::string> needed = map_.time_columns;
    needed.push_back(map_.station_column);
    for (const Measure& measure : map_.measures) needed.push_back(measure.column);
    for (const std::string& column : needed) {
      if (!csv.has(column))
        return invalid("csv-column", file + ":1", column, "a column that the map names", "mend the map");
    }
    return {};
  }

  Result<void> take(const std::string& file, const pack::Csv& csv) {
    QIPAN_CHECK(check_columns(file, csv));
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
    for (const auto& row : csv.rows()) names.emplace(csv.cell(row, map_.station_column));
    for (const std::string& name : names) {
      if (name.empty()) continue;
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

  std::optional<Instant> time_of(const pack::Csv& csv, const pack::CsvRow& row) const {
    std::string text;
    for (const std::string& column : map_.time_columns) {
      text += text.empty() ? "" : " ";
      text += csv.cell(row, column);
    }
    return map_.times.instant_of(text);
  }

  /// Whether the cell is one of those that mean "not measured".
  [[nodiscard]] bool is_missing(std::string_view cell) const {
    return std::find(map_.missing.begin(), map_.missing.end(), cell) != map_.missing.end();
  }

  bool add_cell(sensing::Incoming& incoming, Instant time, const Measure& measure, std::string_view cell) {
    if (measure.kind == "category") {
      if (cell.empty() || cell.size() > sensing::category_bytes_max) return false;
      incoming.text(time, cell);
      return true;
    }
    if (measure.kind == "truth") {
      if (cell != "0" && cell != "1") return false;
      incoming.boolean(time, cell == "1");
      return true;
    }
    auto number = sensing::parse_number(cell);
    if (!number) return false;
    number->exponent += measure.factor.exponent;
    incoming.number(time, *number);
    return true;
  }

  Result<void> take_rows(const pack::Csv& csv, std::size_t begin, std::size_t end) {
    std::map<std::int64_t, sensing::Incoming> by_stream;
    std::map<std::string, std::vector<std::int64_t>, std::less<>> ids;
    const auto ids_of = [&](std::string_view name) -> const std::vector<std::int64_t>& {
      auto found = ids.find(name);
      if (found != ids.end()) return found->second;
      std::vector<std::int64_t> list;
      for (const Measure& measure : map_.measures)
        list.push_back(stream_id(code_of(name) + "-" + measure.property));
      return ids.emplace(std::string(name), std::move(list)).first->second;
    };
    for (std::size_t i = begin; i < end; ++i) {
      const pack::CsvRow& row = csv.rows()[i];
      ++figures_.rows;
      const auto time = csv.is_whole(row) ? time_of(csv, row) : std::nullopt;
      const std::string_view name = csv.cell(row, map_.station_column);
      const auto measures = static_cast<std::int64_t>(map_.measures.size());
      if (!time || name.empty()) {
        figures_.refused += measures;
        continue;
      }
      figures_.first = std::min(figures_.first, *time);
      figures_.last = std::max(figures_.last, *time);
      const auto& streams = ids_of(name);
      for (std::size_t k = 0; k < map_.measures.size(); ++k) {
        const std::string_view cell = csv.cell(row, map_.measures[k].column);
        if (is_missing(cell)) {
          ++figures_.missing;
          continue;
        }
        auto [incoming, made] = by_stream.try_emplace(streams[k]);
        if (made) incoming->second.stream(streams[k]);
        if (!add_cell(incoming->second, *time, map_.measures[k], cell)) ++figures_.refused;
      }
    }
    return send(by_stream);
  }

  Result<void> send(std::map<std::int64_t, sensing::Incoming>& by_stream) {
    std::vector<board::Command> commands;
    std::vector<std::int64_t> counts;
    for (auto& [id, incoming] : by_stream) {
      if (incoming.count() == 0) continue;
      board::Command command;
      command.kind = "sensing.observe";
      command.actor = "operator";
      // The past raises no alarm of today.
      command.body.set("archive", true);
      counts.push_back(static_cast<std::int64_t>(incoming.count()));
      command.block = incoming.take();
      commands.push_back(std::move(command));
    }
    std::optional<Problem> broken;
    board_.decide(commands, [&](std::size_t index, const board::Outcome& outcome) {
      if (!outcome) {
        if (outcome.error().kind == Problem::Kind::unavailable) broken = outcome.error();
        figures_.refused += counts[index];
        return;
      }
      const auto answer = parse_json(outcome->answer);
      figures_.repeated += answer ? answer->integer_or("repeated", 0) : 0;
      figures_.observations += counts[index];
    });
    if (broken) return refuse(*broken);
    return {};
  }

  board::Board& board_;
  const ObservationMap& map_;
  Output& output_;
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

  /// Values over the lowest limit of single values; none where there is no such limit.
  std::optional<std::int64_t> values(const std::string& code) {
    const sensing::StreamLimit* limit = lowest(code, 0);
    if (limit == nullptr) return std::nullopt;
    std::int64_t count = 0;
    for (const auto& sample : sensing::series_of(database_, streams_.find(code)->id, from_, to_, SIZE_MAX))
      count += sample.value > limit->threshold ? 1 : 0;
    return count;
  }

  /// Days of the district's time whose mean is over, of those with enough valid hours.
  std::optional<std::int64_t> days(const std::string& code) {
    const sensing::StreamLimit* limit = lowest(code, 24);
    if (limit == nullptr) return std::nullopt;
    std::int64_t count = 0;
    for (const auto& day : sensing::days_of(database_, streams_.find(code)->id, from_, to_, civil_offset)) {
      const bool over =
          day.hours >= limit->limit->valid_hours && day.hour_means > limit->threshold * 1'000 * day.hours;
      count += over ? 1 : 0;
    }
    return count;
  }

 private:
  static constexpr std::int64_t civil_offset = 8 * sensing::microseconds_per_hour;

  const sensing::StreamLimit* lowest(const std::string& code, std::int64_t hours) {
    const sensing::Stream* stream = streams_.find(code);
    const sensing::StreamLimit* lowest = nullptr;
    if (stream == nullptr) return lowest;
    for (const auto& one : stream->limits) {
      const bool fits = one.limit->side == sensing::Limit::Side::above && one.limit->mean_hours == hours;
      if (fits && (lowest == nullptr || one.threshold < lowest->threshold)) lowest = &one;
    }
    return lowest;
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
  Importer importer(board, *map, output);
  for (const std::string& file : options.files) {
    const auto bytes = read_file(file, 2U << 30U);
    if (!bytes) return output.problem(bytes.error());
    const auto csv = pack::Csv::parse(file, *bytes);
    if (!csv) return output.problem(csv.error());
    if (const auto taken = importer.take(file, *csv); !taken) return output.problem(taken.error());
  }
  const Json json = report(board, *map, importer);
  output.result(json, json.dump());
  return exit_done;
}

}  // namespace qipan::cmd
