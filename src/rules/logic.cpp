#include "rules/boxed.hpp"
#include "rules/evaluation.hpp"

namespace qipan::rules {

using expr::Type;
using expr::TypePtr;

/// What expressions may count on: the declared type, or else what the logic gives.
TypePtr Builder::static_type(std::size_t index) {
  compile(index);
  const Element& element = model_->elements_[index];
  if (element.kind == Element::Kind::input) return element.type;
  if (element.kind == Element::Kind::decision) {
    const bool open = element.type->kind == Type::Kind::any && element.logic.root != nullptr;
    return open ? element.logic.root->type : element.type;
  }
  auto type = std::make_shared<Type>();
  type->kind = Type::Kind::function;
  type->any_parameters = true;
  type->result = element.function == nullptr ? expr::type_of(Type::Kind::any) : element.function->result;
  return type;
}

std::vector<expr::Name> Builder::names_for(std::size_t index) {
  std::vector<expr::Name> names;
  for (const std::size_t needed : model_->elements_[index].requirements)
    names.push_back({qualified(document_of_[index], needed), static_type(needed), needed});
  if (model_->elements_[index].kind == Element::Kind::knowledge)
    names.push_back({model_->elements_[index].name, expr::type_of(Type::Kind::any), index});
  return names;
}

void Builder::compile(std::size_t index) {
  if (compiled_[index] != 0) return;
  compiled_[index] = 1;
  Element& element = model_->elements_[index];
  if (element.kind == Element::Kind::decision) compile_decision(index);
  if (element.kind == Element::Kind::knowledge) compile_knowledge(index);
  if (element.kind == Element::Kind::service) {
    // A service's variable may be typed by its result or as a function.
    if (element.type->kind == Type::Kind::function && element.type->result != nullptr)
      element.type = element.type->result;
    element.function = service_function(*model_, element);
  }
  compiled_[index] = 2;
}

void Builder::compile_decision(std::size_t index) {
  expr::Scope scope(names_for(index), &documents_[document_of_[index]].types);
  Element& element = model_->elements_[index];
  BoxedReader reader(*this, documents_[document_of_[index]], scope, element.name);
  element.logic.root = reader.below(nodes_[index]);
  element.logic.slots = scope.slots();
  if (child(nodes_[index], "decisionTable")) element.table = reader.table();
}

void Builder::compile_knowledge(std::size_t index) {
  expr::Scope scope(names_for(index), &documents_[document_of_[index]].types);
  Element& element = model_->elements_[index];
  Document& document = documents_[document_of_[index]];
  const pugi::xml_node definition = child(nodes_[index], "encapsulatedLogic");
  if (!definition) {
    problem(document, nodes_[index], "dmn-logic", element.name, "encapsulatedLogic");
    return;
  }
  BoxedReader reader(*this, document, scope, element.name);
  expr::Lambda lambda = reader.lambda(definition, scope, true);
  if (element.type->kind == Type::Kind::function && element.type->result != nullptr)
    element.type = element.type->result;
  if (element.type->kind != Type::Kind::any) lambda.result = element.type;
  if (child(definition, "decisionTable")) element.table = reader.table();
  element.function = function_of(std::move(lambda), element.name);
}

}  // namespace qipan::rules
