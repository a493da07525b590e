#include "board/pack_engine.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"

namespace qipan::face {

namespace {

/// Tells listeners that the log grew; what changed they read by the API, which knows their rights.
class PositionEvents final : public EventSource {
 public:
  PositionEvents(App& app, std::string actor) : app_(app), actor_(std::move(actor)) {}
  PositionEvents(const PositionEvents&) = delete;
  PositionEvents& operator=(const PositionEvents&) = delete;
  ~PositionEvents() override { app_.streams().leave(actor_); }
  std::string poll() override {
    const Position position = app_.position();
    if (position == told_) return {};
    told_ = position;
    return "id: " + std::to_string(position) + "\nevent: position\ndata: " + std::to_string(position);
  }

 private:
  App& app_;
  std::string actor_;
  Position told_ = 0;
};

Response health(Reading& at) {
  Json json = Json::object();
  json.set("status", at.app.writer().clock_is_ahead() ? "clock-ahead" : "ok")
      .set("position", log::Log::size(at.reader))
      .set("version", QIPAN_VERSION);
  return json_response(json);
}

Response district(Reading& at) {
  const auto& identity = at.app.district().identity();
  Json json = Json::object();
  json.set("origin", identity.origin)
      .set("title_zh", identity.title.zh)
      .set("title_en", identity.title.en)
      .set("version", QIPAN_VERSION);
  json.set("log_key", log::verifier_of(at.app.district().signing_key()).text());
  Json packs = Json::array();
  for (const auto& pack : board::installed_packs(at.reader)) {
    packs.push(Json::object()
                   .set("name", pack.name)
                   .set("version", pack.version)
                   .set("title_zh", pack.title.zh)
                   .set("title_en", pack.title.en)
                   .set("hash", pack.hash));
  }
  json.set("pack_set", board::set_in_force(at.reader).number);
  return json_response(json.set("packs", std::move(packs)));
}

/// For who is logged in: an open connection is dear, and residents' pages ask now and then instead.
Response events(Reading& at) {
  if (at.caller.actor == "anonymous")
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  if (!at.app.streams().enter(at.caller.actor))
    return problem_response({Problem::Kind::too_many, "too-many-streams", "", "",
                             "at most 12 streams open at one time", "close pages that are not needed"});
  Response response;
  response.events = std::make_shared<PositionEvents>(at.app, at.caller.actor);
  return response;
}

}  // namespace

void add_system_routes(RouteTable& table) {
  table.read("/healthz", "whether the district answers", health)
      .answers(shape::object(
          {{"status", shape::text()}, {"position", shape::integer()}, {"version", shape::text()}}));
  table
      .read("/metrics", "figures for Prometheus",
            [](Reading& at) {
              return Response::text(200, at.app.metrics(), "text/plain; version=0.0.4; charset=utf-8");
            })
      .gives_type("text/plain");
  table
      .read("/api/v1/openapi.json", "this description",
            [](Reading& at) { return json_response(at.app.table().openapi()); })
      .answers(shape::map(shape::any()));
  table.read("/api/v1/district", "name, log key and installed packs", district)
      .answers(shape::titled({{"origin", shape::text()},
                              {"version", shape::text()},
                              {"log_key", shape::text()},
                              {"pack_set", shape::integer()},
                              {"packs", shape::list(shape::titled({{"name", shape::text()},
                                                                   {"version", shape::integer()},
                                                                   {"hash", shape::text()}}))}}));
  table.read("/api/v1/events", "server-sent events: the log's position, at most twice a second", events)
      .gives_type("text/event-stream");
}

}  // namespace qipan::face
