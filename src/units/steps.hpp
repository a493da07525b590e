#pragma once

#include "board/directory.hpp"
#include "board/engine.hpp"
#include "units/units_engine.hpp"

namespace qipan::units {

// The commands of the engine; each decides one and records its facts.
[[nodiscard]] Result<void> create_unit(board::Decision& decision);
[[nodiscard]] Result<void> change_unit(board::Decision& decision);
[[nodiscard]] Result<void> retire_unit(board::Decision& decision);
[[nodiscard]] Result<void> install_calendar(board::Decision& decision);
[[nodiscard]] Result<void> add_person(board::Decision& decision);
[[nodiscard]] Result<void> retire_person(board::Decision& decision);
[[nodiscard]] Result<void> set_password(board::Decision& decision);
[[nodiscard]] Result<void> set_second_factor(board::Decision& decision);
[[nodiscard]] Result<void> clear_second_factor(board::Decision& decision);
[[nodiscard]] Result<void> set_contact(board::Decision& decision);
[[nodiscard]] Result<void> reveal_person(board::Decision& decision);
[[nodiscard]] Result<void> give_post(board::Decision& decision);
[[nodiscard]] Result<void> take_post(board::Decision& decision);
[[nodiscard]] Result<void> set_deputy(board::Decision& decision);
[[nodiscard]] Result<void> set_absence(board::Decision& decision);
[[nodiscard]] Result<void> end_absence(board::Decision& decision);
[[nodiscard]] Result<void> give_mandate(board::Decision& decision);
[[nodiscard]] Result<void> end_mandate(board::Decision& decision);
[[nodiscard]] Result<void> issue_token(board::Decision& decision);
[[nodiscard]] Result<void> revoke_token(board::Decision& decision);

[[nodiscard]] tl::unexpected<Problem> missing(std::string field, std::string_view value, std::string rule);
/// The unit that a body names by code.
[[nodiscard]] Result<board::Unit> unit_named(board::Decision& decision, std::string_view field);

}  // namespace qipan::units
