#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/row.hpp"
#include "face/app/app.hpp"

namespace qipan::face {

/// A read: runs on the pool with a reader of its own. Those that POST bring a body to look at, and change
/// nothing.
struct Reading {
  App& app;
  Database& reader;
  const Snapshot& snapshot;
  const Request& request;
  const Caller& caller;
  std::vector<std::string> parts;  // what the pattern's {} stood for
};

/// A command: runs on the connection's thread, answers when the writer has committed.
struct Commanding {
  App& app;
  const Request& request;
  const Caller& caller;
  std::vector<std::string> parts;
  const Respond& respond;
};

struct Route {
  std::string method;
  std::string pattern;  // "/api/v1/cases/{id}"
  std::string summary;
  std::function<Response(Reading&)> read;  // one of the two
  std::function<void(Commanding&)> command;
  bool slow = false;  // commands that work before they submit (photos, passwords) run on a pool; those that
                      // GET ask other servers, on a pool of their own
};

/// All routes of the app API, in the order of the API description.
[[nodiscard]] const std::vector<Route>& routes();

[[nodiscard]] bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parts);

/// The case that the path names, if the caller may see it; an unseen one looks like a missing one.
[[nodiscard]] Result<cases::CaseRow> visible_case(const Reading& at);

void add_case_routes(std::vector<Route>& routes);
void add_decision_routes(std::vector<Route>& routes);
void add_rule_routes(std::vector<Route>& routes);
void add_draft_routes(std::vector<Route>& routes);
void add_report_routes(std::vector<Route>& routes);
void add_people_routes(std::vector<Route>& routes);
void add_register_routes(std::vector<Route>& routes);
void add_board_routes(std::vector<Route>& routes);
void add_sensing_routes(std::vector<Route>& routes);
void add_administration_routes(std::vector<Route>& routes);
void add_notice_routes(std::vector<Route>& routes);
void add_basemap_routes(std::vector<Route>& routes);
void add_log_routes(std::vector<Route>& routes);
void add_system_routes(std::vector<Route>& routes);

/// The same without references into the vault: {"personal": true} says that there is something sealed.
[[nodiscard]] Json without_personal(Json json);

/// A command of the caller with the request's idempotency key.
[[nodiscard]] board::Command command_of(const Commanding& at, std::string kind);

/// Takes personal fields (of any case type) out of a form: they travel to the vault, never through the log.
[[nodiscard]] Result<void> take_personal(App& app, Json& body, board::Command& command);

/// Refuses a form that names a photo which nobody uploaded; the writer itself never looks at files.
[[nodiscard]] Result<void> check_photos(const Commanding& at, const Json& body);

/// OpenAPI 3.1 made from the routes.
[[nodiscard]] Json openapi();

/// A file of the built pages; unknown paths without a dot give the page itself, as its router knows them.
[[nodiscard]] Response static_file(const App& app, const Request& request);

}  // namespace qipan::face
