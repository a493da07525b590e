#include "face/app/app.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <charconv>

#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "board/collections.hpp"
#include "board/pack_engine.hpp"
#include "face/app/imports.hpp"
#include "face/app/routes.hpp"
#include "face/app/search.hpp"
#include "face/app/spool.hpp"
#include "units/queries.hpp"

namespace qipan::face {

namespace asio = boost::asio;

namespace {

constexpr std::size_t pool_threads = 2;
constexpr std::size_t outside_threads = 4;
/// Of one statement: some millions of rows with all their columns.
constexpr std::int64_t spool_steps_max = 10'000'000'000;

bool is_unsafe(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// A request as a log line. Tokens in paths and everything behind the question mark stay out.
std::string log_line(const Request& request, const std::string& actor, const Response& response,
                     Instant began, Instant ended) {
  const bool secret = request.path.starts_with("/api/v1/reports/") || request.path.starts_with("/follow/");
  Json json = Json::object();
  json.set("at", format_instant(began)).set("method", shortened(request.method, 16));
  json.set("path",
           secret ? request.path.substr(0, request.path.rfind('/')) + "/…" : shortened(request.path, 200));
  json.set("status", response.status).set("micros", ended - began).set("actor", actor);
  json.set("client", request.remote);
  if (!response.code.empty()) json.set("code", response.code);
  if (!response.whom.empty()) json.set("login", response.whom);
  return json.dump();
}

/// What a read or a route answers when the database fails it: never a broken connection.
template <class Work>
Response guarded(Work work) {
  try {
    return work();
  } catch (const DatabaseError& error) {
    tell_fault("read", error.what());
    const bool long_query = error.interrupted();
    return problem_response({Problem::Kind::unavailable, long_query ? "query-too-long" : "read-failed", "",
                             "", "a read that ends in a second",
                             long_query ? "narrow the filter" : "try again"});
  } catch (const std::exception& error) {
    tell_fault("read", error.what());
    return problem_response({Problem::Kind::unavailable, "internal-fault", "", "",
                             "a request that the program foresaw",
                             "report it with the time; nothing was changed"});
  }
}

std::shared_ptr<const search::Synonyms> synonyms_of(Database& reader) {
  auto synonyms = std::make_shared<search::Synonyms>();
  for (const auto& group : board::synonyms_in_force(reader)) synonyms->add(group);
  return synonyms;
}

Response unknown_route(const Request& request) {
  return problem_response({Problem::Kind::not_found, "route-unknown", "",
                           shortened(request.method + " " + request.path), "a path of the API",
                           "see /api/v1/openapi.json"});
}

/// Whoever acts for an organisation finds nothing of the office's, and nobody else what is the
/// organisation's.
Result<void> check_side(const Route& route, const Caller& caller) {
  if (caller.actor.starts_with("mandate:")) {
    if (route.for_parties) return {};
    return refuse({Problem::Kind::forbidden, "not-for-mandates", "Qipan-Mandate", "",
                   "a route for organisations", "leave the header out to act for yourself"});
  }
  if (route.for_office) return {};
  if (caller.actor == "anonymous")
    return refuse({Problem::Kind::unauthenticated, "login-needed", "", "", "a person who is logged in",
                   "log in at the page"});
  return refuse({Problem::Kind::forbidden, "mandate-needed", "Qipan-Mandate", "",
                 "the number of a mandate of yours", "see GET /api/v1/session"});
}

/// A session that is locked, or whose person has something to do first, is open for that alone.
Result<void> check_open(const Route& route, const Caller& caller) {
  QIPAN_CHECK(check_side(route, caller));
  if (caller.limited.empty() || route.open_to == "*" || route.open_to == caller.limited) return {};
  const std::string_view remedy = caller.limited == "session-locked" ? "say the password again"
                                  : caller.limited == "password-to-change"
                                      ? "set a password that nobody else knows"
                                      : "set up a second factor";
  return refuse(
      {Problem::Kind::forbidden, caller.limited, "", "", "a session that is open", std::string(remedy)});
}

/// A parameter that nobody reads would be a filter that does not filter.
Result<void> check_parameters(const Route& route, const Request& request) {
  for (const auto& [name, value] : request.query) {
    if (fields::find(route.query, name) != nullptr) continue;
    std::string list;
    for (const fields::Field& field : route.query) list += (list.empty() ? "" : ", ") + field.name;
    return invalid("parameter-unknown", name, value, list.empty() ? "no parameters here" : list,
                   "mend or leave out");
  }
  return {};
}

void run_command(const Route& route, Commanding& commanding) {
  try {
    if (const auto open = check_open(route, commanding.caller); !open)
      return commanding.respond(problem_response(open.error()));
    if (const auto known = check_parameters(route, commanding.request); !known)
      return commanding.respond(problem_response(known.error()));
    route.command(commanding);
  } catch (const std::exception& error) {
    tell_fault("command", error.what());
    commanding.respond(problem_response(
        {Problem::Kind::unavailable, "read-failed", "", "", "a read that succeeds", "try again"}));
  }
}

}  // namespace

Response json_response(const Json& json, int status) {
  return Response::json(status, json.dump());
}

Response problem_response(const Problem& problem) {
  const int status = status_of(problem.kind);
  Json json = Json::object();
  json.set("type", "about:blank")
      .set("title", reason_of(status))
      .set("status", status)
      .set("code", problem.code);
  json.set("detail", problem.line());
  if (!problem.field.empty()) json.set("field", problem.field);
  if (!problem.value.empty()) json.set("value", problem.value);
  if (!problem.rule.empty()) json.set("expected", problem.rule);
  if (!problem.remedy.empty()) json.set("remedy", problem.remedy);
  Response response = Response::text(status, json.dump(), "application/problem+json");
  response.code = problem.code;
  if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "5");
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Result<Json> json_body(const Request& request) {
  const std::string_view type = request.header("content-type");
  if (!type.starts_with("application/json")) {
    return invalid("content-type", "Content-Type", type, "application/json", "send the body as JSON");
  }
  QIPAN_TRY(json, parse_json(request.body));
  if (!json.is_object()) return invalid("body-unreadable", "", request.body, "a JSON object");
  return json;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || stop != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

App::App(board::District& district, board::Writer& writer, expr::ModelLoader loader, AppOptions options)
    : district_(district),
      table_(std::make_unique<RouteTable>(district.board().engines())),
      writer_(writer),
      loader_(std::move(loader)),
      options_(std::move(options)),
      sessions_(district.token_key(), district.clock(), district.folder() + "/keys/logouts",
                options_.idle_seconds),
      cursor_key_(view_of(hmac_sha256(district.token_key(), "cursors of lists"))),
      limiter_(district.clock()),
      basemap_(options_.map_server, options_.map_key),
      provider_(options_.provider ? std::make_unique<LoginProvider>(*options_.provider) : nullptr),
      search_(std::make_unique<Search>(district)),
      spool_(std::make_unique<Spool>(district.folder() + "/spool")),
      imports_(std::make_unique<Imports>(*this)),
      pool_(std::make_unique<asio::thread_pool>(pool_threads)),
      trials_(std::make_unique<asio::thread_pool>(1)),
      outside_(std::make_unique<asio::thread_pool>(outside_threads)),
      spooling_(std::make_unique<asio::thread_pool>(1)) {}

App::~App() {
  finish();
}

void App::finish() {
  imports_->finish();
  search_->finish();
  basemap_.interrupt();
  if (provider_) provider_->interrupt();
  outside_->join();
  spooling_->join();
  trials_->join();
  pool_->join();
}

void App::keep_searchable() {
  search_->keep_up([this] { return position(); },
                   [this](Database& reader) { return snapshot(reader)->collections; });
}

std::shared_ptr<const Snapshot> App::snapshot(Database& reader) {
  // Changes of units, people and packs are few; their facts raise this number.
  const auto generation = static_cast<std::uint64_t>(board::configuration_generation(reader));
  const std::lock_guard lock(snapshot_mutex_);
  const Instant now = district_.clock().now();
  if (!snapshot_ || snapshot_->generation != generation || !snapshot_->directory.holds_at(now)) {
    auto made = std::make_shared<Snapshot>();
    made->generation = generation;
    made->directory.load(reader, now);
    const bool same_packs = snapshot_ && snapshot_->catalogue->generation() == board::pack_generation(reader);
    made->catalogue = same_packs ? snapshot_->catalogue
                                 : cases::Catalogue::load(reader, loader_,
                                                          snapshot_ ? snapshot_->catalogue.get() : nullptr);
    made->collections = same_packs ? snapshot_->collections
                                   : std::make_shared<const std::vector<query::Collection>>(
                                         board::collections_of(district_.board().engines(), reader));
    made->synonyms = same_packs ? snapshot_->synonyms : synonyms_of(reader);
    made->shown = same_packs ? snapshot_->shown
                             : std::make_shared<const board::ShownInForce>(board::shown_in_force(reader));
    snapshot_ = std::move(made);
  }
  snapshot_old_ = false;
  return snapshot_;
}

std::shared_ptr<const Snapshot> App::recent_snapshot() {
  {
    const std::lock_guard lock(snapshot_mutex_);
    if (snapshot_ && !snapshot_old_ && snapshot_->directory.holds_at(district_.clock().now()))
      return snapshot_;
  }
  auto loan = district_.readers().borrow();
  return snapshot(*loan);
}

void App::forget_snapshot() {
  const std::lock_guard lock(snapshot_mutex_);
  snapshot_old_ = true;
}

bool App::asks_second_factor(const board::Directory& directory, PersonId person) const {
  return options_.second_factor == SecondFactor::everybody ||
         (options_.second_factor == SecondFactor::administrators &&
          !directory.administrations_of_person(person).empty());
}

std::string App::limit_of(std::string_view cookie, const Sessions::Session& session,
                          const board::Directory& directory) {
  const board::Account* account = directory.account(session.person);
  const bool locked = sessions_.is_locked(cookie, session) && !directory.only_shows(session.person);
  if (account == nullptr || locked) return "session-locked";
  if (session.by_provider) return "";
  if (account->temporary) return "password-to-change";
  return !account->second_factor && asks_second_factor(directory, session.person) ? "second-factor-missing"
                                                                                  : "";
}

Problem mandate_unknown(std::string_view said) {
  return {Problem::Kind::forbidden,
          "mandate-unknown",
          "Qipan-Mandate",
          shortened(said),
          "the number of a mandate of yours that is in force",
          "see GET /api/v1/session"};
}

/// In a header, or in what an address asks: links and pictures have no headers.
std::string_view mandate_said(const Request& request) {
  const std::string_view header = request.header("qipan-mandate");
  return header.empty() && request.path.starts_with("/api/v1/own") ? request.parameter("mandate") : header;
}

/// Whoever acts for an organisation says so with each request, and is then nobody but that.
Result<void> App::act_for(const board::Directory& directory, PersonId person, std::string_view said,
                          Caller& caller) {
  if (said.empty()) return {};
  const std::string actor = "mandate:" + std::string(said);
  const board::Mandate* mandate = directory.mandate(actor);
  if (mandate == nullptr || mandate->person != person) return refuse(mandate_unknown(said));
  caller.actor = board::subject_of("mandate", mandate->id);
  return {};
}

Result<Caller> App::caller_of(Database* reader, const Request& request) {
  Caller caller;
  caller.address = client_of(request.remote);
  const std::string_view authorization = request.header("authorization");
  const std::string_view mandate = mandate_said(request);
  if (authorization.starts_with("Bearer ")) {
    if (!mandate.empty())
      return refuse({Problem::Kind::forbidden, "session-needed", "Qipan-Mandate", shortened(mandate),
                     "a person who is logged in, not a key", "log in at the page"});
    const std::string hash = to_hex(view_of(sha256(authorization.substr(7))));
    std::optional<board::Readers::Loan> own;
    if (reader == nullptr) own.emplace(district_.readers().borrow());
    Database& database = reader != nullptr ? *reader : **own;
    const auto token = units::find_token(database, hash);
    if (!token) {
      return refuse({Problem::Kind::unauthenticated, "token-unknown", "Authorization", "",
                     "a token that was issued and not revoked", "ask for a new one"});
    }
    caller.actor = "token:" + std::to_string(*token);
    return caller;
  }
  const std::string_view cookie = request.cookie(session_cookie());
  if (cookie.empty()) return caller;
  const auto session = sessions_.check(cookie);
  if (!session) return caller;
  const auto known = recent_snapshot();
  const board::Account* account = known->directory.account(session->person);
  if (account == nullptr || account->sessions_since != session->since) return caller;
  caller.session = cookie;
  caller.limited = limit_of(cookie, *session, known->directory);
  // What a page asks by itself, while nobody sits there, keeps no session open.
  if (caller.limited != "session-locked" && request.header("qipan-background").empty())
    sessions_.touch(cookie);
  caller.actor = "person:" + std::to_string(session->person.value);
  if (is_unsafe(request.method) &&
      !equal_in_constant_time(request.header("x-csrf-token"), sessions_.csrf_of(cookie))) {
    return refuse({Problem::Kind::forbidden, "csrf-missing", "X-CSRF-Token", "",
                   "the token that GET /api/v1/session gives", "read it again and send it"});
  }
  QIPAN_CHECK(act_for(known->directory, session->person, mandate, caller));
  return caller;
}

void App::submit(board::Command command, const Respond& respond,
                 std::function<Response(const board::Accepted&)> make) {
  writer_.submit(std::move(command), [respond, make = std::move(make)](const board::Outcome& outcome) {
    respond(outcome ? make(*outcome) : problem_response(outcome.error()));
  });
}

namespace {

/// A file of a demonstration says in its name that what is in it is made up: it may go far from here.
void name_made_up(Response& response) {
  constexpr std::string_view before = "filename=\"";
  for (auto& [name, value] : response.headers) {
    const std::size_t at = name == "Content-Disposition" ? value.find(before) : std::string::npos;
    if (at != std::string::npos) value.insert(at + before.size(), "demonstration-");
  }
}

}  // namespace

Response App::answer(const Route& route, const Request& request, const Caller& caller,
                     std::vector<std::string> parts) {
  auto loan = district_.readers().borrow();
  if (route.spools) loan->limit_steps(spool_steps_max);
  // One snapshot for the whole answer: what it tells is of one position.
  const ReadTransaction snapshot_of_all(*loan);
  // A reader that has just written may ask to see at least that.
  const auto wanted = number_of(request.header("qipan-min-position"));
  if (wanted && static_cast<std::uint64_t>(*wanted) > log::Log::size(*loan)) {
    return problem_response({Problem::Kind::unavailable, "position-not-reached", "Qipan-Min-Position",
                             std::to_string(*wanted), "at most " + std::to_string(log::Log::size(*loan)),
                             "wait a moment, or ask the district that wrote it"});
  }
  if (const auto open = check_open(route, caller); !open) return problem_response(open.error());
  if (const auto known = check_parameters(route, request); !known) return problem_response(known.error());
  const auto configuration = snapshot(*loan);
  // What was known when the request came may be a moment old.
  if (caller.actor.starts_with("mandate:") && configuration->directory.mandate(caller.actor) == nullptr)
    return problem_response(mandate_unknown(caller.actor));
  Reading reading{*this, *loan, *configuration, request, caller, std::move(parts)};
  Response response = route.read(reading);
  if (!options_.demonstration_password.empty()) name_made_up(response);
  if (!response.events)
    response.headers.emplace_back("Qipan-Position", std::to_string(log::Log::size(*loan)));
  return response;
}

bool App::begins_spooling(const std::string& caller) {
  constexpr int of_one_max = 2;
  constexpr int of_all_max = 20;
  const std::lock_guard lock(spooling_mutex_);
  int all = 0;
  for (const auto& [actor, count] : spooling_for_) all += count;
  if (all >= of_all_max || spooling_for_[caller] >= of_one_max) return false;
  ++spooling_for_[caller];
  return true;
}

void App::ends_spooling(const std::string& caller) {
  const std::lock_guard lock(spooling_mutex_);
  if (--spooling_for_[caller] == 0) spooling_for_.erase(caller);
}

void App::read(Request request, const Caller& caller, const Respond& respond) {
  const bool trial = request.path.starts_with("/api/v1/rule-");
  if (trial && request.method == "POST") {
    // Evaluation is bounded in steps; a caller's share of the one thread is bounded by this.
    if (const auto taken = limiter_.take("rules:" + caller.actor, {20, 60}); !taken)
      return respond(problem_response(taken.error()));
  }
  const std::string_view method = request.method == "HEAD" ? "GET" : std::string_view(request.method);
  for (const Route& route : table_->routes()) {
    std::vector<std::string> parts;
    if (!route.read || route.method != method || !matches(route.pattern, request.path, parts)) continue;
    asio::thread_pool& pool = trial ? *trials_ : route.spools ? *spooling_ : *pool_;
    if (route.spools && !begins_spooling(caller.actor))
      return respond(problem_response({Problem::Kind::too_many, "too-many-exports", "", "",
                                       "two files at one time that are written for one person",
                                       "wait for those that are asked for"}));
    return asio::post(pool, [this, &route, request = std::move(request), caller, parts, respond] {
      respond(guarded([&] { return answer(route, request, caller, parts); }));
      if (route.spools) ends_spooling(caller.actor);
    });
  }
  asio::post(*pool_, [this, request = std::move(request), respond] {
    respond(request.method == "POST" ? unknown_route(request) : static_file(*this, request));
  });
}

void App::handle(Request request, const Respond& respond) {
  Result<Caller> caller =
      refuse({Problem::Kind::unavailable, "read-failed", "", "", "a read that succeeds", "try again"});
  try {
    caller = caller_of(nullptr, request);
  } catch (const DatabaseError& error) {
    tell_fault("caller", error.what());  // the refusal above stands
  }
  Respond told = respond;
  if (options_.log) {
    Request shown;
    shown.method = request.method;
    shown.path = request.path;
    shown.remote = request.remote;
    told = [this, respond, shown, actor = caller ? caller->actor : std::string("unknown"),
            began = SystemClock().now()](Response response) {
      options_.log(log_line(shown, actor, response, began, SystemClock().now()));
      respond(std::move(response));
    };
  }
  const Respond counted = [this, told](Response response) {
    const auto group = static_cast<std::size_t>(response.status / 100);
    ++answered_[group < 6 ? group : 0];
    told(std::move(response));
  };
  if (!caller) return counted(problem_response(caller.error()));
  if (command(request, *caller, counted)) return;
  if (request.method == "GET" || request.method == "HEAD" || request.method == "POST")
    return read(std::move(request), *caller, counted);
  counted(unknown_route(request));
}

bool App::command(Request& request, const Caller& caller, const Respond& respond) {
  for (const Route& route : table_->routes()) {
    std::vector<std::string> parts;
    if (!route.command || route.method != request.method || !matches(route.pattern, request.path, parts))
      continue;
    if (caller.actor == "anonymous") {
      if (const auto taken = limiter_.take("unknown:" + caller.address, options_.unknown); !taken) {
        respond(problem_response(taken.error()));
        return true;
      }
    }
    if (!route.slow) {
      Commanding commanding{*this, route, request, caller, std::move(parts), respond};
      run_command(route, commanding);
      return true;
    }
    // A scanner that hangs holds up uploads, and no reading.
    const bool waits = route.method == "GET" || (route.outside && !options_.scanner.empty());
    asio::post(waits ? *outside_ : *pool_,
               [this, &route, request = std::move(request), caller, parts = std::move(parts), respond] {
                 Commanding commanding{*this, route, request, caller, parts, respond};
                 run_command(route, commanding);
               });
    return true;
  }
  return false;
}

std::string App::metrics() {
  std::string text;
  const auto line = [&](const std::string& name, const std::string& kind, const std::string& help,
                        std::uint64_t value) {
    text += "# HELP " + name + " " + help + "\n# TYPE " + name + " " + kind + "\n" + name + " " +
            std::to_string(value) + "\n";
  };
  const auto writer = writer_.statistics();
  line("qipan_log_facts", "gauge", "Facts in the log.", position());
  line("qipan_writer_groups_total", "counter", "Groups committed or refused.", writer.groups);
  line("qipan_commands_accepted_total", "counter", "Commands accepted.", writer.accepted);
  line("qipan_commands_refused_total", "counter", "Commands refused.", writer.refused);
  line("qipan_clock_ahead", "gauge", "1 while the clock is found ahead and nothing is written.",
       writer_.clock_is_ahead() ? 1 : 0);
  line("qipan_commands_waiting", "gauge", "Commands waiting for the writer.", writer.waiting);
  text +=
      "# HELP qipan_http_responses_total Responses by class of status.\n# TYPE qipan_http_responses_total "
      "counter\n";
  for (int group = 2; group < 6; ++group) {
    text += "qipan_http_responses_total{class=\"" + std::to_string(group) + "xx\"} " +
            std::to_string(answered_[group]) + "\n";
  }
  if (server_ != nullptr) {
    const auto server = server_->statistics();
    line("qipan_http_connections", "gauge", "Connections open.", server.connections);
    line("qipan_http_connections_total", "counter", "Connections accepted.", server.accepted);
    line("qipan_http_turned_away_total", "counter", "Connections over the limit.", server.turned_away);
    line("qipan_http_broken_total", "counter", "Requests that were not HTTP, too large or too slow.",
         server.broken);
  }
  return text;
}

}  // namespace qipan::face
