#include "rules/boxed.hpp"

#include <array>

#include "expr/java.hpp"

namespace qipan::rules {

namespace {

using expr::NodePtr;
using expr::TypePtr;

constexpr std::array<std::string_view, 13> boxed_kinds = {"literalExpression",
                                                          "context",
                                                          "decisionTable",
                                                          "invocation",
                                                          "functionDefinition",
                                                          "relation",
                                                          "list",
                                                          "conditional",
                                                          "filter",
                                                          "for",
                                                          "some",
                                                          "every",
                                                          "unaryTests"};

/// Whether some text below has the word.
bool mentions(const pugi::xml_node& node, std::string_view word) {
  return static_cast<bool>(node.find_node([&](const pugi::xml_node& part) {
    return std::string_view(part.value()).find(word) != std::string_view::npos;
  }));
}

bool is_expression(const pugi::xml_node& node) {
  return node.type() == pugi::node_element &&
         std::find(boxed_kinds.begin(), boxed_kinds.end(), local_name(node)) != boxed_kinds.end();
}

}  // namespace

TypePtr BoxedReader::type_of(const pugi::xml_node& node) {
  return builder_.reference_type(document_, node, node.attribute("typeRef").as_string(), 0);
}

void BoxedReader::problem(const pugi::xml_node& at, std::string code, std::string value, std::string rule) {
  builder_.problem(document_, at, std::move(code), std::move(value),
                   std::move(rule) + " (" + name_ + (cell_.empty() ? "" : ", " + cell_) + ")");
}

NodePtr BoxedReader::missing(const pugi::xml_node& node, std::string_view what) {
  problem(node, "dmn-missing", std::string(local_name(node)), std::string(what));
  return expr::failing_node("dmn-missing", name_ + ": " + std::string(what) + " is missing");
}

NodePtr BoxedReader::below(const pugi::xml_node& parent) {
  for (const auto& node : parent.children()) {
    if (is_expression(node)) return expression(node);
  }
  return nullptr;
}

NodePtr BoxedReader::expression(const pugi::xml_node& node) {
  constexpr int depth_max = 50;
  if (depth_ >= depth_max) return missing(node, "less than 50 boxes in each other");
  ++depth_;
  NodePtr made = dispatched(node);
  --depth_;
  return coerced_node(std::move(made), type_of(node));
}

NodePtr BoxedReader::dispatched(const pugi::xml_node& node) {
  const std::string_view kind = local_name(node);
  if (kind == "literalExpression") return literal(node);
  if (kind == "context") return context(node);
  if (kind == "decisionTable") return decision_table(node);
  if (kind == "invocation") return invocation(node);
  if (kind == "functionDefinition") return function(node);
  if (kind == "relation") return relation(node);
  if (kind == "list") return list(node);
  if (kind == "conditional") return conditional(node);
  if (kind == "filter") return filter(node);
  if (kind == "for" || kind == "some" || kind == "every") return iteration(node);
  return missing(node, "a boxed expression");
}

/// The flaws of a text become problems of the model, with the line within the file.
NodePtr BoxedReader::compiled(const pugi::xml_node& text, expr::Compiled result) {
  for (const expr::Flaw& flaw : result.flaws)
    problem(text, flaw.is_type ? "feel-type" : "feel-syntax", flaw.found, flaw.expected);
  return std::move(result.node);
}

NodePtr BoxedReader::text_expression(const pugi::xml_node& parent) {
  const pugi::xml_node text = child(parent, "text");
  const std::string content = text_of(text);
  if (trimmed(content).empty()) return missing(parent, "a text");
  return compiled(text, compile_expression(scope_, content));
}

NodePtr BoxedReader::literal(const pugi::xml_node& node) {
  const std::string language = node.attribute("expressionLanguage").as_string();
  if (!language.empty() && language.find("FEEL") == std::string::npos &&
      language.find("feel") == std::string::npos)
    return missing(node, "FEEL as the expression language");
  return text_expression(node);
}

NodePtr BoxedReader::context(const pugi::xml_node& node) {
  std::vector<expr::Entry> entries;
  NodePtr result;
  scope_.open();
  for (const auto& box : children(node, "contextEntry")) {
    const pugi::xml_node variable = child(box, "variable");
    if (!variable) {
      result = below(box);
      if (result == nullptr) result = missing(box, "an expression");
      continue;
    }
    expr::Entry entry;
    entry.key = variable.attribute("name").as_string();
    const TypePtr type = type_of(variable);
    const bool twice = std::any_of(entries.begin(), entries.end(),
                                   [&](const expr::Entry& other) { return other.key == entry.key; });
    if (twice) problem(box, "dmn-duplicate", entry.key, "each entry once");
    const bool is_function = static_cast<bool>(child(box, "functionDefinition"));
    if (is_function) {
      entry.slot = scope_.slot();
      scope_.declare_self(entry.key, entry.slot);
    }
    NodePtr value = below(box);
    if (value == nullptr) value = missing(box, "an expression");
    entry.value = coerced_node(std::move(value), type);
    if (is_function) {
      scope_.retype(entry.slot, entry.value->type);
    } else {
      entry.slot = scope_.declare(entry.key, entry.value->type);
    }
    entries.push_back(std::move(entry));
  }
  scope_.close();
  return context_node(std::move(entries), std::move(result));
}

NodePtr BoxedReader::invocation(const pugi::xml_node& node) {
  NodePtr callee = below(node);
  if (callee == nullptr) return missing(node, "the function that is called");
  std::vector<NodePtr> arguments;
  std::vector<std::string> names;
  for (const auto& binding : children(node, "binding")) {
    const pugi::xml_node parameter = child(binding, "parameter");
    names.emplace_back(parameter.attribute("name").as_string());
    NodePtr value = below(binding);
    if (value == nullptr) value = expr::constant_node(expr::Value());
    arguments.push_back(coerced_node(std::move(value), type_of(parameter)));
  }
  return call_node(std::move(callee), std::move(arguments), std::move(names));
}

expr::Lambda BoxedReader::lambda(const pugi::xml_node& definition, expr::Scope& scope, bool whole_scope) {
  expr::Lambda made;
  for (const auto& parameter : children(definition, "formalParameter")) {
    expr::Parameter formal{parameter.attribute("name").as_string(), type_of(parameter)};
    const bool twice = std::any_of(made.parameters.begin(), made.parameters.end(),
                                   [&](const expr::Parameter& other) { return other.name == formal.name; });
    if (twice) problem(parameter, "dmn-duplicate", formal.name, "each parameter once");
    scope.declare(formal.name, formal.type);
    made.parameters.push_back(std::move(formal));
  }
  const std::string kind = definition.attribute("kind").as_string();
  NodePtr body;
  if (kind == "Java") {
    NodePtr mapping = below(definition);
    if (mapping == nullptr) mapping = missing(definition, "a context with class and method signature");
    body = expr::java_node(std::move(mapping), made.parameters.size());
  } else if (!kind.empty() && kind != "FEEL") {
    body = expr::failing_node("dmn-external", name_ + ": functions of " + kind + " are not called");
  } else {
    BoxedReader inner(builder_, document_, scope, name_);
    inner.depth_ = depth_ + 1;
    body = inner.below(definition);
    last_table_ = inner.last_table_;
    if (body == nullptr) body = missing(definition, "the function's expression");
  }
  if (whole_scope) {
    made.body = {std::move(body), scope.slots()};
  } else {
    expr::Scope::Level level = scope.close_function();
    made.body = {std::move(body), level.slots};
    made.captures = std::move(level.captures);
  }
  return made;
}

NodePtr BoxedReader::function(const pugi::xml_node& node) {
  scope_.open_function();
  return function_node(lambda(node, scope_, false));
}

NodePtr BoxedReader::relation(const pugi::xml_node& node) {
  std::vector<std::string> columns;
  std::vector<TypePtr> types;
  for (const auto& column : children(node, "column")) {
    columns.emplace_back(column.attribute("name").as_string());
    types.push_back(type_of(column));
  }
  std::vector<NodePtr> rows;
  for (const auto& row : children(node, "row")) {
    std::vector<expr::Entry> entries;
    for (const auto& cell : row.children()) {
      if (!is_expression(cell) || entries.size() >= columns.size()) continue;
      const std::size_t i = entries.size();
      entries.push_back({columns[i], coerced_node(expression(cell), types[i]), scope_.slot()});
    }
    rows.push_back(context_node(std::move(entries), nullptr));
  }
  return list_node(std::move(rows));
}

NodePtr BoxedReader::list(const pugi::xml_node& node) {
  std::vector<NodePtr> items;
  for (const auto& item : node.children()) {
    if (is_expression(item)) items.push_back(expression(item));
  }
  return list_node(std::move(items));
}

NodePtr BoxedReader::conditional(const pugi::xml_node& node) {
  std::array<NodePtr, 3> parts;
  constexpr std::array<std::string_view, 3> names = {"if", "then", "else"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i] = below(child(node, names[i]));
    if (parts[i] == nullptr) return missing(node, names[i]);
  }
  return choice_node(std::move(parts[0]), std::move(parts[1]), std::move(parts[2]), true);
}

NodePtr BoxedReader::filter(const pugi::xml_node& node) {
  NodePtr source = below(child(node, "in"));
  if (source == nullptr) return missing(node, "in");
  const bool is_list = source->type->kind == expr::Type::Kind::list;
  TypePtr item = is_list ? source->type->element : source->type;
  if (item == nullptr) item = expr::type_of(expr::Type::Kind::any);
  const std::size_t slot = scope_.slot();
  scope_.open_items(slot, std::move(item));
  NodePtr condition = below(child(node, "match"));
  scope_.close();
  if (condition == nullptr) return missing(node, "match");
  return filter_node(std::move(source), slot, std::move(condition));
}

NodePtr BoxedReader::iteration(const pugi::xml_node& node) {
  const std::string_view kind = local_name(node);
  expr::Iterator iterator;
  iterator.from = below(child(node, "in"));
  if (iterator.from == nullptr) return missing(node, "in");
  const TypePtr& source = iterator.from->type;
  const TypePtr element = source->element != nullptr ? source->element : expr::type_of(expr::Type::Kind::any);
  scope_.open();
  iterator.slot = scope_.declare(node.attribute("iteratorVariable").as_string(), element);
  const bool is_for = kind == "for";
  const bool wants_partial = is_for && mentions(child(node, "return"), "partial");
  const std::size_t partial =
      wants_partial ? scope_.declare("partial", expr::type_of(expr::Type::Kind::list)) : expr::no_slot;
  NodePtr body = below(child(node, is_for ? "return" : "satisfies"));
  scope_.close();
  if (body == nullptr) return missing(node, is_for ? "return" : "satisfies");
  if (is_for) return for_node({std::move(iterator)}, partial, std::move(body));
  return quantified_node(kind == "some" ? expr::Quantifier::some : expr::Quantifier::every,
                         {std::move(iterator)}, std::move(body));
}

}  // namespace qipan::rules
