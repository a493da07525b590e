#pragma once

#include <vector>

#include "base/database.hpp"
#include "base/json.hpp"
#include "cases/catalogue.hpp"
#include "cases/row.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::face {

/// Whether the party of what has the field may see its value.
[[nodiscard]] bool is_for_party(const fields::Field& field);

/// An organisation as it is called in its register: {"subject", "title"}; titled by its number where there is
/// no such entry.
[[nodiscard]] Json party_json(Database& reader, std::string_view subject);

/// Values of a case that its party may see.
[[nodiscard]] Json party_fields(const cases::Catalogue& catalogue, const cases::CaseRow& row);

/// The organisation that an actor "mandate:5" acts or acted for; empty for others.
[[nodiscard]] std::string party_of_actor(Database& reader, std::string_view actor);

/// Organisations whose title or key has the text in it, in order of their numbers; retired ones are none.
[[nodiscard]] Json list_parties(Database& reader, std::string_view text, std::int64_t limit);

/// Own entries of an organisation in a register, by number: what is public there and what is its own to see.
/// `after` and `limit` page; `next` is null at the end.
[[nodiscard]] Json own_entries(Database& reader, const registers::Register& declared, std::string_view party,
                               std::int64_t after, std::int64_t limit);

}  // namespace qipan::face
