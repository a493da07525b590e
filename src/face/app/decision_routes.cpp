#include "cases/queries.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/rule_shapes.hpp"
#include "log/log.hpp"

namespace qipan::face {

namespace {

/// The model that a case's decision was made with; null once its pack's version can no longer be read as it
/// was.
const cases::Rule* rule_of(const cases::CaseType& type, std::string_view purpose) {
  for (const auto& [name, rule] : type.rules())
    if (name == purpose) return rule;
  return nullptr;
}

/// A stored decision, and how it came about: computed anew from what was stored, by the same model.
/// To whom some of its inputs are hidden it is told without the way to it, which shows them.
Json decision_json(const cases::CaseType* type, const std::string& purpose, const Json& stored, Day day,
                   const std::set<std::string, std::less<>>& hidden) {
  Json json = Json::object();
  json.set("purpose", purpose).set("stored", masked(stored, hidden)).set("explained", Json());
  const cases::Rule* rule = type == nullptr || !hidden.empty() ? nullptr : rule_of(*type, purpose);
  if (rule == nullptr) return json;
  const auto known_day = parse_day(stored.text_or("day", ""));
  auto explained =
      rule->model->explain(stored.text_or("decision", ""), stored["inputs"], known_day.value_or(day));
  // Another model would explain another decision.
  if (!explained || explained->text_or("hash", "") != stored.text_or("model", "")) return json;
  return json.set("explained", masked(std::move(*explained), hidden));
}

Response case_decisions(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  const cases::CaseType* type = at.snapshot.catalogue->in_set(row->type, row->set);
  const Sight sight(at);
  Json items = Json::array();
  for (const Position position : board::history_of(at.reader, row->subject())) {
    const auto found = log::Log::find(at.reader, position);
    if (!found) continue;
    const auto body = fact_body(at, found->fact);
    if (!body || !(*body)["decisions"].is_object()) continue;
    for (const auto& [purpose, stored] : (*body)["decisions"].members()) {
      Json item = decision_json(type, purpose, stored, china_day_of(found->command.at), sight.hidden(*row));
      items.push(std::move(item.set("position", position).set("at", format_instant(found->command.at))));
    }
  }
  return json_response(Json::object().set("items", std::move(items)));
}

}  // namespace

void add_decision_routes(RouteTable& table) {
  table
      .read("/api/v1/cases/{id}/decisions",
            "what rules decided about a case, step by step, with the clause each stands on and the smallest "
            "changes that would have led elsewhere",
            case_decisions)
      .answers(shape::items(shape::object({{"purpose", shape::text()},
                                           {"stored", shape::decided()},
                                           {"explained", shape::nullable(shape::explained())},
                                           {"position", shape::integer()},
                                           {"at", shape::instant()}})));
}

}  // namespace qipan::face
