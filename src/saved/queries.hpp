#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/database.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace qipan::saved {

/// What somebody keeps of the pages: a list with its filters, columns and order, or how a board is arranged.
struct Saved {
  std::int64_t id = 0;
  std::string form;   // "list" or "board"
  std::string about;  // the collection that the list is of, the page that is arranged
  std::string title;
  Json content = Json::object();
  PersonId owner;
  UnitId unit;  // shared with who works there or below; 0: its owner's alone
};

[[nodiscard]] std::optional<Saved> find(Database& reader, std::int64_t id);
/// What a person keeps, and what is shared with one of the units, by number; of one form and thing where
/// these are said.
[[nodiscard]] std::vector<Saved> list(Database& reader, PersonId person, const std::vector<UnitId>& units,
                                      std::string_view form, std::string_view about);
[[nodiscard]] std::int64_t count_of(Database& reader, PersonId person);
/// That a unit's board of this page is arranged by; none where it is as its pack has it.
[[nodiscard]] std::optional<Saved> arrangement(Database& reader, UnitId unit, std::string_view about);

}  // namespace qipan::saved
