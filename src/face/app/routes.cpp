#include "face/app/routes.hpp"

#include "base/file.hpp"

namespace qipan::face {

const std::vector<Route>& routes() {
  static const std::vector<Route> all = [] {
    std::vector<Route> list;
    add_system_routes(list);
    add_people_routes(list);
    add_case_routes(list);
    add_decision_routes(list);
    add_rule_routes(list);
    add_draft_routes(list);
    add_report_routes(list);
    add_register_routes(list);
    add_board_routes(list);
    add_sensing_routes(list);
    add_administration_routes(list);
    add_notice_routes(list);
    add_basemap_routes(list);
    add_log_routes(list);
    return list;
  }();
  return all;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  while (!pattern.empty() && !path.empty()) {
    if (pattern.front() == '{') {
      const auto end = path.find('/');
      const std::string_view part = path.substr(0, end);
      if (part.empty()) return false;
      parts.emplace_back(part);
      path.remove_prefix(part.size());
      pattern.remove_prefix(pattern.find('}') + 1);
    } else {
      if (pattern.front() != path.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
    }
  }
  return pattern.empty() && path.empty();
}

Json without_personal(Json json) {
  if (!log::holds_sealed(json)) return json;
  if (log::is_sealed(json)) return Json::object().set("personal", true);
  Json clean = json.is_array() ? Json::array() : Json::object();
  if (json.is_array()) {
    for (const Json& item : json.items()) clean.push(without_personal(item));
  } else {
    for (auto& [name, value] : json.take_members()) clean.set(name, without_personal(std::move(value)));
  }
  return clean;
}

board::Command command_of(const Commanding& at, std::string kind) {
  board::Command command;
  command.kind = std::move(kind);
  command.actor = at.caller.actor;
  command.key = at.request.header("idempotency-key");
  // All who are not known share one name: a key that others may think of too is theirs only from where they
  // are. Where that is, the log need not know.
  constexpr std::size_t own_key_min = 16;
  if (command.actor == "anonymous" && !command.key.empty() && command.key.size() < own_key_min)
    command.key = to_hex(
        view_of(hmac_sha256(at.app.district().token_key(), "key:" + at.caller.address + " " + command.key)));
  return command;
}

Json openapi() {
  Json paths = Json::object();
  for (const Route& route : routes()) {
    Json operation = Json::object();
    operation.set("summary", route.summary);
    Json parameters = Json::array();
    for (std::size_t at = route.pattern.find('{'); at != std::string::npos;
         at = route.pattern.find('{', at + 1)) {
      const std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
      parameters.push(Json::object()
                          .set("name", name)
                          .set("in", "path")
                          .set("required", true)
                          .set("schema", Json::object().set("type", "string")));
    }
    if (!parameters.items().empty()) operation.set("parameters", std::move(parameters));
    if (route.method != "DELETE" && route.method != "GET") {
      const char* type = route.pattern == "/api/v1/photos" ? "image/*" : "application/json";
      operation.set("requestBody", Json::object().set("content", Json::object().set(type, Json::object())));
    }
    Json responses = Json::object();
    responses.set("200", Json::object().set("description", "done"));
    responses.set("default",
                  Json::object()
                      .set("description", "a problem (RFC 9457)")
                      .set("content", Json::object().set("application/problem+json", Json::object())));
    operation.set("responses", std::move(responses));
    Json path = paths[route.pattern].is_object() ? paths[route.pattern] : Json::object();
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    path.set(method, std::move(operation));
    paths.set(route.pattern, std::move(path));
  }
  Json document = Json::object();
  document.set("openapi", "3.1.0")
      .set("info", Json::object().set("title", "Qipan").set("version", QIPAN_VERSION));
  return document.set("paths", std::move(paths));
}

namespace {

std::string_view media_type(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml; charset=utf-8"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".woff2", "font/woff2"},
      {".ico", "image/x-icon"},
      {".webmanifest", "application/manifest+json"}};
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace

Response static_file(const App& app, const Request& request) {
  const auto unknown = [&] {
    return problem_response({Problem::Kind::not_found, "route-unknown", "", shortened(request.path),
                             "a page or a path of the API", "see /api/v1/openapi.json"});
  };
  const std::string& folder = app.options().web_folder;
  if (folder.empty() || request.path.starts_with("/api/") || request.path.find("..") != std::string::npos)
    return unknown();
  const bool is_page = request.path.find('.') == std::string::npos;
  const auto bytes = read_file(folder + (is_page ? "/index.html" : request.path), 32U << 20U);
  if (!bytes) return unknown();
  Response response = Response::text(200, *bytes, std::string(media_type(is_page ? ".html" : request.path)));
  // Built files carry their hash in the name; the page itself is asked for each time.
  response.headers.emplace_back("Cache-Control", request.path.starts_with("/assets/")
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  return response;
}

}  // namespace qipan::face
