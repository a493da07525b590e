#pragma once

#include "base/instant.hpp"
#include "board/engine.hpp"
#include "fields/conditions.hpp"
#include "registers/queries.hpp"

namespace qipan::registers {

// The commands of the engine; each decides one and records its facts.
[[nodiscard]] Result<void> add_entry(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> change_entry(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> retire_entry(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> reveal_value(board::Decision& decision, const Register& declared);
[[nodiscard]] Result<void> erase_value(board::Decision& decision, const Register& declared);

/// Changes of values from another day than today on (dated.cpp), of an entry that may be written.
[[nodiscard]] Result<void> plan_change(board::Decision& decision, const Register& declared,
                                       const Entry& entry, Day from);
[[nodiscard]] Result<void> correct_change(board::Decision& decision, const Register& declared,
                                          const Entry& entry, Day from);
[[nodiscard]] Result<void> withdraw_plan(board::Decision& decision, const Register& declared);
/// What was planned for today or before.
[[nodiscard]] Result<void> take_effect(board::Decision& decision, const Register& declared);

// What the commands share.
[[nodiscard]] Result<Entry> entry_to_write(board::Decision& decision, const Register& declared);
/// Values that read_values() gave, held against the conditions of the fields; what they refer to is there.
[[nodiscard]] Result<Json> hold_values(board::Decision& decision, const Register& declared,
                                       const Json& before, Json values, fields::Moment moment);
/// Values of the body as the register's fields read them, held so.
[[nodiscard]] Result<Json> read_entry(board::Decision& decision, const Register& declared, const Json& before,
                                      fields::Absent absent);
/// No other entry that is not retired has the value of a field in which it may stand once (`entry-known`,
/// `value-known`): now, or on any day from the given one until the entry is to have another.
[[nodiscard]] Result<void> check_unique(board::Decision& decision, const Register& declared,
                                        const Json& values, std::int64_t except);
[[nodiscard]] Result<void> check_unique_from(board::Decision& decision, const Register& declared,
                                             const Json& values, std::int64_t entry, Day from);
/// Another entry that has one of these values still, and is to have another by today; 0 for none.
[[nodiscard]] std::int64_t who_gives_way(Database& database, const Register& declared, const Json& values,
                                         std::int64_t entry, Day today);
/// How an entry stands that cases decide about, no hand changes beside them.
[[nodiscard]] Result<void> check_by_cases(const board::Decision& decision, const Register& declared,
                                          const Json& changed);
/// Whose the entry is from now on, where values say so.
void tell_party(const Register& declared, const Json& values, Json& fact);

/// Whether a value of it may stand in one entry alone.
[[nodiscard]] bool is_unique(const Register& declared, const Field& field);

}  // namespace qipan::registers
