#include <array>

#include "expr/machine.hpp"
#include "expr/parser.hpp"
#include "rules/builder.hpp"

namespace qipan::rules {

namespace {

using expr::Type;
using expr::TypePtr;

constexpr int depth_max = 20;

/// The tests of an item definition, on top of those of the type that it builds on.
class TestConstraint final : public expr::Constraint {
 public:
  TestConstraint(std::string text, expr::Code tests, std::shared_ptr<const Constraint> base)
      : text_(std::move(text)), tests_(std::move(tests)), base_(std::move(base)) {}

  bool holds(expr::Machine& machine, const expr::Value& value) const override {
    if (base_ != nullptr && !base_->holds(machine, value)) return false;
    const expr::Machine::Frame frame(machine, tests_.slots);
    machine.set_local(0, value);
    return run(*tests_.root, machine).is_true();
  }
  const std::string& text() const override { return text_; }

 private:
  std::string text_;
  expr::Code tests_;
  std::shared_ptr<const Constraint> base_;
};

}  // namespace

void Builder::define_types() {
  for (Document& document : documents_) {
    for (const auto& definition : children(document.file->root(), "itemDefinition"))
      static_cast<void>(named_type(document, definition.attribute("name").as_string(), 0));
  }
  // Imported types under the import's name; of imports of imports the longer name.
  for (std::size_t round = 0; round < documents_.size(); ++round) {
    for (Document& document : documents_) {
      for (const auto& [name, index] : document.imports) {
        for (const auto& [type_name, type] : documents_[index].types)
          document.types.emplace(name.empty() ? type_name : name + "." + type_name, type);
      }
    }
  }
}

TypePtr Builder::named_type(Document& document, std::string_view name, int depth) {
  if (const auto known = document.types.find(name); known != document.types.end()) return known->second;
  if (depth > depth_max) return nullptr;
  for (const auto& definition : children(document.file->root(), "itemDefinition")) {
    if (definition.attribute("name").as_string() != name) continue;
    TypePtr type = item_type(document, definition, depth + 1);
    document.types.emplace(std::string(name), type);
    return type;
  }
  for (const auto& [import, index] : document.imports) {
    const bool prefixed = !import.empty() && name.starts_with(import + ".");
    if (!prefixed && !import.empty()) continue;
    TypePtr type = named_type(documents_[index], prefixed ? name.substr(import.size() + 1) : name, depth + 1);
    if (type != nullptr) return type;
  }
  return nullptr;
}

TypePtr Builder::reference_type(Document& document, const pugi::xml_node& at, std::string name, int depth) {
  name = trimmed(name);
  if (name.empty()) return expr::type_of(Type::Kind::any);
  // DMN 1.1 writes QNames: feel:string, or the prefix of an import's namespace.
  if (const auto colon = name.find(':'); colon != std::string::npos) {
    const std::string local = name.substr(colon + 1);
    if (TypePtr built_in = expr::built_in_type(local); built_in != nullptr) return built_in;
    const std::string name_space =
        document.file->root().attribute(("xmlns:" + name.substr(0, colon)).c_str()).as_string();
    for (Document& other : documents_) {
      if (other.name_space != name_space) continue;
      if (TypePtr type = named_type(other, local, depth + 1); type != nullptr) return type;
    }
    name = local;
  }
  if (TypePtr type = named_type(document, name, depth + 1); type != nullptr) return type;
  if (TypePtr built_in = expr::built_in_type(name); built_in != nullptr) return built_in;
  expr::Scope scope({}, &document.types);
  if (TypePtr type = compile_type(scope, name); type != nullptr) return type;
  problem(document, at, "dmn-type", name, "a FEEL type or an item definition");
  return expr::type_of(Type::Kind::any);
}

TypePtr Builder::item_type(Document& document, const pugi::xml_node& definition, int depth) {
  auto made = std::make_shared<Type>();
  const auto components = children(definition, "itemComponent");
  if (depth > depth_max) return expr::type_of(Type::Kind::any);
  if (!components.empty()) {
    made->kind = Type::Kind::context;
    for (const auto& component : components)
      made->fields.push_back(
          {component.attribute("name").as_string(), item_type(document, component, depth + 1)});
  } else if (const auto function = child(definition, "functionItem"); function) {
    made->kind = Type::Kind::function;
    for (const auto& parameter : children(function, "parameters"))
      made->parameters.push_back(
          reference_type(document, parameter, parameter.attribute("typeRef").as_string(), depth + 1));
    made->result =
        reference_type(document, function, function.attribute("outputTypeRef").as_string(), depth + 1);
  } else {
    const auto reference = child(definition, "typeRef");
    *made = *reference_type(document, definition, text_of(reference), depth + 1);
  }
  made->name = definition.attribute("name").as_string();
  TypePtr type = made;
  // Allowed values are about each item of a collection, a type constraint about the whole.
  type = constrained(type, document, child(definition, "allowedValues"));
  if (definition.attribute("isCollection").as_bool()) {
    auto list = std::make_shared<Type>();
    list->kind = Type::Kind::list;
    list->element = type;
    list->name = made->name;
    type = list;
  }
  return constrained(type, document, child(definition, "typeConstraint"));
}

TypePtr Builder::constrained(TypePtr type, const Document& document, const pugi::xml_node& tests) {
  if (!tests) return type;
  const std::string text = trimmed(text_of(child(tests, "text")));
  if (text.empty()) return type;
  expr::Scope scope({}, &document.types);
  const std::size_t slot = scope.declare("?", type);
  expr::Compiled compiled = compile_unary_tests(scope, text, slot, type);
  if (!compiled.flaws.empty()) {
    for (const expr::Flaw& flaw : compiled.flaws)
      problem(document, tests, flaw.is_type ? "feel-type" : "feel-syntax", flaw.found, flaw.expected);
    return type;
  }
  auto made = std::make_shared<Type>(*type);
  made->constraint = std::make_shared<const TestConstraint>(text, expr::Code{compiled.node, scope.slots()},
                                                            type->constraint);
  return made;
}

}  // namespace qipan::rules
