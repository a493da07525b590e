#pragma once

#include "fields/type.hpp"

/// The types, one file each; a function gives its only object. A new one is added here and in type.cpp.
namespace qipan::fields::types {

[[nodiscard]] const Type* text();
[[nodiscard]] const Type* long_text();
[[nodiscard]] const Type* integer();
[[nodiscard]] const Type* decimal();
[[nodiscard]] const Type* money();
[[nodiscard]] const Type* percent();
[[nodiscard]] const Type* boolean();
[[nodiscard]] const Type* choice();
[[nodiscard]] const Type* choices();
[[nodiscard]] const Type* date();
[[nodiscard]] const Type* instant();
[[nodiscard]] const Type* month();
[[nodiscard]] const Type* year();
[[nodiscard]] const Type* duration();
[[nodiscard]] const Type* reference();
[[nodiscard]] const Type* place();
[[nodiscard]] const Type* line();
[[nodiscard]] const Type* area();
[[nodiscard]] const Type* photos();
[[nodiscard]] const Type* files();
[[nodiscard]] const Type* rows();
[[nodiscard]] const Type* credit_code();
[[nodiscard]] const Type* organisation_code();
[[nodiscard]] const Type* project_code();
[[nodiscard]] const Type* division_code();
[[nodiscard]] const Type* telephone();
[[nodiscard]] const Type* email();
[[nodiscard]] const Type* citizen_number();
[[nodiscard]] const Type* serial_number();

// Of commands' bodies alone: JSON whose inside something else declares.
[[nodiscard]] const Type* object();
[[nodiscard]] const Type* list();
[[nodiscard]] const Type* any();

}  // namespace qipan::fields::types
