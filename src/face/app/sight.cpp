#include "face/app/sight.hpp"

#include "face/app/app.hpp"
#include "face/app/routes.hpp"

namespace qipan::face {

namespace {

const std::set<std::string, std::less<>> nothing;

Json masked_in(std::string_view parent, Json json, const std::set<std::string, std::less<>>& hidden) {
  if (log::is_sealed(json)) return Json::object().set("personal", true);
  if (json.is_array()) {
    Json clean = Json::array();
    for (const Json& item : json.items()) clean.push(masked_in({}, item, hidden));
    return clean;
  }
  if (!json.is_object()) return json;
  Json clean = Json::object();
  for (auto& [name, value] : json.take_members()) {
    const bool hides = log::holds_fields(parent) && !value.is_null() && hidden.contains(name);
    clean.set(name, hides ? Json::object().set("masked", true) : masked_in(name, std::move(value), hidden));
  }
  return clean;
}

}  // namespace

Json masked(Json json, const std::set<std::string, std::less<>>& hidden) {
  return masked_in({}, std::move(json), hidden);
}

Json masked_values(Json values, const std::set<std::string, std::less<>>& hidden) {
  return masked_in("values", std::move(values), hidden);
}

Sight::Sight(const Reading& at) : Sight(at.snapshot, at.caller.actor) {}

Sight::Sight(const Snapshot& snapshot, std::string_view actor)
    : reach_(snapshot.directory.reach(actor, "read_sensitive", "case")), catalogue_(*snapshot.catalogue) {}

const std::set<std::string, std::less<>>& Sight::hidden(const cases::CaseRow& row) const {
  const log::FieldShares* shares = catalogue_.shares_of(row.type);
  return shares == nullptr || cases::is_visible(row, reach_) ? nothing : shares->sensitive;
}

Json Sight::fields(const cases::CaseRow& row) const {
  return masked_values(row.fields, hidden(row));
}

}  // namespace qipan::face
