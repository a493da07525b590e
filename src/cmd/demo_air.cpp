#include "cmd/demo_air.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "pack/csv.hpp"

namespace qipan::cmd {

namespace {

constexpr std::int64_t air_minute = 60 * microseconds_per_second;
constexpr std::int64_t hour_length = 60 * air_minute;

/// Local midnight of the day in which an instant lies.
Instant day_begin(Instant instant) {
  return (instant + china_offset) / microseconds_per_day * microseconds_per_day - china_offset;
}

}  // namespace

Result<DemoAir> DemoAir::read(const std::string& file, const std::string& map_file) {
  QIPAN_TRY(map_bytes, read_file(map_file, 1U << 20U));
  pack::Problems problems;
  QIPAN_TRY(map, ObservationMap::parse(map_file, map_bytes, problems));
  if (!problems.empty()) return refuse(problems.front());
  QIPAN_TRY(bytes, read_file(file, 64U << 20U));
  QIPAN_TRY(csv, pack::Csv::parse(file, bytes));
  DemoAir air;
  std::vector<std::string> names;
  for (const auto& line : csv.rows()) {
    std::string time;
    for (const auto& column : map.time_columns)
      time += (time.empty() ? "" : " ") + std::string(csv.cell(line, column));
    const auto begin = map.times.instant_of(time);
    const std::string name(csv.cell(line, map.station_column));
    if (!begin || name.empty())
      return invalid("csv-row", file + ":" + std::to_string(line.line), time, "a time and a station",
                     "mend the file");
    auto known = std::find(names.begin(), names.end(), name);
    if (known == names.end()) known = names.insert(names.end(), name);
    Row row{static_cast<std::size_t>(known - names.begin()), *begin, {}};
    for (const auto& measure : map.measures) {
      auto number = sensing::parse_number(csv.cell(line, measure.column));
      if (!number || measure.kind != "measurement") continue;
      number->exponent += measure.factor.exponent;
      row.values.push_back({measure.property, *number});
    }
    air.rows_.push_back(std::move(row));
  }
  if (air.rows_.empty())
    return invalid("csv-empty", file, "", "at least one row", "name a file of measurements");
  return air;
}

std::vector<DemoAir::Hour> DemoAir::hours(Instant from, Instant to) const {
  Instant first = rows_.front().begin;
  Instant last = first;
  for (const Row& row : rows_) {
    first = std::min(first, row.begin);
    last = std::max(last, row.begin);
  }
  const Instant half = (day_begin(last) - day_begin(first) + microseconds_per_day) / 2;
  std::vector<Hour> hours;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const bool early = rows_[i].begin < day_begin(first) + half;
    const Instant shift = day_begin(to) - day_begin(last) + (early ? half : 0);
    const Instant begin = rows_[i].begin + shift;
    // Stations report in turn, a little after the hour.
    const std::size_t station = rows_[i].station * 2 + (early ? 1 : 0);
    const Instant at = begin + hour_length + static_cast<Instant>(2 + 3 * station) * air_minute;
    if (at >= from && at < to) hours.push_back({at, station, i, begin});
  }
  return hours;
}

board::Command DemoAir::command(Database& reader, const Hour& hour) const {
  std::string thing;
  {
    auto statement =
        reader.prepare("SELECT code FROM sensing_things WHERE retired=0 ORDER BY code LIMIT 1 OFFSET ?");
    statement.bind(static_cast<std::int64_t>(hour.station));
    if (statement.step()) thing = statement.text(0);
  }
  sensing::Incoming incoming;
  for (const Value& value : rows_[hour.row].values) {
    auto statement =
        reader.prepare("SELECT id FROM sensing_streams WHERE thing=? AND property=? AND retired=0 LIMIT 1");
    statement.bind(thing).bind(value.property);
    if (!statement.step()) continue;
    incoming.stream(statement.integer(0));
    incoming.number(hour.begin, value.number);
  }
  board::Command command;
  command.kind = "sensing.observe";
  command.actor = "operator";
  if (incoming.count() > 0) command.block = incoming.take();
  return command;
}

}  // namespace qipan::cmd
