#include "expr/scope.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace qipan::expr {

/// The best match so far; ties go to the innermost, which is looked at first.
struct Candidate {
  std::size_t lexemes = 0;
  std::size_t level = 0;
  std::size_t layer = 0;
  std::string name;
  bool is_field = false;
  const void* binding = nullptr;
};

std::size_t matched(const std::vector<std::string>& parts, const std::vector<Lexeme>& lexemes,
                    std::size_t at) {
  if (parts.empty() || at + parts.size() > lexemes.size()) return 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Lexeme& lexeme = lexemes[at + i];
    if (lexeme.token == Token::text || lexeme.token == Token::moment || lexeme.text != parts[i]) return 0;
  }
  return parts.size();
}

Scope::Scope(std::vector<Name> globals, const TypeNames* types) : types_(types) {
  for (Name& name : globals) {
    std::vector<std::string> parts = name_parts(name.name);
    globals_.push_back({std::move(name.name), std::move(parts), std::move(name.type), name.index, false});
  }
  levels_.emplace_back();
  levels_.back().layers.emplace_back();
}

std::size_t Scope::slot() {
  return levels_.back().slots++;
}

std::size_t Scope::declare(const std::string& name, TypePtr type) {
  const std::size_t index = slot();
  bind(name, index, std::move(type));
  return index;
}

void Scope::bind(const std::string& name, std::size_t index, TypePtr type) {
  levels_.back().layers.back().bindings.push_back({name, name_parts(name), std::move(type), index, false});
}

std::size_t Scope::declare_self(const std::string& name, std::size_t index) {
  auto& bindings = levels_.back().layers.back().bindings;
  bindings.push_back({name, name_parts(name), type_of(Type::Kind::any), index, true});
  return index;
}

void Scope::retype(std::size_t index, TypePtr type) {
  for (Binding& binding : levels_.back().layers.back().bindings) {
    if (binding.index != index) continue;
    binding.type = type;
    binding.self = false;
  }
}

void Scope::open() {
  levels_.back().layers.emplace_back();
}

void Scope::close() {
  levels_.back().layers.pop_back();
}

void Scope::open_items(std::size_t slot, TypePtr item) {
  open();
  Layer& layer = levels_.back().layers.back();
  layer.bindings.push_back({"item", {"item"}, item, slot, false});
  layer.items = true;
  layer.item_slot = slot;
  layer.item_type = std::move(item);
}

void Scope::open_function() {
  levels_.emplace_back();
  levels_.back().layers.emplace_back();
}

Scope::Level Scope::close_function() {
  Level level{levels_.back().slots, std::move(levels_.back().captures)};
  levels_.pop_back();
  return level;
}

void Scope::consider(const Binding& binding, const std::vector<Lexeme>& lexemes, std::size_t at,
                     std::size_t level, std::size_t layer, Candidate& best) const {
  const std::size_t count = matched(binding.parts, lexemes, at);
  if (count > best.lexemes) best = {count, level, layer, binding.name, false, &binding};
}

Scope::Match Scope::match(const std::vector<Lexeme>& lexemes, std::size_t at) {
  Candidate best;
  for (std::size_t l = levels_.size(); l-- > 0;) {
    for (std::size_t y = levels_[l].layers.size(); y-- > 0;) {
      const Layer& layer = levels_[l].layers[y];
      // Entries of an item hide what stands around them, even its own name "item".
      for (const Type::Field& field : layer.items ? layer.item_type->fields : std::vector<Type::Field>()) {
        const std::size_t count = matched(name_parts(field.name), lexemes, at);
        if (count > best.lexemes) best = {count, l, y, field.name, true, nullptr};
      }
      // The latest of one layer first.
      for (std::size_t b = layer.bindings.size(); b-- > 0;)
        consider(layer.bindings[b], lexemes, at, l, y, best);
    }
  }
  const std::size_t none = levels_.size();
  for (const Binding& binding : globals_) consider(binding, lexemes, at, none, 0, best);
  if (best.lexemes == 0) return {};
  NodePtr node;
  if (best.is_field) {
    const Layer& layer = levels_[best.level].layers[best.layer];
    node = member_node(reach(best.level, layer.item_slot, false, layer.item_type, false), best.name);
  } else {
    node = access(best.level, *static_cast<const Binding*>(best.binding));
  }
  // An item that is a context may have an entry "item", which hides the item itself.
  const bool is_item = !best.is_field && best.level != none && best.name == "item" &&
                       levels_[best.level].layers[best.layer].items;
  auto items = unknown_items(best.level == none ? 0 : best.level,
                             best.level == none || is_item ? best.layer : best.layer + 1);
  if (!items.empty()) node = item_member_node(best.name, std::move(items), std::move(node));
  return {std::move(node), best.lexemes, best.name};
}

NodePtr Scope::access(std::size_t level, const Binding& binding) {
  const bool global = level == levels_.size();
  return reach(global ? 0 : level, binding.index, global, binding.type, binding.self);
}

/// A value of an outer level comes in as a capture of every function between.
NodePtr Scope::reach(std::size_t level, std::size_t index, bool global, const TypePtr& type, bool self) {
  NodePtr node = global ? global_node(index, type) : local_node(index, type);
  for (std::size_t inner = level + 1; inner < levels_.size(); ++inner) {
    Open& open = levels_[inner];
    const auto known = std::find_if(open.sources.begin(), open.sources.end(), [&](const auto& source) {
      return source.global == global && source.level == level && source.index == index;
    });
    std::size_t slot = 0;
    if (known != open.sources.end()) {
      slot = known->slot;
    } else {
      slot = open.slots++;
      // Only the function that is the entry's value is the entry; one within it captures from it.
      open.captures.push_back({node, slot, self && inner == level + 1});
      open.sources.push_back({global, level, index, slot});
    }
    node = local_node(slot, type);
  }
  return node;
}

std::vector<NodePtr> Scope::unknown_items(std::size_t down_to_level, std::size_t down_to_layer) {
  std::vector<NodePtr> items;
  for (std::size_t l = levels_.size(); l-- > down_to_level;) {
    const std::size_t lowest = l == down_to_level ? down_to_layer : 0;
    for (std::size_t y = levels_[l].layers.size(); y-- > lowest;) {
      const Layer& layer = levels_[l].layers[y];
      const bool unknown =
          layer.items && layer.item_type->fields.empty() &&
          (layer.item_type->kind == Type::Kind::any || layer.item_type->kind == Type::Kind::context);
      if (unknown) items.push_back(reach(l, layer.item_slot, false, layer.item_type, false));
    }
  }
  return items;
}

bool Scope::has_unknown_items() const {
  for (const Open& level : levels_) {
    for (const Layer& layer : level.layers) {
      const Type::Kind kind = layer.items ? layer.item_type->kind : Type::Kind::number;
      const bool bare = kind == Type::Kind::number || kind == Type::Kind::text || kind == Type::Kind::boolean;
      if (!bare && layer.item_type->fields.empty()) return true;
    }
  }
  return false;
}

NodePtr Scope::item_name(const std::string& name) {
  std::vector<NodePtr> items;
  for (std::size_t l = levels_.size(); l-- > 0;) {
    for (std::size_t y = levels_[l].layers.size(); y-- > 0;) {
      const Layer& layer = levels_[l].layers[y];
      if (layer.items) items.push_back(reach(l, layer.item_slot, false, layer.item_type, false));
    }
  }
  return item_member_node(name, std::move(items), nullptr);
}

TypePtr Scope::named_type(std::string_view name) const {
  if (TypePtr built_in = built_in_type(name); built_in != nullptr) return built_in;
  if (types_ == nullptr) return nullptr;
  const auto found = types_->find(name);
  return found == types_->end() ? nullptr : found->second;
}

}  // namespace qipan::expr
