#pragma once

#include "expr/node.hpp"

namespace qipan::expr {

/// The body of a function that a model asks of the Java platform (DMN 1.5, 10.3.2.13.3). `mapping` gives a
/// context with `class` and `method signature`; the arguments stand in the first `parameters` slots. No Java
/// runs: most static methods of java.lang.Math (not the exact and stepping ones) and valueOf, parse… and
/// toString of java.lang's number classes, Boolean, Character and String, and String.format, are answered
/// here by Java's rules; anything else, and an argument that Java's type does not hold, is null with a
/// diagnostic that names it.
[[nodiscard]] NodePtr java_node(NodePtr mapping, std::size_t parameters);

}  // namespace qipan::expr
