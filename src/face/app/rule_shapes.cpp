#include "face/app/rule_shapes.hpp"

namespace qipan::face::shape {

namespace {

Json texts() {
  return list(text());
}

Json rule() {
  return object({{"id", text()}, {"tests", texts()}, {"outputs", texts()}, {"annotations", texts()}});
}

Json table() {
  return object(
      {{"policy", text()},
       {"aggregation", text()},
       {"inputs", list(object({{"label", text()}, {"text", text()}, {"type", text()}, {"values", text()}}))},
       {"outputs", list(object({{"name", text()},
                                {"label", text()},
                                {"type", text()},
                                {"values", text()},
                                {"otherwise", text()}}))},
       {"annotations", texts()},
       {"rules", list(rule())}});
}

Json element() {
  return object({{"kind", text()},
                 {"id", text()},
                 {"name", text()},
                 {"type", text()},
                 {"description", text()},
                 {"requires", texts()},
                 {"table?", table()},
                 {"text?", text()},
                 {"xml?", text()}});
}

Json rule_change() {
  return object({{"change", choice({"added", "removed", "changed", "moved"})},
                 {"id", text()},
                 {"place", integer()},
                 {"before?", rule()},
                 {"after?", rule()},
                 {"cells?", list(object({{"column", text()}, {"before", text()}, {"after", text()}}))}});
}

Json element_change() {
  return object({{"change", choice({"added", "removed", "changed"})},
                 {"kind", text()},
                 {"name", text()},
                 {"parts?", list(object({{"part", text()}, {"before", any()}, {"after", any()}}))},
                 {"rules?", list(rule_change())}});
}

Json table_run() {
  return object({{"name", text()},
                 {"policy", text()},
                 {"inputs", list(object({{"text", text()}, {"label", text()}, {"value", any()}}))},
                 {"outputs", texts()},
                 {"annotations", texts()},
                 {"rules", list(rule())},
                 {"value", any()}});
}

Json parameter() {
  return titled({{"name", text()}, {"value", any()}, {"unit", text()}, {"from", text()}, {"source", text()}});
}

Json alternative() {
  return with(
      rule(),
      {{"changes",
        list(object(
            {{"input", text()}, {"label", text()}, {"from", any()}, {"to", any()}, {"test", text()}}))}});
}

Json model_itself() {
  return object(
      {{"path", text()},
       {"decisions", list(object({{"name", text()}, {"inputs", texts()}, {"outputs", texts()}}))},
       {"problems", pack_problems()},
       {"description",
        nullable(object({{"name", text()}, {"namespace", text()}, {"elements", list(element())}}))}});
}

Json explanation_itself() {
  return object({{"decision", text()},
                 {"model", text()},
                 {"hash", text()},
                 {"day", text()},
                 {"outputs", map(any())},
                 {"inputs", list(object({{"name", text()}, {"description", text()}, {"value", any()}}))},
                 {"parameters", list(parameter())},
                 {"steps", list(object({{"decision", text()},
                                        {"description", text()},
                                        {"value", any()},
                                        {"tables", list(table_run())}}))},
                 {"alternatives", list(alternative())},
                 {"diagnostics", list(object({{"code", text()}, {"text", text()}}))}});
}

}  // namespace

Json models() {
  return list(named("RuleModel"));
}

Json file_changes() {
  return list(object({{"path", text()},
                      {"change", choice({"added", "removed", "changed"})},
                      {"elements?", list(element_change())}}));
}

Json explained() {
  return named("Explanation");
}

Json named_rule_shapes() {
  return Json::object().set("Explanation", explanation_itself()).set("RuleModel", model_itself());
}

Json decided() {
  return object({{"decision", text()},
                 {"model", text()},
                 {"day", text()},
                 {"inputs", map(any())},
                 {"outputs", map(any())},
                 {"rules", texts()},
                 {"annotation?", text()},
                 {"parameters?",
                  list(object({{"name", text()}, {"from", text()}, {"value", any()}, {"source", text()}}))},
                 {"diagnostics?", texts()}});
}

}  // namespace qipan::face::shape
