#include <algorithm>

#include "face/app/routes.hpp"

// Commands that an engine declares and nobody wrote a request of their own for.

namespace qipan::face {

namespace {

/// What the body names in the content store must be there, and the sender's to show.
void send_declared(Commanding& at) {
  auto wanted = requested(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  if (const auto known = check_photos(at, wanted->command.body, ""); !known)
    return at.respond(problem_response(known.error()));
  submit(at, std::move(wanted));
}

}  // namespace

void add_declared_routes(RouteTable& table, const std::vector<std::unique_ptr<board::Engine>>& engines) {
  for (const auto& engine : engines) {
    for (const std::string& kind : table.commands_of(engine->name())) {
      const auto& routes = table.routes();
      const bool known = std::any_of(routes.begin(), routes.end(), [&](const Route& route) {
        return route.sends != nullptr && route.sends->kind == kind;
      });
      if (known) continue;
      std::string path = kind;
      std::replace(path.begin(), path.end(), '.', '/');
      table.sends("POST", "/api/v1/" + path, kind, send_declared);
    }
  }
}

}  // namespace qipan::face
