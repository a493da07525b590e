#include "face/app/shapes.hpp"

namespace qipan::face::shape {

Json title() {
  return object({{"zh", text()}, {"en", text()}});
}

Json titled(std::initializer_list<std::pair<std::string_view, Json>> members) {
  return with(object(members), {{"title_zh", text()}, {"title_en", text()}});
}

Json party() {
  return object({{"subject", text()}, {"title", text()}});
}

Json actor() {
  return object({{"id", text()}, {"title_zh?", text()}, {"title_en?", text()}, {"party?", party()}});
}

Json fact(Json body) {
  return object({{"position", integer()},
                 {"at", instant()},
                 {"actor", actor()},
                 {"acting_for?", list(actor())},
                 {"kind", text()},
                 {"body", std::move(body)}});
}

Json unit() {
  return nullable(titled({{"code", text()}}));
}

namespace {

Json field_itself() {
  const Json check = object({{"rule", text()}, {"title", title()}});
  return open(object({{"type?", text()},
                      {"enum?", list(text())},
                      {"format?", text()},
                      {"pattern?", text()},
                      {"minLength?", integer()},
                      {"maxLength?", integer()},
                      {"minimum?", number()},
                      {"maximum?", number()},
                      {"multipleOf?", number()},
                      {"maxItems?", integer()},
                      {"items?", open(object({{"enum?", list(text())}}))},
                      {"readOnly?", boolean()},
                      {"x-title", title()},
                      {"x-type", text()},
                      {"x-help?", title()},
                      {"x-unit?", text()},
                      {"x-personal?", boolean()},
                      {"x-prefill?", text()},
                      {"x-options?", map(title())},
                      {"x-to?", list(text())},
                      {"x-visible?", text()},
                      {"x-required?", text()},
                      {"x-default?", text()},
                      {"x-checks?", list(check)}}));
}

}  // namespace

Json field() {
  return named("Field");
}

Json form() {
  return named("Form");
}

Json named_shapes() {
  Json form = open(object({{"type", text()}, {"properties", map(field())}, {"required", list(text())}}));
  return Json::object().set("Field", field_itself()).set("Form", std::move(form));
}

Json case_row() {
  return object({{"id", integer()},
                 {"type", text()},
                 {"state", text()},
                 {"open", boolean()},
                 {"class", text()},
                 {"place", text()},
                 {"x", nullable(integer())},
                 {"y", nullable(integer())},
                 {"unit", unit()},
                 {"responsible", unit()},
                 {"source", text()},
                 {"created", instant()},
                 {"closed", nullable(instant())},
                 {"due", nullable(instant())},
                 {"lamp", choice({"green", "yellow", "red", "severe"})},
                 {"late", boolean()},
                 {"rework", integer()},
                 {"parent?", integer()},
                 {"external?", text()},
                 {"fields", map(any())}});
}

Json pack_problems() {
  return list(object(
      {{"code", text()}, {"place", text()}, {"value", text()}, {"expected", text()}, {"remedy", text()}}));
}

}  // namespace qipan::face::shape
