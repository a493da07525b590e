#pragma once

#include <string>
#include <string_view>

namespace qipan {

/// Why something was refused. Every refusal names what, where, the rule it broke and what to do, so that a
/// user, a pack author and a calling system all learn the same thing. Never holds a personal value.
struct Problem {
  enum class Kind {
    invalid,          // the input breaks a rule; sending it again changes nothing
    unauthenticated,  // nobody is logged in
    forbidden,        // somebody is, but may not
    not_found,
    conflict,     // right in itself, wrong for the state that the district is in
    too_large,    // over a stated limit
    too_many,     // over a rate; try later
    unavailable,  // the district could not write; nothing was done, try again
  };

  // Written out of line, as copies of them in every refusing function were half of the compile time.
  Problem();
  Problem(Kind kind, std::string_view code, std::string_view field, std::string_view value,
          std::string_view rule, std::string_view remedy = {});
  Problem(const Problem& other);
  Problem(Problem&& other) noexcept;
  Problem& operator=(const Problem& other);
  Problem& operator=(Problem&& other) noexcept;
  ~Problem();

  Kind kind = Kind::invalid;
  std::string code;    // stable, kebab-case, for programs and translations: "case-transition-unknown"
  std::string field;   // path of the offending part, or file:line for packs
  std::string value;   // what stood there, shortened
  std::string rule;    // what was expected
  std::string remedy;  // what to do

  /// One line for logs and terminals: field, value, rule, remedy.
  [[nodiscard]] std::string line() const;
};

[[nodiscard]] std::string_view name_of(Problem::Kind kind);

/// HTTP status of RFC 9110 that says the same.
[[nodiscard]] int status_of(Problem::Kind kind);

/// At most `bytes_max` bytes of `text`, cut between code points, for quoting in a problem.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t bytes_max = 80);

}  // namespace qipan
