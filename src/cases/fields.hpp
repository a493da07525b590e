#pragma once

#include "base/json.hpp"
#include "cases/declaration.hpp"

namespace qipan::cases {

/// Checks values against the fields that a step asks for: unknown ones are refused, required ones must be
/// there, each must fit its type. Returns them in the order of the declaration.
[[nodiscard]] Result<Json> check_fields(const CaseType& type, const std::vector<std::string>& asked,
                                        const std::vector<std::string>& required, const Json& values);

/// JSON Schema 2020-12 of a step's form, titles in both languages under x-title.
[[nodiscard]] Json form_schema(const CaseType& type, const std::vector<std::string>& asked,
                               const std::vector<std::string>& required);

}  // namespace qipan::cases
