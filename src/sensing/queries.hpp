#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/title.hpp"
#include "board/directory.hpp"
#include "sensing/series.hpp"

namespace qipan::sensing {

struct Limit;

/// Whether entries of that register are what it keeps itself: things and their streams.
[[nodiscard]] bool keeps_entries_of(std::string_view register_kind);

/// The samples of a stream in [from, to), in order of time, those not yet in chunks too; at most `most`, the
/// earliest first.
[[nodiscard]] std::vector<Sample> series_of(Database& reader, StreamId stream, Instant from, Instant to,
                                            std::size_t most);

/// Samples in range of one hour, or of one day in the district's civil time.
struct Aggregate {
  Instant begin = 0;
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t hours = 0;       // of a day: how many of its hours have a value
  std::int64_t hour_means = 0;  // of a day: sum of their means, in thousandths of a step
};
[[nodiscard]] std::vector<Aggregate> hours_of(Database& reader, StreamId stream, Instant from, Instant to);
/// Days that begin at `offset` from UTC; exact sums of hourly means, as the daily limits of GB 3095 want
/// them.
[[nodiscard]] std::vector<Aggregate> days_of(Database& reader, StreamId stream, Instant from, Instant to,
                                             std::int64_t offset);

/// A stream as readers see it, with its newest value.
struct StreamRow {
  StreamId id;
  std::string code;
  std::string title_zh;
  std::string title_en;
  std::string property;
  std::string kind;
  int decimals = 0;
  std::string unit_symbol;
  std::string thing;
  std::string thing_zh;
  std::string thing_en;
  std::string area_class;
  UnitId unit;
  std::optional<std::int64_t> x;
  std::optional<std::int64_t> y;
  std::optional<Sample> newest;
  std::optional<Instant> heard;
};
struct StreamFilter {
  std::string thing;
  std::string property;
  std::int64_t after = 0;
  std::int64_t limit = 500;
  std::vector<StreamId> only;  // empty: every one
};
[[nodiscard]] std::vector<StreamRow> list_streams(Database& reader, const StreamFilter& filter,
                                                  const board::Scope& scope);
[[nodiscard]] std::optional<StreamRow> find_stream(Database& reader, StreamId id);
/// The same as it is configured, without its newest value: reads nothing of what came.
[[nodiscard]] std::optional<StreamRow> find_stream_alone(Database& reader, StreamId id);
[[nodiscard]] std::vector<std::string> categories_of(Database& reader, StreamId id);

struct AlarmRow {
  AlarmId id;
  StreamId stream;
  std::string limit;
  std::string state;  // active or cleared
  Instant since = 0;  // phenomenon time at which the value went over
  Instant raised = 0;
  std::optional<Instant> cleared;
  std::string value;
  std::string threshold;
  std::string source;  // the clause by which it was judged
  std::int64_t grade = 1;
  UnitId unit;
  PersonId acknowledged;
  std::optional<Instant> acknowledged_at;
  Position position = 0;
};
struct AlarmFilter {
  std::optional<bool> active;
  std::optional<bool> acknowledged;
  std::optional<StreamId> stream;
  std::int64_t before = 0;  // number of the last alarm of the page before; 0: from the newest
  std::int64_t limit = 100;
};
[[nodiscard]] std::vector<AlarmRow> list_alarms(Database& reader, const AlarmFilter& filter,
                                                const board::Scope& scope);

[[nodiscard]] std::optional<Title> title_of_stream(Database& reader, StreamId id);
/// The one of that code that is not retired.
[[nodiscard]] std::optional<StreamId> find_stream_by_code(Database& reader, std::string_view code);
/// All that packs declared, by name.
[[nodiscard]] std::vector<Limit> list_limits(Database& reader);
[[nodiscard]] std::optional<Title> title_of_limit(Database& reader, std::string_view name);

}  // namespace qipan::sensing
