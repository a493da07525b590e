#pragma once

#include <map>
#include <string>
#include <vector>

#include "expr/lexer.hpp"
#include "expr/nodes.hpp"

namespace qipan::expr {

/// A name that stands outside of the expression, and where the machine's globals have its value.
struct Name {
  std::string name;
  TypePtr type = type_of(Type::Kind::any);
  std::size_t index = 0;
};

/// Item definitions by the name that expressions use for them.
using TypeNames = std::map<std::string, TypePtr, std::less<>>;

/// What names mean at a place of an expression (DMN 1.5, 10.3.1.6): layers of local names, one level for each
/// function, around them the globals. Names are matched as parts, the longest first.
class Scope {
 public:
  Scope(std::vector<Name> globals, const TypeNames* types);

  /// A slot with no name, or with one in the innermost layer.
  std::size_t slot();
  std::size_t declare(const std::string& name, TypePtr type);
  /// A further name for a slot that there is.
  void bind(const std::string& name, std::size_t slot, TypePtr type);
  /// The value that an entry of a context has while it is being computed is the function that it will be.
  std::size_t declare_self(const std::string& name, std::size_t slot);
  void retype(std::size_t slot, TypePtr type);
  void open();
  void close();
  /// Opens a layer in which the entries of the item in `slot` are names.
  void open_items(std::size_t slot, TypePtr item);
  void open_function();
  /// What the function needs from outside; its slots are counted.
  struct Level {
    std::size_t slots = 0;
    std::vector<Capture> captures;
  };
  Level close_function();
  [[nodiscard]] std::size_t slots() const { return levels_.back().slots; }

  struct Match {
    NodePtr node;  // null: nothing has such a name
    std::size_t lexemes = 0;
    std::string name;
  };
  /// The longest name that begins at `at`.
  [[nodiscard]] Match match(const std::vector<Lexeme>& lexemes, std::size_t at);
  /// Whether a name that nothing is known of may belong to an item.
  [[nodiscard]] bool has_unknown_items() const;
  [[nodiscard]] NodePtr item_name(const std::string& name);
  [[nodiscard]] TypePtr named_type(std::string_view name) const;

 private:
  struct Binding {
    std::string name;
    std::vector<std::string> parts;
    TypePtr type;
    std::size_t index = 0;
    bool self = false;
  };
  struct Layer {
    std::vector<Binding> bindings;
    bool items = false;
    std::size_t item_slot = 0;
    TypePtr item_type;
  };
  struct Open {
    std::vector<Layer> layers;
    std::size_t slots = 0;
    std::vector<Capture> captures;
    struct Source {
      bool global;
      std::size_t level;
      std::size_t index;
      std::size_t slot;
    };
    std::vector<Source> sources;
  };

  [[nodiscard]] NodePtr access(std::size_t level, const Binding& binding);
  [[nodiscard]] NodePtr reach(std::size_t level, std::size_t index, bool global, const TypePtr& type,
                              bool self);
  [[nodiscard]] std::vector<NodePtr> unknown_items(std::size_t down_to_level, std::size_t down_to_layer);
  void consider(const Binding& binding, const std::vector<Lexeme>& lexemes, std::size_t at, std::size_t level,
                std::size_t layer, struct Candidate& best) const;

  std::vector<Binding> globals_;
  const TypeNames* types_;
  std::vector<Open> levels_;
};

/// How many lexemes from `at` on are the parts; 0 for no match.
[[nodiscard]] std::size_t matched(const std::vector<std::string>& parts, const std::vector<Lexeme>& lexemes,
                                  std::size_t at);

}  // namespace qipan::expr
