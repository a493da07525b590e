#include "face/app/shape.hpp"

namespace qipan::face::shape {

namespace {

Json of_type(std::string_view name) {
  return Json::object().set("type", name);
}

}  // namespace

Json text() {
  return of_type("string");
}

Json integer() {
  return of_type("integer");
}

Json choice(std::initializer_list<std::string_view> values) {
  Json list = Json::array();
  for (const std::string_view value : values) list.push(value);
  return of_type("string").set("enum", std::move(list));
}

Json number() {
  return of_type("number");
}

Json boolean() {
  return of_type("boolean");
}

Json any() {
  return Json::object();
}

Json value() {
  Json types = Json::array();
  for (const char* name : {"number", "string", "boolean", "null"}) types.push(name);
  return Json::object().set("type", std::move(types));
}

Json open(Json object) {
  return object.set("additionalProperties", true);
}

Json instant() {
  return of_type("string").set("format", "date-time");
}

Json nullable(Json schema) {
  if (schema["type"].is_text() && !schema.has("enum")) {
    Json types = Json::array();
    types.push(schema["type"]).push("null");
    return schema.set("type", std::move(types));
  }
  Json either = Json::array();
  either.push(std::move(schema)).push(of_type("null"));
  return Json::object().set("anyOf", std::move(either));
}

Json list(Json items) {
  return of_type("array").set("items", std::move(items));
}

Json map(Json values) {
  return of_type("object").set("additionalProperties", std::move(values));
}

Json items(Json item) {
  return object({{"items", list(std::move(item))}});
}

Json page(Json item) {
  return with(items(std::move(item)), {{"next", nullable(text())}});
}

Json with(Json object, std::initializer_list<std::pair<std::string_view, Json>> members) {
  Json properties = object["properties"];
  Json required = object["required"];
  for (const auto& [name, schema] : members) {
    const bool optional = name.ends_with('?');
    const std::string_view plain = optional ? name.substr(0, name.size() - 1) : name;
    properties.set(plain, schema);
    if (!optional) required.push(plain);
  }
  return object.set("properties", std::move(properties)).set("required", std::move(required));
}

Json object(std::initializer_list<std::pair<std::string_view, Json>> members) {
  Json empty = of_type("object");
  empty.set("properties", Json::object()).set("required", Json::array()).set("additionalProperties", false);
  return with(std::move(empty), members);
}

Json named(std::string_view name) {
  return Json::object().set("$ref", "#/components/schemas/" + std::string(name));
}

}  // namespace qipan::face::shape
