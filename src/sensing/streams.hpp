#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "sensing/declaration.hpp"
#include "sensing/series.hpp"

namespace qipan::sensing {

inline constexpr std::int64_t microseconds_per_hour = 3'600 * microseconds_per_second;
inline constexpr std::string_view silence_limit = "silence";

enum class StreamKind { measurement, count, truth, category };

[[nodiscard]] StreamKind stream_kind(std::string_view name);

/// A mean in thousandths of a step, cut towards zero.
[[nodiscard]] std::int64_t mean_thousandths(std::int64_t sum, std::int64_t count);

/// Hourly sums of the last 24 hours, for running means.
class Hours {
 public:
  void add(const Sample& sample);
  /// A whole hour at once, as the aggregates have it.
  void add(std::int64_t hour, std::int64_t count, std::int64_t sum);
  struct Mean {
    std::int64_t hours = 0;        // how many of the hours have a value
    std::int64_t thousandths = 0;  // sum of the hours' means, in thousandths of a step
  };
  /// Of the `hours` hours that end with the one of the newest value.
  [[nodiscard]] Mean mean(std::int64_t hours) const;

 private:
  struct Bucket {
    std::int64_t hour = -1;
    std::int64_t count = 0;
    std::int64_t sum = 0;
  };
  std::array<Bucket, 24> buckets_{};
  std::int64_t newest_ = -1;
};

enum class AlarmState { none, pending, active };

/// One bound of a limit as it holds for a stream, in thousandths of its steps.
struct StreamBound {
  const Bound* bound = nullptr;  // lies in the limit
  std::int64_t threshold = 0;
  std::int64_t clears_at = 0;
};

/// What a limit looks at: a value, or the mean of some hours. Compared exactly: a sum of `factor` amounts
/// with as many times the bound.
struct Metric {
  bool known = false;
  std::int64_t sum = 0;  // in thousandths of steps
  std::int64_t factor = 1;
};

/// A limit as it holds for one stream, and how it stands there.
struct StreamLimit {
  std::shared_ptr<const Limit> limit;
  std::vector<StreamBound> bounds;  // of the class of the stream's thing, in order of time
  AlarmState state = AlarmState::none;
  AlarmId alarm;
  Instant since = 0;

  /// What is in force at `time`; null where nothing is.
  [[nodiscard]] const StreamBound* at(Instant time) const;
  /// Whether it is over the threshold that is in force at `time`.
  [[nodiscard]] bool is_over(const Metric& metric, Instant time) const;
  /// Whether an alarm of it goes on, with hysteresis.
  [[nodiscard]] bool goes_on(const Metric& metric, Instant time) const;
};

struct Stream {
  StreamId id;
  std::string code;
  pack::Title title;
  std::string property;
  StreamKind kind = StreamKind::measurement;
  int decimals = 0;
  std::string unit_symbol;
  std::optional<std::int64_t> low;
  std::optional<std::int64_t> high;
  std::int64_t silence = 0;                // microseconds without a value after which it is silent; 0: never
  std::optional<std::int64_t> change_max;  // the largest change from one value to the next that is plausible
  std::string thing_code;
  std::string area_class;  // of the thing
  pack::Title thing;
  UnitId unit;
  std::optional<std::int64_t> x;
  std::optional<std::int64_t> y;
  bool retired = false;

  // How it stands.
  std::optional<Sample> newest;
  /// What its alarms are judged by: the newest, unless that is ahead of the district's clock. A sensor whose
  /// clock was fast must not hide what is measured now.
  std::optional<Sample> judged;
  /// Since when the value is the same, of what is valid; for flat limits.
  std::optional<Sample> same_since;
  /// The newest that is valid; for what change from it is plausible.
  std::optional<Sample> valid;
  Instant heard = 0;  // when something last arrived; 0: never, and then nobody waits for it
  std::vector<StreamLimit> limits;
  /// What came and is not in chunks yet, and some that came before it, in order of time; of one instant what
  /// stands there now.
  std::vector<Sample> recent;
  std::vector<Sample> late;  // what came out of that order and is not put into it yet: arrange() does
  /// From which instant on that is all there is; nothing: nobody asked yet.
  std::optional<Instant> recent_from;
  std::unique_ptr<Hours> hours;  // only where a limit asks for a mean
  std::vector<std::string> categories;

  /// Whether what is valid before its newest value matters.
  [[nodiscard]] bool looks_back() const;
};

/// The limit as it holds for this stream: of the class of its area, in its steps; no alarm yet.
[[nodiscard]] StreamLimit stream_limit(std::shared_ptr<const Limit> limit, const Stream& stream);

/// What deciding needs of all streams, in memory: their configuration, newest values, hours and alarms.
/// Always what the tables say at `position`; made again from them whenever it is not.
class Streams {
 public:
  /// Reads what changed behind our back: other facts, or a decision that was undone.
  void refresh(Database& database);
  [[nodiscard]] Stream* find(StreamId id);
  [[nodiscard]] Stream* find(std::string_view code);
  [[nodiscard]] std::vector<Stream>& all() { return streams_; }
  /// From here on memory is ahead of the tables, until kept().
  void touch() { position_ = -1; }
  /// The facts up to `position` hold what memory was changed to.
  void kept(Position position) { position_ = static_cast<std::int64_t>(position); }
  /// After some note() and correct(): puts what came late into its order, all of it at once.
  static void arrange(Stream& stream);
  /// The value that a stream has at this instant, as arranged.
  [[nodiscard]] static std::optional<Sample> known(Database& database, Stream& stream, Instant time);
  /// After facts were folded: what came may have gone into chunks.
  void settled(Database& database);
  /// A value that is not known yet.
  void note(Stream& stream, const Sample& sample, Instant at);
  /// A value that takes the place of one that is known.
  void correct(Stream& stream, const Sample& before, const Sample& after, Instant at);

 private:
  void load(Database& database);
  void load_streams(Database& database);
  void load_limits(Database& database);
  void load_values(Database& database);
  static void load_hours(Database& database, Stream& stream);
  /// What flat limits and plausible changes need of the last day.
  static void load_before(Database& database, Stream& stream);
  static std::map<Instant, Sample> samples_since(Database& database, const Stream& stream, Instant from);
  static void put(Stream& stream, const Sample& sample);
  static void note_valid(Stream& stream, const Sample& sample, bool fresh);

  std::int64_t position_ = -1;
  std::vector<Stream> streams_;  // in order of id
  std::map<std::string, StreamId, std::less<>> by_code_;
};

}  // namespace qipan::sensing
