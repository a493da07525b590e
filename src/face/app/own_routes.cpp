#include <algorithm>

#include "cases/queries.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/party.hpp"
#include "face/app/shapes.hpp"
#include "log/receipt.hpp"
#include "notices/declaration.hpp"
#include "notices/queries.hpp"

// What an organisation sees and does for itself, by those who have its mandate: its own cases, entries and
// notices, from the fact on that made them its own, and of them what is declared for it. These routes are
// nobody else's, and no other route is theirs.

namespace qipan::face {

namespace {

constexpr std::int64_t page_max = 200;

const board::Mandate& mandate_of(const Reading& at) {
  // The route is open to nobody whose mandate is not in force in this very directory (App::read).
  return *at.snapshot.directory.mandate(at.caller.actor);
}

Json own_row(const Reading& at, const cases::CaseRow& row) {
  Json json = Json::object();
  json.set("id", row.id.value).set("type", row.type).set("state", row.state).set("open", row.open);
  json.set("class", row.case_class).set("place", row.place).set("created", format_instant(row.created));
  json.set("due", instant_json(row.due)).set("closed", instant_json(row.closed));
  json.set("responsible", unit_json(at.snapshot.directory, row.responsible));
  return json.set("fields", party_fields(*at.snapshot.catalogue, row));
}

struct OwnCase {
  cases::CaseRow row;
  Position since = 0;
};

Result<OwnCase> own_case(const Reading& at, CaseId id) {
  auto row = cases::find_case(at.reader, id);
  const auto party = row ? board::party_of(at.reader, row->subject()) : std::nullopt;
  if (!party || !cases::is_of_mandate(at.reader, *row, mandate_of(at)))
    return refuse({Problem::Kind::not_found, "case-unknown", "id", std::to_string(id.value),
                   "the number of a case of your organisation", "look it up in the list"});
  return OwnCase{std::move(*row), party->since};
}

Result<OwnCase> named_case(const Reading& at) {
  return own_case(at, {number_of(at.parts[0]).value_or(0)});
}

/// A form without the field that names the party, which is the caller's own.
Json own_form(fields::Form form) {
  std::erase_if(form, [](const fields::Asked& asked) { return asked.field->party; });
  return fields::form_schema(form);
}

/// Those of the fields that a party may see.
Json own_fields(const std::vector<fields::Field>& fields) {
  Json shown = Json::object();
  for (const fields::Field& field : fields) {
    if (is_for_party(field)) shown.set(field.name, fields::field_schema(field));
  }
  return shown;
}

/// An entry as its party sees it; nothing where it is another's.
Json own_values(const Reading& at, const board::Subject& subject) {
  const auto declared = registers::find_register(at.reader, subject.kind);
  if (!declared || !mandate_of(at).covers(subject.kind) || subject.id() < 1) return Json::object();
  const Json page = own_entries(at.reader, *declared, mandate_of(at).party, subject.id() - 1, 1);
  const auto& items = page["items"].items();
  return !items.empty() && items.front()["id"] == Json(subject.id()) ? items.front()["values"]
                                                                     : Json::object();
}

/// What a form begins with: values of the organisation's own entry that fields say they are taken over from.
Json own_prefill(const Reading& at, const std::vector<fields::Field>& fields) {
  const fields::Field* party = fields::party_field(fields);
  const bool any =
      std::any_of(fields.begin(), fields.end(), [](const auto& one) { return !one.prefill.empty(); });
  if (party == nullptr || !any) return Json::object();
  const Json values = own_values(at, board::Subject::of(mandate_of(at).party));
  Json prefilled = Json::object();
  for (const fields::Field& field : fields) {
    const std::string prefix = party->name + ".";
    if (!field.prefill.starts_with(prefix)) continue;
    const Json* value = values.find(field.prefill.substr(prefix.size()));
    if (value != nullptr) prefilled.set(field.name, *value);
  }
  return prefilled;
}

Json own_type(const Reading& at, const cases::CaseType& type) {
  Json states = Json::object();
  for (const cases::State& state : type.states) states.set(state.name, title_json(state.title));
  const bool opens = cases::opens_to_party(type.creators);
  Json json = Json::object().set("name", type.name).set("title", title_json(type.title));
  json.set("states", std::move(states)).set("create", opens ? own_form(cases::create_form(type)) : Json());
  json.set("prefill", opens ? own_prefill(at, type.fields) : Json::object());
  return json.set("fields", own_fields(type.fields));
}

Json own_types(const Reading& at) {
  Json types = Json::array();
  for (const cases::CaseType* type : at.snapshot.catalogue->all_newest()) {
    const bool concerns =
        cases::opens_to_party(type->creators) || fields::party_field(type->fields) != nullptr;
    if (concerns && mandate_of(at).covers(type->name)) types.push(own_type(at, *type));
  }
  return types;
}

Json own_registers(const Reading& at) {
  Json items = Json::array();
  for (const auto& [name, declared] : registers::load_registers(at.reader)) {
    if (!mandate_of(at).covers(name)) continue;
    const std::int64_t count = board::count_of_party(at.reader, name, mandate_of(at).party);
    if (count == 0) continue;
    items.push(Json::object()
                   .set("name", name)
                   .set("title", title_json(declared.title))
                   .set("count", count)
                   .set("fields", own_fields(declared.fields)));
  }
  return items;
}

Response own(Reading& at) {
  const board::Mandate& mandate = mandate_of(at);
  Json json = Json::object().set("mandate", mandate.id).set("party", party_json(at.reader, mandate.party));
  json.set("until", instant_json(mandate.until)).set("registers", own_registers(at));
  return json_response(json.set("kinds", own_types(at)));
}

Response cases_page(Reading& at) {
  cases::CaseFilter filter;
  filter.mandate = mandate_of(at);
  filter.type = at.request.parameter("type");
  filter.after = at.request.parameter("after");
  const auto open = flag_parameter(at, "open");
  const auto limit = limit_parameter(at, 50, page_max);
  if (!open) return problem_response(open.error());
  if (!limit) return problem_response(limit.error());
  filter.open = *open;
  filter.limit = *limit;
  const auto page = cases::list_cases(at.reader, filter, board::Reach{{true, {}}, {}}, at.snapshot.directory);
  if (!page) return problem_response(page.error());
  Json items = Json::array();
  for (const cases::CaseRow& row : page->rows) items.push(own_row(at, row));
  return json_response(Json::object()
                           .set("items", std::move(items))
                           .set("next", page->next.empty() ? Json() : Json(page->next)));
}

Response case_detail(Reading& at) {
  const auto found = named_case(at);
  if (!found) return problem_response(found.error());
  const cases::CaseRow& row = found->row;
  const cases::CaseType* type = at.snapshot.catalogue->in_set(row.type, row.set);
  Json actions = Json::array();
  for (const cases::Transition& one :
       type == nullptr ? std::vector<cases::Transition>() : type->transitions) {
    const bool now = std::find(one.from.begin(), one.from.end(), row.state) != one.from.end();
    if (now && cases::opens_to_party(one.roles))
      actions.push(Json::object()
                       .set("name", one.name)
                       .set("title", title_json(one.title))
                       .set("form", own_form(cases::transition_form(*type, one)))
                       .set("comment_required", one.comment_required));
  }
  return json_response(own_row(at, row)
                           .set("case_type", type == nullptr ? Json() : own_type(at, *type))
                           .set("actions", std::move(actions)));
}

Json without(Json object, std::string_view member) {
  Json rest = Json::object();
  for (auto& [name, value] : object.take_members())
    if (name != member) rest.add(name, std::move(value));
  return rest;
}

/// What the facts of a subject say to its party since it is; who of the office did it is not told.
Json own_history(Reading& at, const std::string& subject, Position since) {
  Json items = Json::array();
  for (const Position position : board::history_of(at.reader, subject)) {
    const auto found = position < since ? std::nullopt : log::Log::find(at.reader, position);
    if (!found) continue;
    Json body = fact_body(at, found->fact, log::Audience::party).value_or(Json::object());
    if (body.members().empty()) continue;
    // What stood there before it was theirs is not theirs to see.
    if (position == since) body = without(std::move(body), "was");
    items.push(Json::object()
                   .set("position", position)
                   .set("at", format_instant(found->command.at))
                   .set("kind", found->fact.kind)
                   .set("own", party_of_actor(at.reader, found->command.actor) == mandate_of(at).party)
                   .set("body", std::move(body)));
  }
  return Json::object().set("items", std::move(items));
}

Response case_history(Reading& at) {
  const auto found = named_case(at);
  if (!found) return problem_response(found.error());
  return json_response(own_history(at, found->row.subject(), found->since));
}

Problem unknown_register(std::string_view name) {
  return {Problem::Kind::not_found,
          "register-unknown",
          "register",
          shortened(name),
          "a register that your mandate covers",
          "see GET /api/v1/own"};
}

Response entries(Reading& at) {
  const std::string& name = at.parts[0];
  const auto declared = registers::find_register(at.reader, name);
  if (!declared || !mandate_of(at).covers(name)) return problem_response(unknown_register(name));
  const auto limit = limit_parameter(at, 50, page_max);
  const auto after = number_parameter(at, "after", 0, INT64_MAX);
  for (const auto* parameter : {&limit, &after})
    if (!*parameter) return problem_response(parameter->error());
  return json_response(own_entries(at.reader, *declared, mandate_of(at).party, *after, *limit));
}

Response entry_history(Reading& at) {
  const std::string subject = board::subject_of(at.parts[0], number_of(at.parts[1]).value_or(0));
  const auto party = board::party_of(at.reader, subject);
  const bool entry = registers::find_register(at.reader, at.parts[0]).has_value();
  if (!entry || !mandate_of(at).covers(at.parts[0]) || !party || party->subject != mandate_of(at).party)
    return problem_response({Problem::Kind::not_found, "entry-unknown", "id", shortened(at.parts[1]),
                             "the number of an entry of your organisation", "look it up in the list"});
  return json_response(own_history(at, subject, party->since));
}

Response own_notices(Reading& at) {
  const auto limit = limit_parameter(at, 50, page_max);
  const auto before = number_parameter(at, "after", INT64_MAX, INT64_MAX);
  for (const auto* parameter : {&limit, &before})
    if (!*parameter) return problem_response(parameter->error());
  auto rows = notices::list_own_notices(at.reader, mandate_of(at), *before, *limit + 1);
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  for (const notices::NoticeRow& row : rows)
    items.push(Json::object()
                   .set("id", row.id)
                   .set("case", row.case_id)
                   .set("at", format_instant(row.queued_at))
                   .set("subject", row.subject)
                   .set("text", notices::with_link(row.text, "")));
  return json_response(
      Json::object()
          .set("items", std::move(items))
          .set("next", more && !rows.empty() ? Json(std::to_string(rows.back().id)) : Json()));
}

/// The case's party gets the parts that are told to it.
Response own_receipt(Reading& at) {
  const auto position = static_cast<Position>(number_of(at.parts[0]).value_or(INT64_MAX));
  const auto found = log::Log::find(at.reader, position);
  const auto party = found ? board::party_of(at.reader, found->fact.subject) : std::nullopt;
  const bool own = party && party->subject == mandate_of(at).party && position >= party->since &&
                   mandate_of(at).covers(board::Subject::of(found->fact.subject).kind) &&
                   // The change that made it theirs says what stood there before.
                   (position > party->since || found->fact.kind != "case.moved");
  if (!own)
    return problem_response({Problem::Kind::not_found, "position-unknown", "position", shortened(at.parts[0]),
                             "the position of a fact of your organisation", "take it from a history"});
  const auto text =
      log::make_receipt(at.reader, position, at.app.district().signing_key(), log::Audience::party);
  if (!text) return problem_response(text.error());
  Response response = Response::text(200, *text);
  response.headers.emplace_back(
      "Content-Disposition", "attachment; filename=\"receipt-" + std::to_string(position) + ".tlog-proof\"");
  return response;
}

Response photo(Reading& at) {
  const std::string_view entry = at.request.parameter("entry");
  if (!entry.empty()) {
    const board::Subject subject = board::Subject::of(entry);
    return photo_response(at.app, at.parts[0],
                          entry_contents(at.reader, subject.kind, own_values(at, subject)));
  }
  const auto found = own_case(at, {number_of(at.request.parameter("case")).value_or(0)});
  if (!found) return problem_response(found.error());
  const cases::Catalogue& catalogue = *at.snapshot.catalogue;
  return photo_response(at.app, at.parts[0],
                        case_contents(catalogue, found->row, party_fields(catalogue, found->row)));
}

Json row_shape() {
  return shape::object({{"id", shape::integer()},
                        {"type", shape::text()},
                        {"state", shape::text()},
                        {"open", shape::boolean()},
                        {"class", shape::text()},
                        {"place", shape::text()},
                        {"created", shape::instant()},
                        {"due", shape::nullable(shape::instant())},
                        {"closed", shape::nullable(shape::instant())},
                        {"responsible", shape::unit()},
                        {"fields", shape::map(shape::any())}});
}

Json type_shape() {
  return shape::object({{"name", shape::text()},
                        {"title", shape::title()},
                        {"states", shape::map(shape::title())},
                        {"create", shape::nullable(shape::form())},
                        {"prefill", shape::map(shape::any())},
                        {"fields", shape::map(shape::field())}});
}

Json history_shape() {
  return shape::items(shape::object({{"position", shape::integer()},
                                     {"at", shape::instant()},
                                     {"kind", shape::text()},
                                     {"own", shape::boolean()},
                                     {"body", shape::map(shape::any())}}));
}

void add_case_parts(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/own/cases", "cases of the organisation that I act for", cases_page)
      .answers(shape::page(row_shape()))
      .parameters({Make("type", types::text()), Make("open", types::boolean()), Make("after", types::text()),
                   Make("limit", types::integer())})
      .of_parties();
  table.read("/api/v1/own/cases/{id}", "one of them, with what its party may do", case_detail)
      .answers(shape::with(
          row_shape(), {{"case_type", shape::nullable(type_shape())},
                        {"actions", shape::list(shape::object({{"name", shape::text()},
                                                               {"title", shape::title()},
                                                               {"form", shape::form()},
                                                               {"comment_required", shape::boolean()}}))}}))
      .of_parties();
  table.read("/api/v1/own/cases/{id}/history", "what is told to its party of each fact", case_history)
      .answers(history_shape())
      .of_parties();
  table.sends("POST", "/api/v1/own/cases", "case.create", send_with_fields)
      .leaves_out({"unit", "source", "external", "occurred", "due", "signal"})
      .creating()
      .of_parties();
  table.sends("POST", "/api/v1/own/cases/{id}/transitions/{transition}", "case.transition", send_with_fields)
      .leaves_out({"source", "external", "responsible", "extension", "parent"})
      .creating()
      .of_parties();
}

}  // namespace

void add_own_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/own", "the organisation that I act for: its registers and kinds of cases", own)
      .answers(
          shape::object({{"mandate", shape::integer()},
                         {"party", shape::party()},
                         {"until", shape::nullable(shape::instant())},
                         {"registers", shape::list(shape::object({{"name", shape::text()},
                                                                  {"title", shape::title()},
                                                                  {"count", shape::integer()},
                                                                  {"fields", shape::map(shape::field())}}))},
                         {"kinds", shape::list(type_shape())}}))
      .of_parties();
  add_case_parts(table);
  table.read("/api/v1/own/registers/{register}/entries", "its entries in a register", entries)
      .answers(shape::page(shape::object({{"id", shape::integer()}, {"values", shape::map(shape::any())}})))
      .parameters({Make("after", types::integer()), Make("limit", types::integer())})
      .of_parties();
  table
      .read("/api/v1/own/registers/{register}/entries/{id}/history", "what is told to it of each fact",
            entry_history)
      .answers(history_shape())
      .of_parties();
  table.read("/api/v1/own/notices", "what it was told, newest first", own_notices)
      .answers(shape::page(shape::object({{"id", shape::integer()},
                                          {"case", shape::integer()},
                                          {"at", shape::instant()},
                                          {"subject", shape::text()},
                                          {"text", shape::text()}})))
      .parameters({Make("after", types::integer()), Make("limit", types::integer())})
      .of_parties();
  table.read("/api/v1/own/receipts/{position}", "a receipt of what it is told by a fact", own_receipt)
      .gives_type("text/plain")
      .of_parties();
  table.read("/api/v1/own/photos/{hash}", "a photo of one of its cases or entries", photo)
      .parameters({Make("case", types::integer()), Make("entry", types::text())})
      .gives_type("image/*")
      .of_parties();
  table.read("/api/v1/own/files/{hash}", "a file of one of its cases or entries, to be saved", photo)
      .parameters({Make("case", types::integer()), Make("entry", types::text())})
      .gives_type("*/*")
      .of_parties();
}

}  // namespace qipan::face
