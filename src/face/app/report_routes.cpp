#include "base/crypto.hpp"
#include "base/mail_address.hpp"
#include "cases/queries.hpp"
#include "face/app/personal.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "face/app/sight.hpp"

namespace qipan::face {

namespace {

void report(Commanding& at) {
  if (const auto taken = at.app.limiter().take("report:" + at.caller.address, at.app.options().anonymous);
      !taken)
    return at.respond(problem_response(taken.error()));
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  board::Command& command = wanted->command;
  if (const auto known = check_photos(at, command.body["fields"], "fields"); !known)
    return at.respond(problem_response(known.error()));
  const std::string type = command.body.text_or("type", "");
  // With no reader in hand: what follows borrows its own, and this is a thread of the network.
  if (at.app.recent_snapshot()->catalogue->newest(type) == nullptr)
    return at.respond(problem_response({Problem::Kind::invalid, "case-type-unknown", "type", type,
                                        "a case type that residents may open", "see /api/v1/case-types"}));
  if (const auto taken = take_case_personal(at.app, command); !taken)
    return at.respond(problem_response(taken.error()));
  for (const auto& personal : command.personal) {
    // Whoever reports may name anybody's address: nobody is written to more than now and then.
    if (!is_mail_address(personal.value)) continue;
    const std::string bucket = "mail:" + to_hex(view_of(sha256(personal.value)));
    if (const auto taken = at.app.limiter().take(bucket, {4, 0.1}); !taken)
      return at.respond(problem_response(taken.error()));
  }
  command.body.set("source", "resident");
  App& app = at.app;
  app.submit(std::move(command), at.respond, [&app](const board::Accepted& accepted) {
    const auto answer = parse_json(accepted.answer);
    const std::int64_t id = answer ? answer->integer_or("case", 0) : 0;
    return json_response(Json::object()
                             .set("case", id)
                             .set("token", app.district().follow_token(id))
                             .set("position", accepted.next),
                         accepted.repeated ? 200 : 201);
  });
}

/// What a reporter may know: state, deadline, and the words meant for them; no names, no comments of the
/// office.
Response follow(Reading& at) {
  const auto id = at.app.district().follow_case(at.parts[0]);
  const auto row = id ? cases::find_case(at.reader, {*id}) : std::nullopt;
  if (!row)
    return problem_response({Problem::Kind::not_found, "report-unknown", "token", "",
                             "the token that your report answered", "check the link or the QR code"});
  Json json = Json::object();
  json.set("case", row->id.value)
      .set("type", row->type)
      .set("state", row->state)
      .set("open", row->open)
      .set("class", row->case_class);
  json.set("created", format_instant(row->created))
      .set("due", row->due ? Json(format_instant(*row->due)) : Json())
      .set("closed", row->closed ? Json(format_instant(*row->closed)) : Json());
  // Whoever holds the link sees nothing that some of the office may not.
  const Json told = Sight(at).fields(*row);
  json.set("description", told["description"]).set("result", told["result"]);
  if (row->parent) json.set("merged", true);
  const board::Unit* responsible = at.snapshot.directory.unit(row->responsible);
  if (responsible != nullptr)
    json.set("responsible", Json::object().set("zh", responsible->title_zh).set("en", responsible->title_en));
  Json steps = Json::array();
  for (const Position position : board::history_of(at.reader, row->subject())) {
    const auto found = log::Log::find(at.reader, position);
    if (!found || (found->fact.kind != "case.created" && found->fact.kind != "case.moved")) continue;
    const auto body = fact_body(at, found->fact, log::Audience::party);
    steps.push(Json::object()
                   .set("position", position)
                   .set("at", format_instant(found->command.at))
                   .set("state", body ? (*body)["state"] : Json()));
  }
  return json_response(json.set("steps", std::move(steps)));
}

}  // namespace

void add_report_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.sends("POST", "/api/v1/reports", "case.create", report)
      .leaves_out({"unit", "source", "external", "occurred", "due", "signal"})
      .answers(shape::object(
          {{"case", shape::integer()}, {"token", shape::text()}, {"position", shape::integer()}}))
      .creating();
  table.read("/api/v1/reports/{token}", "follow a report", follow)
      .answers(shape::object(
          {{"case", shape::integer()},
           {"type", shape::text()},
           {"state", shape::text()},
           {"open", shape::boolean()},
           {"class", shape::text()},
           {"created", shape::instant()},
           {"due", shape::nullable(shape::instant())},
           {"closed", shape::nullable(shape::instant())},
           {"description", shape::any()},
           {"result", shape::any()},
           {"merged?", shape::boolean()},
           {"responsible?", shape::title()},
           {"steps", shape::list(shape::object({{"position", shape::integer()},
                                                {"at", shape::instant()},
                                                {"state", shape::nullable(shape::text())}}))}}));
}

}  // namespace qipan::face
