#include <algorithm>
#include <map>

#include "board/directory.hpp"
#include "sensing/queries.hpp"
#include "sensing/steps.hpp"

namespace qipan::sensing {

using board::Decision;

namespace {

/// How far ahead of the district's clock a sensor's may be.
constexpr Instant ahead_max = 3'600 * microseconds_per_second;
/// Over a longer gap than this every change is plausible.
constexpr Instant neighbour_max = 3 * microseconds_per_hour;

/// What became of the values of one command; told to the sender, so that nothing is dropped in silence.
struct Tally {
  std::int64_t accepted = 0;
  std::int64_t late = 0;                     // older than the newest of their stream; kept in their place
  std::int64_t repeated = 0;                 // known already, and the same
  std::int64_t corrected = 0;                // known already, and other: the new one stands
  std::int64_t out_of_range = 0;             // kept and marked
  std::int64_t implausible = 0;              // kept and marked: too far from its neighbours
  std::int64_t marked = 0;                   // kept as what their sender calls them: calibration, fault…
  std::int64_t rounded = 0;                  // finer than the stream's step
  std::map<std::string, std::int64_t> over;  // values over a limit of single values, by its name
};

/// Decides one command's values, stream by stream.
class Observing {
 public:
  Observing(Decision& decision, Streams& streams)
      : decision_(decision),
        streams_(streams),
        archive_(decision.body()["archive"] == Json(true) &&
                 (decision.actor() == "operator" || decision.actor().starts_with("import:"))) {}

  /// Checks everything before anything is changed: an array is taken whole or not at all.
  Result<void> read(const IncomingBlock& incoming) {
    arriving_.reserve(incoming.values.size());
    for (const IncomingSeries& one : incoming.series) {
      QIPAN_TRY(stream, stream_of(one.stream));
      QIPAN_CHECK(may_observe(*stream));
      for (const IncomingValue& value : one.values) {
        QIPAN_TRY(sample, sample_of(*stream, value));
        arriving_.push_back({stream, sample});
      }
    }
    // Stream by stream, each in order of time; of one instant what was sent later comes later.
    const auto before = [](const Arriving& a, const Arriving& b) {
      return std::pair(a.stream->id, a.sample.time) < std::pair(b.stream->id, b.sample.time);
    };
    if (!std::is_sorted(arriving_.begin(), arriving_.end(), before))
      std::stable_sort(arriving_.begin(), arriving_.end(), before);
    return {};
  }

  Result<void> record() {
    streams_.touch();
    add_categories();
    kept_.reserve(arriving_.size() + arriving_.size() / 8);
    for (std::span<Arriving> left = arriving_; !left.empty();) {
      std::size_t count = 1;
      while (count < left.size() && left[count].stream == left.front().stream) ++count;
      settle(*left.front().stream, left.first(count));
      left = left.subspan(count);
    }
    Position last = 0;
    for (const auto& [stream, text] : new_categories_)
      last = decision_.record("sensing.category_added", board::subject_of("stream", stream.value),
                              Json::object().set("number", text.first).set("text", text.second));
    if (kept_.empty() && archive_) {
      return refuse({Problem::Kind::conflict, "observations-known", "", std::to_string(tally_.repeated),
                     "at least one value that is not here already", "nothing is left to do"});
    }
    if (kept_.empty()) {
      last = decision_.record("sensing.repeated", "sensing:0", Json::object().set("count", tally_.repeated));
    } else {
      last = decision_.record_block("sensing.observed", "sensing:0", encode_block(kept_series()));
    }
    Json raised = Json::array();
    record_alarms(decision_, changes_, raised);
    if (more_ || heard_again_) {
      const auto next = more_ ? std::optional(decision_.at()) : next_silence(streams_);
      last = decision_.record("sensing.watched", "sensing:0",
                              Json::object().set("timer", next ? Json(*next) : Json()));
    } else {
      last += changes_.size();
    }
    streams_.settled(decision_.database());
    streams_.kept(last);
    decision_.answer(answer(std::move(raised)));
    return {};
  }

 private:
  Result<Stream*> stream_of(StreamId id) {
    Stream* stream = streams_.find(id);
    if (stream != nullptr) return stream;
    return refuse({Problem::Kind::not_found, "datastream-unknown", "Datastream/@iot.id",
                   std::to_string(id.value), "the number of a datastream that is not retired",
                   "see GET /api/v1/datastreams"});
  }

  Result<void> may_observe(const Stream& stream) {
    if (permitted_ && *permitted_ == stream.unit) return {};
    QIPAN_CHECK(decision_.directory().permit(decision_.actor(), "observe", "stream", stream.unit));
    permitted_ = stream.unit;
    return {};
  }

  struct Arriving {
    Stream* stream;
    Sample sample;
  };
  /// Of one stream, from here on among what is kept.
  struct Kept {
    StreamId stream;
    std::size_t begin;
  };

  [[nodiscard]] std::vector<SeriesView> kept_series() const {
    std::vector<SeriesView> views;
    views.reserve(kept_of_.size());
    for (std::size_t i = 0; i < kept_of_.size(); ++i) {
      const std::size_t end = i + 1 < kept_of_.size() ? kept_of_[i + 1].begin : kept_.size();
      if (end > kept_of_[i].begin)
        views.push_back(
            {kept_of_[i].stream, std::span(kept_).subspan(kept_of_[i].begin, end - kept_of_[i].begin)});
    }
    return views;
  }

  static tl::unexpected<Problem> unfit(const Stream& stream, std::string_view value, std::string rule) {
    return invalid("result-unfit", "result of " + stream.code, value, std::move(rule),
                   "mend the value, or leave it out");
  }

  Result<Sample> sample_of(Stream& stream, const IncomingValue& value) {
    Sample sample;
    sample.time = value.time.value_or(decision_.at());
    if (sample.time > decision_.at() + ahead_max) {
      return invalid("time-ahead", "phenomenonTime of " + stream.code, format_instant(sample.time),
                     "at most one hour after " + format_instant(decision_.at()), "set the sensor's clock");
    }
    if (sample.time < instant_told_min) {
      return invalid("time-before", "phenomenonTime of " + stream.code, format_instant(sample.time),
                     "a time from 1900 on", "set the sensor's clock");
    }
    sample.flags = value.quality;
    if (value.quality != good) ++tally_.marked;
    if (value.kind == IncomingValue::Kind::text) {
      QIPAN_TRY(number, category_of(stream, value.text));
      sample.value = number;
      return sample;
    }
    if (value.kind == IncomingValue::Kind::boolean) {
      if (stream.kind != StreamKind::truth)
        return unfit(stream, value.boolean ? "true" : "false", "a number");
      sample.value = value.boolean ? 1 : 0;
      return sample;
    }
    if (stream.kind == StreamKind::category || stream.kind == StreamKind::truth)
      return unfit(stream, "a number", stream.kind == StreamKind::truth ? "true or false" : "a text");
    bool rounded = false;
    const auto steps = to_steps(value.number, stream.decimals, rounded);
    if (!steps)
      return unfit(stream,
                   std::to_string(value.number.mantissa) + "e" + std::to_string(value.number.exponent),
                   "at most 10^" + std::to_string(12 - stream.decimals));
    sample.value = *steps;
    if (rounded) ++tally_.rounded;
    const bool outside = (stream.low && *steps < *stream.low) || (stream.high && *steps > *stream.high);
    if (outside && is_valid(sample)) {
      sample.flags = out_of_range;
      ++tally_.out_of_range;
    }
    return sample;
  }

  Result<std::int64_t> category_of(const Stream& stream, std::string_view text) {
    if (stream.kind != StreamKind::category) return unfit(stream, shortened(text), "a number");
    if (text.empty() || text.size() > category_bytes_max || !is_utf8(text))
      return unfit(stream, shortened(text), "a text of 1 to 120 bytes in UTF-8");
    auto number = static_cast<std::int64_t>(stream.categories.size());
    const auto known = std::find(stream.categories.begin(), stream.categories.end(), text);
    if (known != stream.categories.end()) return known - stream.categories.begin();
    for (const auto& [id, added] : new_categories_) {
      if (id != stream.id) continue;
      if (added.second == text) return added.first;
      ++number;
    }
    if (number >= categories_max)
      return unfit(stream, shortened(text), "at most 1,000 different texts a stream");
    if (new_categories_.size() >= new_categories_max)
      return unfit(stream, shortened(text), "at most 500 texts that are new in one array");
    new_categories_.emplace_back(stream.id, std::pair(number, std::string(text)));
    return number;
  }

  void add_categories() {
    for (const auto& [id, text] : new_categories_) {
      Stream* stream = streams_.find(id);
      if (text.first == static_cast<std::int64_t>(stream->categories.size()))
        stream->categories.push_back(text.second);
    }
  }

  /// Repetition and lateness of one stream's values, in order of time; then its newest state and alarms.
  void settle(Stream& stream, std::span<Arriving> arriving) {
    const auto silent = changes_.size();
    hear(stream, decision_.at(), changes_, more_);
    heard_again_ = heard_again_ || changes_.size() > silent || (stream.silence > 0 && stream.heard == 0);
    kept_of_.push_back({stream.id, kept_.size()});
    for (auto& [of, sample] : without_repeated(arriving)) {
      const bool fresh = !stream.newest || sample.time > stream.newest->time;
      if (fresh && !is_plausible(stream, sample)) {
        sample.flags = implausible;
        ++tally_.implausible;
      } else if (fresh && bears_out(stream, sample)) {
        bear_out(stream);
      }
      const bool present = is_present(stream, sample);
      if (!fresh && !keep_late(stream, sample)) continue;
      kept_.push_back(sample);
      ++tally_.accepted;
      if (fresh) streams_.note(stream, sample, decision_.at());
      const bool judges = present || (stream.judged && stream.judged->time == sample.time);
      if (judges) stream.judged = sample;
      // A value that is withdrawn takes what it raised with it.
      if (judges && !fresh && !is_valid(sample) && !archive_) withdraw(stream, sample.time, changes_, more_);
      if (is_valid(sample)) count_over(stream, sample);
      // What comes late or is corrected may change a running mean, or be the value that raised an alarm.
      if (stream.judged && is_valid(*stream.judged) && !archive_)
        judge(stream, *stream.judged, changes_, more_);
    }
    stream.heard = std::max(stream.heard, decision_.at());
    Streams::arrange(stream);
  }

  /// Whether a value bears out the one before it, which was found implausible and is near it.
  static bool bears_out(const Stream& stream, const Sample& sample) {
    return stream.change_max && is_valid(sample) && stream.newest && stream.newest->flags == implausible &&
           std::abs(sample.value - stream.newest->value) <= *stream.change_max;
  }

  /// The newest value, found implausible, was a rise and no fault: it counts after all.
  void bear_out(Stream& stream) {
    const Sample before = *stream.newest;
    const Sample after{before.time, before.value, good};
    if (kept_.size() > kept_of_.back().begin && kept_.back().time == after.time) {
      kept_.back() = after;
      --tally_.implausible;
    } else {
      kept_.push_back(after);
      ++tally_.corrected;
    }
    streams_.correct(stream, before, after, decision_.at());
    count_over(stream, after);
  }

  /// Whether a value may follow the one before: near it, or near one that was itself too far and is borne out
  /// by this one.
  static bool is_plausible(const Stream& stream, const Sample& sample) {
    if (!stream.change_max || !is_valid(sample) || !stream.valid) return true;
    if (sample.time - stream.valid->time > neighbour_max) return true;
    return std::abs(sample.value - stream.valid->value) <= *stream.change_max || bears_out(stream, sample);
  }

  /// Whether this is now what its stream's alarms are judged by.
  [[nodiscard]] bool is_present(const Stream& stream, const Sample& sample) const {
    if (!stream.judged || stream.judged->time > decision_.at())
      return sample.time <= decision_.at() || !stream.newest || sample.time > stream.newest->time;
    return sample.time > stream.judged->time;
  }

  /// Of several values at one instant in one command the last stands.
  std::span<Arriving> without_repeated(std::span<Arriving> arriving) {
    std::size_t count = 0;
    for (const Arriving& one : arriving) {
      if (count == 0 || arriving[count - 1].sample.time != one.sample.time) {
        arriving[count++] = one;
        continue;
      }
      ++(arriving[count - 1].sample == one.sample ? tally_.repeated : tally_.corrected);
      arriving[count - 1] = one;
    }
    return arriving.first(count);
  }

  /// A value that is not newer than what its stream has: whether it is to be kept.
  bool keep_late(Stream& stream, const Sample& sample) {
    const auto before = Streams::known(decision_.database(), stream, sample.time);
    // What was found implausible here stays so when it is sent again.
    const bool same = before && before->value == sample.value &&
                      (before->flags == sample.flags || (before->flags == implausible && is_valid(sample)));
    if (same) {
      ++tally_.repeated;
      return false;
    }
    ++(before ? tally_.corrected : tally_.late);
    before ? streams_.correct(stream, *before, sample, decision_.at())
           : streams_.note(stream, sample, decision_.at());
    return true;
  }

  void count_over(const Stream& stream, const Sample& sample) {
    for (const StreamLimit& one : stream.limits) {
      if (!one.limit->compares() || one.limit->mean_hours > 0) continue;
      const bool over = one.is_over({true, sample.value * 1'000, 1}, sample.time);
      if (over) ++tally_.over[one.limit->name];
    }
  }

  [[nodiscard]] Json answer(Json raised) const {
    Json json = Json::object();
    json.set("accepted", tally_.accepted).set("late", tally_.late).set("repeated", tally_.repeated);
    json.set("corrected", tally_.corrected)
        .set("out_of_range", tally_.out_of_range)
        .set("implausible", tally_.implausible)
        .set("marked", tally_.marked)
        .set("rounded", tally_.rounded);
    Json over = Json::object();
    for (const auto& [name, count] : tally_.over) over.set(name, count);
    return json.set("over", std::move(over)).set("alarms", std::move(raised));
  }

  static constexpr std::int64_t categories_max = 1'000;
  static constexpr std::size_t new_categories_max = 500;

  Decision& decision_;
  Streams& streams_;
  bool archive_;  // history that is entered: kept, but no alarm of today
  std::optional<UnitId> permitted_;
  std::vector<Arriving> arriving_;
  std::vector<Sample> kept_;  // stream by stream, as kept_of_ says
  std::vector<Kept> kept_of_;
  std::vector<std::pair<StreamId, std::pair<std::int64_t, std::string>>> new_categories_;
  std::vector<AlarmChange> changes_;
  bool more_ = false;
  bool heard_again_ = false;
  Tally tally_;
};

Result<void> add_readable(Incoming& incoming, const std::string& place, const Json& time, const Json& result,
                          const Json& quality) {
  std::optional<Instant> instant;
  if (!time.is_null()) {
    if (!time.is_text()) return invalid("time-unreadable", place, time.dump(), "a time as RFC 3339 text");
    QIPAN_TRY(read, parse_instant(time.text()));
    instant = read;
  }
  const auto mark = quality.is_null()   ? std::optional(good)
                    : quality.is_text() ? quality_of(quality.text())
                                        : std::nullopt;
  if (!mark) return refuse(quality_unknown(place, quality.dump()));
  return add_result(incoming, instant, result, *mark);
}

/// The readable form of a command, for scenarios and tests: {stream: code} with one value as result, time?
/// and quality?, or several as values: [[time, result, quality?], …].
Result<Bytes> block_of(const Json& body, Streams& streams) {
  const std::string code = body.text_or("stream", "");
  const Stream* stream = streams.find(code);
  if (stream == nullptr)
    return invalid("datastream-unknown", "stream", code, "the code of a datastream that is not retired",
                   "see GET /api/v1/datastreams");
  Incoming incoming;
  incoming.stream(stream->id.value);
  if (!body.has("values")) {
    QIPAN_CHECK(add_readable(incoming, "result", body["time"], body["result"], body["quality"]));
    return incoming.take();
  }
  const Json& values = body["values"];
  if (values.items().empty() || values.items().size() > samples_a_block_max)
    return invalid("values-unreadable", "values", "", "a list of 1 to 20,000 [time, result]");
  for (const Json& value : values.items()) {
    const bool fits = value.is_array() && (value.items().size() == 2 || value.items().size() == 3);
    if (!fits)
      return invalid("values-unreadable", "values", value.dump(),
                     "[time, result] or [time, result, quality]");
    const auto& parts = value.items();
    QIPAN_CHECK(add_readable(incoming, "values", parts[0], parts[1], parts.size() > 2 ? parts[2] : Json()));
  }
  return incoming.take();
}

}  // namespace

Result<void> decide_observe(Decision& decision, Streams& streams) {
  streams.refresh(decision.database());
  Bytes own;
  if (decision.command().block.empty()) {
    QIPAN_TRY(block, block_of(decision.body(), streams));
    own = std::move(block);
  }
  QIPAN_TRY(incoming, read_incoming(own.empty() ? decision.command().block : own));
  Observing observing(decision, streams);
  QIPAN_CHECK(observing.read(incoming));
  return observing.record();
}

}  // namespace qipan::sensing
