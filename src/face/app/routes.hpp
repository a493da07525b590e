#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "board/engine.hpp"
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

struct Route;
class RouteTable;

/// A command: runs on the connection's thread, answers when the writer has committed.
struct Commanding {
  App& app;
  const Route& route;
  const Request& request;
  const Caller& caller;
  std::vector<std::string> parts;
  const Respond& respond;
};

/// Sends the route's command as requested() reads it, and answers what the board says.
void send(Commanding& at);

/// The same for a command with a case's form: personal values go to the vault, and photos are there.
void send_with_fields(Commanding& at);

/// A command that answers a reference into the vault: told is the value itself.
void reveal(Commanding& at);

/// One path and method: what answers it, and what it takes and gives as the API's description tells it.
struct Route {
  std::string method;
  std::string pattern;  // "/api/v1/cases/{id}"
  std::string summary;
  std::function<Response(Reading&)> read;  // one of the two
  std::function<void(Commanding&)> command;
  const board::CommandType* sends = nullptr;  // the command that the request becomes
  std::vector<std::string> without = {};      // members of its body that no request says here
  std::vector<fields::Field> body = {};       // of the request, besides those of the command
  Json request = Json();                      // JSON Schema of the whole body, where it is a standard's own
  std::vector<fields::Field> query = {};      // its parameters
  std::string takes = "application/json";     // what the request's body is; empty: it has none
  std::string gives = "application/json";     // what the answer's is; empty: it has none
  Json answer = Json();                       // its JSON Schema, where it is JSON
  std::string_view open_to = {};  // the limit of a session that it is open to all the same; "*": any
  bool for_office = true;         // who has posts, and who has none
  bool for_parties = false;       // who acts for an organisation
  bool creates = false;           // answers 201 (200 the second time)
  bool outside = false;           // waits for another program: on a pool of its own
  bool spools = false;            // reads for long, into a file: one after the other, on a pool of their own
  bool slow = false;  // commands that work before they submit (photos, passwords) run on a pool; those
                      // that GET ask other servers, on a pool of their own

  /// Names in the pattern, in order.
  [[nodiscard]] std::vector<std::string> path_names() const;
  /// Whether a body says this member of the command: not what stands in the path, is left out here, or is
  /// added by the program.
  [[nodiscard]] bool says(std::string_view member) const;

  /// Otherwise than its command's summary.
  Route& means(std::string text);
  Route& parameters(std::vector<fields::Field> fields);
  Route& asks(std::vector<fields::Field> fields);
  Route& leaves_out(std::vector<std::string> members);
  Route& takes_type(std::string media);
  Route& replaces_body(Json schema);
  Route& gives_type(std::string media);
  Route& answers(Json schema);
  /// Besides what its command answers.
  Route& answers_also(std::initializer_list<std::pair<std::string_view, Json>> members);
  Route& creating();
  Route& opens_always();
  Route& opens_to(std::string_view limit);
  /// Nobody else's.
  Route& of_parties();
  Route& also_for_parties();
  Route& slowly();
  Route& waiting_outside();
  Route& spooling();
};

/// All routes of the app API, in the order of its description.
class RouteTable {
 public:
  explicit RouteTable(const std::vector<std::unique_ptr<board::Engine>>& engines);
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  /// OpenAPI 3.1, whole: what each route takes and answers.
  [[nodiscard]] Json openapi() const;

  // For who fills it. What they give is the route just added, until the next one is.
  Route& read(const char* pattern, const char* summary, std::function<Response(Reading&)> route);
  Route& post_read(const char* pattern, const char* summary, std::function<Response(Reading&)> route);
  /// A request that becomes one command of the board; its body is the command's without what the path names.
  Route& sends(const char* method, const std::string& pattern, const std::string& kind,
               std::function<void(Commanding&)> route = send);
  /// A request that is answered otherwise.
  Route& act(const char* method, const char* pattern, const char* summary,
             std::function<void(Commanding&)> route);
  /// Commands of an engine that somebody outside may send.
  [[nodiscard]] std::vector<std::string> commands_of(std::string_view engine) const;

 private:
  Route& add(Route route);
  const std::vector<std::unique_ptr<board::Engine>>& engines_;
  std::vector<Route> routes_;
};

[[nodiscard]] bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parts);

/// The case that the path names, if the caller may see it; an unseen one looks like a missing one.
[[nodiscard]] Result<cases::CaseRow> visible_case(const Reading& at);

void add_case_routes(RouteTable& table);
void add_collection_routes(RouteTable& table);
void add_search_routes(RouteTable& table);
void add_own_routes(RouteTable& table);
void add_mandate_routes(RouteTable& table);
void add_decision_routes(RouteTable& table);
void add_rule_routes(RouteTable& table);
void add_draft_routes(RouteTable& table);
void add_report_routes(RouteTable& table);
void add_photo_routes(RouteTable& table);
void add_session_routes(RouteTable& table);
void add_provider_routes(RouteTable& table);
void add_people_routes(RouteTable& table);
void add_register_routes(RouteTable& table);
void add_timeline_routes(RouteTable& table);
void add_import_routes(RouteTable& table);
void add_page_routes(RouteTable& table);
void add_saved_routes(RouteTable& table);
void add_board_routes(RouteTable& table);
void add_sensing_routes(RouteTable& table);
void add_administration_routes(RouteTable& table);
void add_notice_routes(RouteTable& table);
void add_basemap_routes(RouteTable& table);
void add_log_routes(RouteTable& table);
/// For each command of somebody outside that no request becomes yet: "toy.add" is POST /api/v1/toy/add.
void add_declared_routes(RouteTable& table, const std::vector<std::unique_ptr<board::Engine>>& engines);
void add_system_routes(RouteTable& table);

/// What a fact says, as far as it is there and for `most` and wider circles.
[[nodiscard]] Result<Json> fact_body(Reading& at, const log::FactRecord& fact,
                                     log::Audience most = log::Audience::sensitive);

/// A command of the caller with the request's idempotency key.
[[nodiscard]] board::Command command_of(const Commanding& at, std::string kind);

/// What a request asks of the board.
struct Requested {
  board::Command command;
  Json besides = Json::object();  // members that the route takes for itself
};
/// The route's command as the request's body and path say it, before it is decided: members that are
/// not its own are refused, personal values are read and go to the vault. Refused at once where nobody
/// like the caller may send it.
[[nodiscard]] Result<Requested> requested(const Commanding& at);
/// What the command answered, with `position` (what a read may ask to be there) and `at`.
[[nodiscard]] Json accepted_json(const board::Accepted& accepted);
[[nodiscard]] Response accepted_response(const Route& route, const board::Accepted& accepted);

/// Refuses values (of a case or an entry, in the body at `path`) that name a photo which nobody uploaded, or
/// another did whose case or entry the caller may not see; the writer itself never looks at files.
[[nodiscard]] Result<void> check_photos(const Commanding& at, const Json& values, const std::string& path);

/// Sends what was asked for as the route's command.
void submit(Commanding& at, Result<Requested> wanted);

using Contents = std::set<std::string, std::less<>>;
/// A photo that is among what a reader is shown; the hash alone is no key.
[[nodiscard]] Response photo_response(App& app, const std::string& hash, const Contents& shown);

/// Hashes of photos and files that the fields of a case or an entry hold, of the values that a reader is
/// shown. A text that looks like one names nothing.
[[nodiscard]] Contents case_contents(const cases::Catalogue& catalogue, const cases::CaseRow& row,
                                     const Json& shown);
[[nodiscard]] Contents entry_contents(Database& reader, std::string_view register_name, const Json& shown);

/// A file of the built pages; unknown paths without a dot give the page itself, as its router knows them.
[[nodiscard]] Response static_file(const App& app, const Request& request);

}  // namespace qipan::face
