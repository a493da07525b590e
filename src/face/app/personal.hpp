#pragma once

#include <functional>

#include "board/command.hpp"
#include "fields/field.hpp"

namespace qipan::face {

class App;

/// Personal fields of that name which a body may mean, in the order in which they are tried.
using PersonalFields = std::function<std::vector<const fields::Field*>(std::string_view name)>;

/// Takes personal values out of an object in the command's body: they travel to the vault, never through the
/// log.
[[nodiscard]] Result<void> take_personal(board::Command& command, const std::string& member,
                                         const PersonalFields& personal);
/// The same of a case's form: by the type that the body names, or that of its case.
[[nodiscard]] Result<void> take_case_personal(App& app, board::Command& command);

}  // namespace qipan::face
