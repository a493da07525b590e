#include "base/text.hpp"
#include "face/app/routes.hpp"
#include "face/app/rule_shapes.hpp"
#include "fields/form.hpp"

// OpenAPI 3.1, made from the routes and from what engines declare of their commands.

namespace qipan::face {

namespace {

Json titled(const fields::Field& field) {
  Json schema = Json::object();
  field.type->describe(field, schema);
  if (!field.help.en.empty()) schema.set("description", field.help.en);
  return schema;
}

/// Every value may be null, which is none.
Json member_shape(const fields::Field& field) {
  if (field.required) return titled(field);
  Json schema = titled(field);
  if (schema.members().empty()) return schema;
  return shape::nullable(std::move(schema));
}

Json parameter_json(const fields::Field& field, const char* place, bool required) {
  Json one = Json::object();
  one.set("name", field.name).set("in", place).set("required", required).set("schema", titled(field));
  if (!field.help.en.empty()) one.set("description", field.help.en);
  return one;
}

Json parameters_json(const Route& route) {
  Json list = Json::array();
  for (const std::string& name : route.path_names())
    list.push(parameter_json(fields::Make(name, fields::types::text()), "path", true));
  for (const fields::Field& field : route.query) list.push(parameter_json(field, "query", field.required));
  if (route.sends != nullptr) {
    list.push(parameter_json(
        fields::Make("Idempotency-Key", fields::types::text())
            .means("the same request sent again under the same key is done once and answered the same"),
        "header", false));
  }
  return list;
}

Json body_schema(const Route& route) {
  if (!route.request.is_null()) return route.request;
  Json properties = Json::object();
  Json required = Json::array();
  const auto add = [&](const fields::Field& field) {
    properties.set(field.name, member_shape(field));
    if (field.required) required.push(field.name);
  };
  if (route.sends != nullptr) {
    for (const fields::Field& field : route.sends->body)
      if (route.says(field.name)) add(field);
  }
  for (const fields::Field& field : route.body) add(field);
  return Json::object()
      .set("type", "object")
      .set("properties", std::move(properties))
      .set("required", std::move(required))
      .set("additionalProperties", false);
}

Json content(const std::string& media, Json schema) {
  Json type = Json::object();
  if (!schema.is_null()) type.set("schema", std::move(schema));
  return Json::object().set(media, std::move(type));
}

Json responses_json(const Route& route) {
  const bool nothing = route.gives.empty();
  Json done = Json::object().set("description", "done");
  if (!nothing) done.set("content", content(route.gives, route.answer));
  Json responses = Json::object();
  responses.set(nothing ? "204" : "200", done);
  if (route.creates) responses.set("201", std::move(done));
  return responses.set("default",
                       Json::object()
                           .set("description", "a problem (RFC 9457)")
                           .set("content", content("application/problem+json", shape::named("Problem"))));
}

std::string_view words_of(board::Sender sender) {
  switch (sender) {
    case board::Sender::anyone:
      return "anyone";
    case board::Sender::known:
      return "known";
    case board::Sender::person:
      return "person";
    case board::Sender::command_line:
      return "operator";
    case board::Sender::house:
      return "house";
  }
  return "";
}

Json operation_json(const Route& route) {
  Json operation = Json::object().set("summary", route.summary);
  Json parameters = parameters_json(route);
  if (!parameters.items().empty()) operation.set("parameters", std::move(parameters));
  if (route.method != "DELETE" && route.method != "GET" && !route.takes.empty()) {
    const bool json = route.takes == "application/json";
    operation.set("requestBody",
                  Json::object()
                      .set("required", true)
                      .set("content", content(route.takes, json ? body_schema(route) : Json())));
  }
  operation.set("responses", responses_json(route));
  if (route.sends == nullptr) return operation;
  operation.set("x-command", route.sends->kind).set("x-sender", words_of(route.sends->sender));
  if (const auto& right = route.sends->right)
    operation.set("x-right", std::string(right->action) + " " + std::string(right->resource));
  return operation;
}

Json problem_shape() {
  using namespace shape;
  return object({{"type", text()},
                 {"title", text()},
                 {"status", integer()},
                 {"detail", text()},
                 {"code", text()},
                 {"field?", text()},
                 {"value?", text()},
                 {"expected?", text()},
                 {"remedy?", text()}});
}

}  // namespace

Json RouteTable::openapi() const {
  Json paths = Json::object();
  for (const Route& route : routes_) {
    Json path = paths[route.pattern].is_object() ? paths[route.pattern] : Json::object();
    path.set(lower_case(route.method), operation_json(route));
    paths.set(route.pattern, std::move(path));
  }
  Json schemas = Json::object().set("Problem", problem_shape());
  for (Json named : {shape::named_shapes(), shape::named_rule_shapes()})
    for (auto& [name, schema] : named.take_members()) schemas.set(name, std::move(schema));
  Json document = Json::object();
  document.set("openapi", "3.1.0")
      .set("info", Json::object().set("title", "Qipan").set("version", QIPAN_VERSION))
      .set("paths", std::move(paths));
  return document.set("components", Json::object().set("schemas", std::move(schemas)));
}

}  // namespace qipan::face
