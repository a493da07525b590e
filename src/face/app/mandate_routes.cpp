#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/party.hpp"
#include "face/app/shapes.hpp"
#include "units/queries.hpp"

// Who acts for which organisation, for those who give mandates.

namespace qipan::face {

namespace {

constexpr std::int64_t mandates_page_max = 200;
constexpr std::int64_t parties_max = 50;

Json kinds_json(const std::vector<std::string>& kinds) {
  if (kinds.empty()) return {};
  Json json = Json::array();
  for (const std::string& kind : kinds) json.push(kind);
  return json;
}

Response mandates(Reading& at) {
  const auto scope = scope_for(at, "manage", "mandate");
  const auto limit = limit_parameter(at, 50, mandates_page_max);
  const auto before = number_parameter(at, "after", INT64_MAX, INT64_MAX);
  if (!scope) return problem_response(scope.error());
  for (const auto* parameter : {&limit, &before})
    if (!*parameter) return problem_response(parameter->error());
  auto rows = units::list_mandates(at.reader, *scope, *before, *limit + 1);
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  for (const units::MandateRow& row : rows) {
    const bool over =
        row.ended || at.snapshot.directory.mandate("mandate:" + std::to_string(row.id)) == nullptr;
    Json json = Json::object().set("id", row.id).set("login", row.login);
    json.set("title_zh", row.title_zh).set("title_en", row.title_en);
    json.set("party", party_json(at.reader, row.party)).set("kinds", kinds_json(row.kinds));
    items.push(json.set("until", instant_json(row.until)).set("in_force", !over));
  }
  return json_response(
      Json::object()
          .set("items", std::move(items))
          .set("next", more && !rows.empty() ? Json(std::to_string(rows.back().id)) : Json()));
}

/// Whoever gives mandates finds organisations by name, and no more of them.
Response parties(Reading& at) {
  if (const auto scope = scope_for(at, "manage", "mandate"); !scope) return problem_response(scope.error());
  const std::string_view text = at.request.parameter("q");
  if (text.empty() || text.size() > 200)
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "q", shortened(text),
                             "1 to 200 bytes of a title, or a key", ""});
  return json_response(Json::object().set("items", list_parties(at.reader, text, parties_max)));
}

}  // namespace

Json own_mandates_json(Database& reader, const board::Directory& directory, PersonId person) {
  Json list = Json::array();
  for (const board::Mandate* mandate : directory.mandates_of(person))
    list.push(Json::object()
                  .set("id", mandate->id)
                  .set("party", party_json(reader, mandate->party))
                  .set("kinds", kinds_json(mandate->kinds))
                  .set("until", instant_json(mandate->until)));
  return list;
}

void add_mandate_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/mandates", "who may act for which organisation, newest first", mandates)
      .answers(shape::page(shape::titled({{"id", shape::integer()},
                                          {"login", shape::text()},
                                          {"party", shape::party()},
                                          {"kinds", shape::nullable(shape::list(shape::text()))},
                                          {"until", shape::nullable(shape::instant())},
                                          {"in_force", shape::boolean()}})))
      .parameters({Make("after", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/parties", "organisations by title or key, 50 at most", parties)
      .answers(shape::items(shape::with(shape::party(), {{"key", shape::text()}})))
      .parameters({Make("q", types::text()).required()});
}

}  // namespace qipan::face
