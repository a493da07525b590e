#include "face/app/parameters.hpp"

namespace qipan::face {

Result<std::int64_t> number_parameter(const Reading& at, std::string_view name, std::int64_t otherwise,
                                      std::int64_t most, std::int64_t least) {
  const std::string_view text = at.request.parameter(name);
  if (text.empty()) return otherwise;
  const auto number = number_of(text);
  if (!number || *number > most || *number < least)
    return invalid("parameter-unreadable", std::string(name), text,
                   "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
                   "mend or leave out");
  return *number;
}

Result<std::int64_t> limit_parameter(const Reading& at, std::int64_t otherwise, std::int64_t most) {
  return number_parameter(at, "limit", otherwise, most, 1);
}

Result<Instant> instant_parameter(const Reading& at, std::string_view name, Instant otherwise) {
  const std::string_view text = at.request.parameter(name);
  if (text.empty()) return otherwise;
  auto instant = parse_instant(text);
  if (!instant) {
    Problem problem = instant.error();
    problem.field = name;
    return refuse(std::move(problem));
  }
  return *instant;
}

Result<std::optional<bool>> flag_parameter(const Reading& at, std::string_view name) {
  const std::string_view text = at.request.parameter(name);
  if (text.empty()) return std::optional<bool>();
  if (text != "true" && text != "false")
    return invalid("parameter-unreadable", std::string(name), text, "true or false", "mend or leave out");
  return std::optional<bool>(text == "true");
}

Result<board::Reach> reach_for(const Reading& at, std::string_view action, std::string_view family) {
  auto reach = at.snapshot.directory.reach(at.caller.actor, action, family);
  if (reach.empty()) QIPAN_CHECK(at.snapshot.directory.permit(at.caller.actor, action, family, {}));
  return reach;
}

Result<board::Scope> scope_for(const Reading& at, std::string_view action, std::string_view resource) {
  auto scope = at.snapshot.directory.scope(at.caller.actor, action, resource);
  if (scope.empty()) QIPAN_CHECK(at.snapshot.directory.permit(at.caller.actor, action, resource, {}));
  return scope;
}

}  // namespace qipan::face
