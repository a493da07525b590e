#include "base/fault_log.hpp"
#include "face/app/routes.hpp"

namespace qipan::face {

namespace {

/// Runs on the writing thread, where a fault must not end the process.
Result<std::string> reveal_now(App& app, const std::string& answer) {
  try {
    return app.district().vault().reveal(parse_json(answer).value_or(Json::object()));
  } catch (const DatabaseError& error) {
    tell_fault("vault", error.what());
    return refuse(
        {Problem::Kind::unavailable, "vault-unreadable", "", "", "a vault that can be read", "try again"});
  }
}

}  // namespace

/// The fact that somebody looked is committed before the value is shown, and each time anew.
void reveal(Commanding& at) {
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  wanted->command.key.clear();
  App& app = at.app;
  app.submit(std::move(wanted->command), at.respond, [&app](const board::Accepted& accepted) {
    const auto value = reveal_now(app, accepted.answer);
    if (!value) return problem_response(value.error());
    return json_response(Json::object().set("value", *value).set("position", accepted.next));
  });
}

}  // namespace qipan::face
