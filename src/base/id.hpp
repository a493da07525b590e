#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace qipan {

/// A sequential integer id that cannot be mistaken for another kind's.
template <class Tag>
struct Id {
  std::int64_t value = 0;
  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
};

using UnitId = Id<struct UnitTag>;
using PersonId = Id<struct PersonTag>;
using CaseId = Id<struct CaseTag>;
using StreamId = Id<struct StreamTag>;
using AlarmId = Id<struct AlarmTag>;

/// Place of a fact in the log, from 0. The next free place is also how many facts there are.
using Position = std::uint64_t;

}  // namespace qipan
