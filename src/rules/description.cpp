#include "rules/description.hpp"

#include <algorithm>
#include <array>

#include "rules/xml.hpp"

namespace qipan::rules {

namespace {

constexpr std::array<std::string_view, 7> element_kinds = {
    "import",          "itemDefinition", "inputData", "decision", "businessKnowledgeModel",
    "decisionService", "knowledgeSource"};

/// Names that say where something stands rather than what it says.
constexpr std::array<std::string_view, 3> unsaid = {"description", "extensionElements", "variable"};

std::string entry(const pugi::xml_node& node) {
  return trimmed(text_of(child(node, "text")));
}

Json texts(const std::vector<pugi::xml_node>& nodes) {
  Json list = Json::array();
  for (const auto& node : nodes) list.push(entry(node));
  return list;
}

Json described_table(const pugi::xml_node& node) {
  Json inputs = Json::array();
  for (const auto& input : children(node, "input")) {
    const auto expression = child(input, "inputExpression");
    Json one = Json::object();
    one.set("label", input.attribute("label").as_string()).set("text", entry(expression));
    one.set("type", expression.attribute("typeRef").as_string());
    inputs.push(std::move(one.set("values", entry(child(input, "inputValues")))));
  }
  Json outputs = Json::array();
  for (const auto& output : children(node, "output")) {
    Json one = Json::object();
    one.set("name", output.attribute("name").as_string()).set("label", output.attribute("label").as_string());
    one.set("type", output.attribute("typeRef").as_string());
    one.set("values", entry(child(output, "outputValues")));
    outputs.push(std::move(one.set("otherwise", entry(child(output, "defaultOutputEntry")))));
  }
  Json annotations = Json::array();
  for (const auto& annotation : children(node, "annotation"))
    annotations.push(annotation.attribute("name").as_string());
  Json rules = Json::array();
  for (const auto& rule : children(node, "rule")) {
    Json one = Json::object();
    one.set("id", rule.attribute("id").as_string()).set("tests", texts(children(rule, "inputEntry")));
    one.set("outputs", texts(children(rule, "outputEntry")));
    // Some editors keep what a rule stands on in its description; the table reads it from there too.
    auto entries = texts(children(rule, "annotationEntry"));
    const auto description = child(rule, "description");
    if (entries.items().empty() && description) entries.push(trimmed(text_of(description)));
    rules.push(std::move(one.set("annotations", std::move(entries))));
  }
  Json table = Json::object();
  table.set("policy", node.attribute("hitPolicy").as_string("UNIQUE"));
  table.set("aggregation", node.attribute("aggregation").as_string());
  table.set("inputs", std::move(inputs)).set("outputs", std::move(outputs));
  return table.set("annotations", std::move(annotations)).set("rules", std::move(rules));
}

/// Elements, attributes and texts without prefixes, layout and ids, so that two writings of one thing are
/// equal.
void plain_xml(const pugi::xml_node& node, int depth, std::string& out) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  out += indent + "<" + std::string(local_name(node));
  for (const auto& attribute : node.attributes()) {
    const std::string_view name = attribute.name();
    if (name == "id" || name.starts_with("xmlns")) continue;
    out += " " + std::string(name) + "=\"" + attribute.value() + "\"";
  }
  const std::string text = trimmed(text_of(node));
  out += ">" + text + "\n";
  for (const auto& below : node.children()) {
    if (below.type() == pugi::node_element) plain_xml(below, depth + 1, out);
  }
}

bool is_logic(const pugi::xml_node& node) {
  const std::string_view name = local_name(node);
  return node.type() == pugi::node_element && std::find(unsaid.begin(), unsaid.end(), name) == unsaid.end() &&
         !name.ends_with("Requirement") && name != "question" && name != "allowedAnswers";
}

/// The name at the end of a reference within the file; the reference itself where it leads elsewhere.
std::string named_by(const pugi::xml_node& root, std::string_view reference) {
  if (!reference.starts_with('#')) return std::string(reference);
  for (const auto& node : root.children())
    if (reference.substr(1) == node.attribute("id").as_string()) return node.attribute("name").as_string();
  return std::string(reference);
}

Json requirements(const pugi::xml_node& root, const pugi::xml_node& node) {
  Json names = Json::array();
  for (const auto& requirement : node.children()) {
    if (!local_name(requirement).ends_with("Requirement")) continue;
    for (const auto& required : requirement.children()) {
      if (const std::string_view reference = required.attribute("href").as_string(); !reference.empty())
        names.push(named_by(root, reference));
    }
  }
  return names;
}

Json described(const pugi::xml_node& root, const pugi::xml_node& node) {
  const std::string_view kind = local_name(node);
  Json one = Json::object();
  one.set("kind", kind).set("id", node.attribute("id").as_string());
  one.set("name", node.attribute("name").as_string());
  const auto variable = child(node, "variable");
  const std::string own_type = trimmed(text_of(child(node, "typeRef")));
  const bool collection = node.attribute("isCollection").as_bool();
  one.set("type", kind == "itemDefinition" ? own_type + (collection ? "[]" : "")
                                           : variable.attribute("typeRef").as_string());
  one.set("description", trimmed(text_of(child(node, "description"))));
  one.set("requires", requirements(root, node));
  std::string xml;
  for (const auto& below : node.children()) {
    if (!is_logic(below)) continue;
    const std::string_view name = local_name(below);
    if (kind == "decision" && name == "decisionTable") return one.set("table", described_table(below));
    if (kind == "decision" && name == "literalExpression") return one.set("text", entry(below));
    plain_xml(below, 0, xml);
  }
  if (kind == "import") plain_xml(node, 0, xml);
  if (!xml.empty()) one.set("xml", xml);
  return one;
}

}  // namespace

Result<Json> describe(const std::string& path, std::string_view bytes) {
  QIPAN_TRY(file, XmlFile::read(path, bytes));
  const auto root = file->root();
  if (local_name(root) != "definitions")
    return invalid("dmn-root", file->place(root), local_name(root), "definitions of DMN");
  Json elements = Json::array();
  for (const auto& node : root.children()) {
    if (std::find(element_kinds.begin(), element_kinds.end(), local_name(node)) != element_kinds.end())
      elements.push(described(root, node));
  }
  Json description = Json::object();
  description.set("name", root.attribute("name").as_string());
  return description.set("namespace", root.attribute("namespace").as_string())
      .set("elements", std::move(elements));
}

}  // namespace qipan::rules
