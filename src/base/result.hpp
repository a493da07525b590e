#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/problem.hpp"

namespace qipan {

/// What may be refused returns a Result; exceptions are only for what ends a transaction (disk, memory), and
/// asserts for what no input can cause.
template <class T>
using Result = tl::expected<T, Problem>;

[[nodiscard]] tl::unexpected<Problem> refuse(Problem problem);

/// What is wrong with an input: its value is quoted, shortened.
[[nodiscard]] tl::unexpected<Problem> invalid(std::string_view code, std::string_view field,
                                              std::string_view value, std::string_view rule,
                                              std::string_view remedy = {});

}  // namespace qipan

/// Leaves the function with the problem, if there is one; else names the value.
#define QIPAN_TRY(name, expression)                                             \
  auto name##_result = (expression);                                            \
  if (!name##_result) return ::qipan::refuse(std::move(name##_result).error()); \
  auto name = std::move(*name##_result)

#define QIPAN_CHECK(expression)                                  \
  do {                                                           \
    if (auto checked_result = (expression); !checked_result) {   \
      return ::qipan::refuse(std::move(checked_result).error()); \
    }                                                            \
  } while (false)
