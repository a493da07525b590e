#include "board/administration.hpp"

namespace qipan::board {

namespace {

struct Duty {
  Administration administration;
  std::string_view action;
  std::string_view resource;
};

constexpr Duty duties[] = {
    {Administration::system, "manage", "unit"},      {Administration::system, "manage", "person"},
    {Administration::system, "install", "pack"},     {Administration::system, "install", "calendar"},
    {Administration::security, "manage", "post"},    {Administration::security, "manage", "token"},
    {Administration::security, "manage", "mandate"}, {Administration::audit, "read", "audit"},
};

}  // namespace

std::string_view name_of(Administration administration) {
  switch (administration) {
    case Administration::system:
      return "system";
    case Administration::security:
      return "security";
    case Administration::audit:
      break;
  }
  return "audit";
}

std::string names_of(const std::set<Administration>& held) {
  std::string names;
  for (const Administration one : held) names += (names.empty() ? "" : ", ") + std::string(name_of(one));
  return names;
}

bool lies_under(std::string_view resource, std::string_view above) {
  return above == "*" || resource == above ||
         (resource.size() > above.size() && resource[above.size()] == '/' && resource.starts_with(above));
}

std::set<Administration> administrations_of(std::string_view action, std::string_view resource) {
  std::set<Administration> found;
  for (const Duty& duty : duties) {
    if ((action == "*" || action == duty.action) && lies_under(duty.resource, resource))
      found.insert(duty.administration);
  }
  return found;
}

}  // namespace qipan::board
