#pragma once

#include "board/engine.hpp"
#include "sensing/streams.hpp"

namespace qipan::sensing {

/// The commands of the engine; each decides one and records its facts.
[[nodiscard]] Result<void> decide_observe(board::Decision& decision, Streams& streams);
[[nodiscard]] Result<void> decide_acknowledge(board::Decision& decision);
[[nodiscard]] Result<void> decide_tick(board::Decision& decision, Streams& streams);

/// How an alarm changes; as many facts as there are changes.
struct AlarmChange {
  enum class Kind { pending, dropped, raised, cleared };
  Kind kind = Kind::raised;
  Stream* stream = nullptr;
  StreamLimit* limit = nullptr;
  Instant time = 0;        // phenomenon time of what changed it
  std::int64_t value = 0;  // in steps; of a mean, in thousandths of steps
};

/// Alarm facts that one command records at most, so that the cases and notices which follow from them fit
/// beside them into a batch; what is left is looked at by the next tick.
inline constexpr std::size_t alarms_a_command_max = 20;

/// Looks at one new value, newest of its stream, and notes what it changes. Changes memory.
void judge(Stream& stream, const Sample& sample, std::vector<AlarmChange>& changes, bool& more);
/// Whether a value arriving ends the stream's silence.
void hear(Stream& stream, Instant time, std::vector<AlarmChange>& changes, bool& more);

/// The value that a stream is judged by was withdrawn: alarms of single values end with it.
void withdraw(Stream& stream, Instant time, std::vector<AlarmChange>& changes, bool& more);

/// Records the changes as facts; gives their alarms numbers.
void record_alarms(board::Decision& decision, const std::vector<AlarmChange>& changes, Json& raised);

/// When some stream will have been silent too long, if nothing comes.
[[nodiscard]] std::optional<Instant> next_silence(Streams& streams);

}  // namespace qipan::sensing
