#include "face/app/sight.hpp"

#include "face/app/app.hpp"
#include "face/app/routes.hpp"

namespace qipan::face {

namespace {

const std::set<std::string, std::less<>> nothing;

Json masked_below(Json json, const std::set<std::string, std::less<>>& hidden, bool top) {
  if (log::is_sealed(json)) return Json::object().set("personal", true);
  if (json.is_array()) {
    Json clean = Json::array();
    for (const Json& item : json.items()) clean.push(masked_below(item, hidden, false));
    return clean;
  }
  if (!json.is_object()) return json;
  Json clean = Json::object();
  for (auto& [name, value] : json.take_members()) {
    const bool hides = !top && !value.is_null() && hidden.contains(name);
    clean.set(name,
              hides ? Json::object().set("masked", true) : masked_below(std::move(value), hidden, false));
  }
  return clean;
}

}  // namespace

Json masked(Json json, const std::set<std::string, std::less<>>& hidden) {
  return masked_below(std::move(json), hidden, true);
}

Sight::Sight(const Reading& at)
    : reach_(at.snapshot.directory.reach(at.caller.actor, "read_sensitive", "case")),
      catalogue_(*at.snapshot.catalogue) {}

const std::set<std::string, std::less<>>& Sight::hidden(const cases::CaseRow& row) const {
  const log::FieldShares* shares = catalogue_.shares_of(row.type);
  return shares == nullptr || cases::is_visible(row, reach_) ? nothing : shares->sensitive;
}

Json Sight::fields(const cases::CaseRow& row) const {
  return std::move(
      masked(Json::object().set("fields", row.fields), hidden(row)).take_members().front().value);
}

}  // namespace qipan::face
