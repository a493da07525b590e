#pragma once

#include "expr/decision.hpp"

namespace qipan::rules {

/// Reads the decision tables of a DMN 1.2 to 1.5 file: hit policies UNIQUE, FIRST and ANY, inputs that name
/// one value, unary tests and literal outputs of the FEEL subset. Anything more is refused with its place in
/// the file. XML without a document type, at most 1 MB.
[[nodiscard]] Result<std::shared_ptr<const expr::DecisionModel>> load_tables(const std::string& path,
                                                                             std::string_view bytes);

}  // namespace qipan::rules
