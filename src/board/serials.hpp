#pragma once

#include <string_view>
#include <vector>

#include "base/database.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "fields/field.hpp"

namespace qipan::board {

void create_serial_tables(Database& database);

/// Sets in `values` the next number of each field of serial numbers that a new subject of the kind has, by
/// the district's day at that moment. Gives what its fact says of them as `serials`, from which they are
/// counted; null for none. A number is never given twice; one whose command was refused was never given.
[[nodiscard]] Json give_serials(Database& database, std::string_view kind,
                                const std::vector<fields::Field>& fields, Instant at, Json& values);

/// Writer's thread, in a fold: `serials` of a fact about a subject of that kind.
void note_serials(Database& database, std::string_view kind, const Json& serials);

}  // namespace qipan::board
