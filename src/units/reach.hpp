#pragma once

#include "board/directory.hpp"
#include "board/engine.hpp"

namespace qipan::units {

// Whom a command about people names, and whether its sender reaches so far.

struct Person {
  std::int64_t id = 0;
  UnitId unit;
};

/// The person that a body names: oneself, or somebody where the actor may `action` on `resource`. Whether
/// there is a login is told to nobody else.
[[nodiscard]] Result<Person> person_named(board::Decision& decision, std::string_view resource = "person",
                                          std::string_view action = "manage");

/// Managing a person reaches as far as the person does: their unit, and every unit they hold a post at; and
/// not to another administration than one's own.
[[nodiscard]] Result<void> may_manage(board::Decision& decision, const Person& person,
                                      std::string_view resource);

/// Refused where the person, who may stand in for others, would have two administrations by this role
/// (`administrations-apart`).
[[nodiscard]] Result<void> stays_apart(board::Decision& decision, const Person& person,
                                       const std::string& role);

/// Whether it is the sender's own person.
[[nodiscard]] bool is_oneself(board::Decision& decision, const Person& person);

}  // namespace qipan::units
