#include "board/body.hpp"
#include "board/pack_engine.hpp"
#include "face/app/rule_files.hpp"
#include "rules/review.hpp"

namespace qipan::face {

namespace {

Json accepted_json(const board::Accepted& accepted) {
  auto answer = parse_json(accepted.answer);
  Json json = answer && answer->is_object() ? std::move(*answer) : Json::object();
  return json.set("position", accepted.first);
}

/// A command about the draft of the path, or a new one where there is none.
void ask(Commanding& at, const char* kind) {
  auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  auto command = command_of(at, kind);
  const bool begins = at.parts.empty();
  if (body->has("draft"))
    return at.respond(problem_response({Problem::Kind::invalid, "member-unknown", "draft", "",
                                        "the draft in the path alone", "leave it out"}));
  command.body = std::move(*body);
  if (!begins) command.body.set("draft", number_of(at.parts[0]).value_or(0));
  at.app.submit(std::move(command), at.respond, [begins](const board::Accepted& accepted) {
    return json_response(accepted_json(accepted), begins ? 201 : 200);
  });
}

void begin(Commanding& at) {
  ask(at, "pack.save_draft");
}

void save(Commanding& at) {
  ask(at, "pack.save_draft");
}

void drop(Commanding& at) {
  ask(at, "pack.drop_draft");
}

/// Tests and gaps are looked at here, on the pool; the writer compiles, and refuses where the draft or the
/// packs are not what was looked at.
void publish(Commanding& at) {
  auto body = json_body(at.request);
  if (!body) return at.respond(problem_response(body.error()));
  const auto allowed = at.app.recent_snapshot()->directory.permit(at.caller.actor, "publish", "rules", {});
  if (!allowed) return at.respond(problem_response(allowed.error()));
  const auto fits = board::expect_members(*body, {{"revision", board::Member::Kind::integer}, {"comment"}});
  if (!fits) return at.respond(problem_response(fits.error()));
  const std::int64_t id = number_of(at.parts[0]).value_or(0);
  board::Command command;
  Result<RuleFiles> rules = refuse({});
  {
    auto loan = at.app.district().readers().borrow();
    const ReadTransaction one(*loan);
    rules = rules_of_draft(*loan, id);
    command =
        board::publish_command(id, body->integer_or("revision", 0), body->text_or("comment", ""), *loan);
  }
  if (!rules) return at.respond(problem_response(rules.error()));
  // What is reviewed here is what the writer will publish, or nothing.
  if (const auto seen = body->integer_or("revision", 0); rules->draft->revision != seen)
    return at.respond(problem_response({Problem::Kind::conflict, "draft-changed", "revision",
                                        std::to_string(seen), std::to_string(rules->draft->revision),
                                        "somebody saved it meanwhile: read it again"}));
  rules::Review said = rules::review(rules->files);
  {
    auto loan = at.app.district().readers().borrow();
    const auto configuration = at.app.snapshot(*loan);
    for (Problem& problem : unknown_codes(*loan, configuration->directory, at.app.loader(), *rules))
      said.problems.push_back(std::move(problem));
  }
  if (!said.problems.empty()) {
    Problem problem = said.problems.front();
    if (problem.remedy.empty()) problem.remedy = "mend the rules or their tests and save";
    return at.respond(problem_response(problem));
  }
  command.actor = at.caller.actor;
  at.app.submit(std::move(command), at.respond,
                [notes = problems_json(said.notes)](const board::Accepted& accepted) {
                  return json_response(accepted_json(accepted).set("notes", notes));
                });
}

}  // namespace

void add_draft_routes(std::vector<Route>& routes) {
  const auto command = [&](const char* pattern, const char* summary, std::function<void(Commanding&)> route,
                           bool slow) {
    routes.push_back({"POST", pattern, summary, {}, std::move(route), slow});
  };
  command("/api/v1/rule-drafts", "begin a draft of a pack's rules: {pack, base, title, files}", begin, false);
  command("/api/v1/rule-drafts/{id}", "save it: {revision, base, title, files}; null takes a file away", save,
          false);
  command("/api/v1/rule-drafts/{id}/drop", "give it up: {revision, comment}", drop, false);
  command("/api/v1/rule-drafts/{id}/publish",
          "put it in force as the pack's next version: {revision, comment}; refused while a test is missed",
          publish, true);
}

}  // namespace qipan::face
