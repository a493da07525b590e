#include "board/pack_engine.hpp"
#include "face/app/rule_files.hpp"
#include "face/app/shapes.hpp"
#include "rules/review.hpp"

namespace qipan::face {

namespace {

/// Tests and gaps are looked at here, on the pool; the writer compiles, and refuses where the draft or the
/// packs are not what was looked at.
void publish(Commanding& at) {
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  const Json body = std::move(wanted->command.body);
  const std::int64_t id = body.integer_or("draft", 0);
  board::Command command;
  Result<RuleFiles> rules = refuse({});
  {
    auto loan = at.app.district().readers().borrow();
    const ReadTransaction one(*loan);
    rules = rules_of_draft(*loan, id);
    command = board::publish_command(id, body.integer_or("revision", 0), body.text_or("comment", ""), *loan);
  }
  if (!rules) return at.respond(problem_response(rules.error()));
  const Json seen_packs = command.body["checked_against"];
  command.body = body;
  command.body.set("checked_against", seen_packs);
  // Before the review, which takes seconds.
  if (const auto fits = board::read_body(*at.route.sends, command); !fits)
    return at.respond(problem_response(fits.error()));
  // What is reviewed here is what the writer will publish, or nothing.
  if (const auto seen = body.integer_or("revision", 0); rules->draft->revision != seen)
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

void add_draft_routes(RouteTable& table) {
  table.sends("POST", "/api/v1/rule-drafts", "pack.save_draft").leaves_out({"draft", "revision"}).creating();
  table.sends("POST", "/api/v1/rule-drafts/{draft}", "pack.save_draft").leaves_out({"pack"});
  table.sends("POST", "/api/v1/rule-drafts/{draft}/drop", "pack.drop_draft");
  table.sends("POST", "/api/v1/rule-drafts/{draft}/publish", "pack.publish_draft", publish)
      .answers_also({{"notes", shape::pack_problems()}})
      .slowly();
}

}  // namespace qipan::face
