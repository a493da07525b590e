#pragma once

#include "base/json.hpp"
#include "board/directory.hpp"
#include "cases/row.hpp"
#include "face/app/sight.hpp"
#include "log/log.hpp"

namespace qipan::face {

[[nodiscard]] Json unit_json(const board::Directory& directory, UnitId id);
[[nodiscard]] Json title_json(const pack::Title& title);
/// Who did something: the actor, for people what their post is called, and for whom they acted.
[[nodiscard]] Json actor_json(Database& reader, const std::string& actor);
/// A line of a history: who did what when, for whom they stood in, and as much of the fact as the reader may
/// see.
[[nodiscard]] Json fact_json(Database& reader, const log::Log::Found& found, Json body);
/// A case type with its forms, and one of its transitions.
[[nodiscard]] Json case_type_json(const cases::CaseType& type);
[[nodiscard]] Json transition_json(const cases::CaseType& type, const cases::Transition& transition);
/// What a person may act for.
[[nodiscard]] Json own_mandates_json(Database& reader, const board::Directory& directory, PersonId person);
[[nodiscard]] Json instant_json(const std::optional<Instant>& instant);
/// A case as every list and page of the API shows it: of personal fields, and of those that are hidden from
/// the reader, only that they are there.
[[nodiscard]] Json row_json(const cases::CaseRow& row, const board::Directory& directory, const Sight& sight);

}  // namespace qipan::face
