#include <algorithm>

#include "base/assert.hpp"
#include "face/app/routes.hpp"
#include "face/app/shape.hpp"
#include "fields/form.hpp"

namespace qipan::face {

std::vector<std::string> Route::path_names() const {
  std::vector<std::string> names;
  for (std::size_t from = pattern.find('{'); from != std::string::npos; from = pattern.find('{', from + 1))
    names.push_back(pattern.substr(from + 1, pattern.find('}', from) - from - 1));
  return names;
}

bool Route::says(std::string_view member) const {
  return pattern.find("{" + std::string(member) + "}") == std::string::npos && !sends->is_supplied(member) &&
         std::find(without.begin(), without.end(), member) == without.end();
}

Route& Route::means(std::string text) {
  summary = std::move(text);
  return *this;
}
Route& Route::parameters(std::vector<fields::Field> fields) {
  query = std::move(fields);
  return *this;
}
Route& Route::asks(std::vector<fields::Field> fields) {
  body = std::move(fields);
  return *this;
}
Route& Route::leaves_out(std::vector<std::string> members) {
  without = std::move(members);
  return *this;
}
Route& Route::takes_type(std::string media) {
  takes = std::move(media);
  return *this;
}
Route& Route::replaces_body(Json schema) {
  request = std::move(schema);
  return *this;
}
Route& Route::gives_type(std::string media) {
  gives = std::move(media);
  return *this;
}
Route& Route::answers(Json schema) {
  answer = std::move(schema);
  return *this;
}
Route& Route::answers_also(std::initializer_list<std::pair<std::string_view, Json>> members) {
  answer = shape::with(std::move(answer), members);
  return *this;
}
Route& Route::opens_always() {
  return opens_to("*");
}
Route& Route::opens_to(std::string_view limit) {
  open_to = limit;
  return *this;
}

Route& Route::creating() {
  creates = true;
  return *this;
}
Route& Route::of_parties() {
  for_office = false;
  for_parties = true;
  query.push_back(
      fields::Make("mandate", fields::types::integer()).means("in place of the header Qipan-Mandate"));
  return *this;
}
Route& Route::also_for_parties() {
  for_parties = true;
  return *this;
}
Route& Route::slowly() {
  slow = true;
  return *this;
}

Route& Route::waiting_outside() {
  outside = true;
  return *this;
}

Route& Route::spooling() {
  spools = true;
  return *this;
}

RouteTable::RouteTable(const std::vector<std::unique_ptr<board::Engine>>& engines) : engines_(engines) {
  add_system_routes(*this);
  add_session_routes(*this);
  add_provider_routes(*this);
  add_people_routes(*this);
  add_case_routes(*this);
  add_collection_routes(*this);
  add_search_routes(*this);
  add_own_routes(*this);
  add_mandate_routes(*this);
  add_decision_routes(*this);
  add_rule_routes(*this);
  add_draft_routes(*this);
  add_report_routes(*this);
  add_photo_routes(*this);
  add_register_routes(*this);
  add_timeline_routes(*this);
  add_import_routes(*this);
  add_page_routes(*this);
  add_saved_routes(*this);
  add_board_routes(*this);
  add_sensing_routes(*this);
  add_administration_routes(*this);
  add_notice_routes(*this);
  add_basemap_routes(*this);
  add_log_routes(*this);
  add_declared_routes(*this, engines_);
}

Route& RouteTable::add(Route route) {
  routes_.push_back(std::move(route));
  return routes_.back();
}

Route& RouteTable::read(const char* pattern, const char* summary, std::function<Response(Reading&)> route) {
  return add(
      {.method = "GET", .pattern = pattern, .summary = summary, .read = std::move(route), .command = {}});
}

Route& RouteTable::post_read(const char* pattern, const char* summary,
                             std::function<Response(Reading&)> route) {
  return add(
      {.method = "POST", .pattern = pattern, .summary = summary, .read = std::move(route), .command = {}});
}

Route& RouteTable::act(const char* method, const char* pattern, const char* summary,
                       std::function<void(Commanding&)> route) {
  return add(
      {.method = method, .pattern = pattern, .summary = summary, .read = {}, .command = std::move(route)});
}

namespace {

/// What every command answers besides its own.
Json answer_shape(const board::CommandType& type) {
  Json schema = fields::form_schema(fields::whole_form(type.answer));
  Json properties = schema["properties"];
  Json required = schema["required"];
  properties.set("position", shape::integer()).set("at", shape::instant());
  required.push("position").push("at");
  return Json::object()
      .set("type", "object")
      .set("properties", std::move(properties))
      .set("required", std::move(required))
      .set("additionalProperties", false);
}

}  // namespace

Route& RouteTable::sends(const char* method, const std::string& pattern, const std::string& kind,
                         std::function<void(Commanding&)> route) {
  const board::CommandType* type = board::find_command(engines_, kind);
  QIPAN_ASSERT(type != nullptr);
  Route made = {.method = method,
                .pattern = pattern,
                .summary = type->summary,
                .read = {},
                .command = std::move(route),
                .sends = type,
                .answer = answer_shape(*type)};
  // What the path names goes into the command by its member's name; another name would be passed over. Who
  // sends otherwise looks at the path itself.
  const auto* as_it_is = made.command.target<void (*)(Commanding&)>();
  if (as_it_is != nullptr && *as_it_is == static_cast<void (*)(Commanding&)>(send)) {
    for (const std::string& name : made.path_names()) QIPAN_ASSERT(fields::find(type->body, name) != nullptr);
  }
  return add(std::move(made));
}

std::vector<std::string> RouteTable::commands_of(std::string_view engine) const {
  std::vector<std::string> kinds;
  for (const auto& one : engines_) {
    if (one->name() != engine) continue;
    for (const board::CommandType& type : one->commands())
      if (board::from_outside(type.sender)) kinds.push_back(type.kind);
  }
  return kinds;
}

}  // namespace qipan::face
