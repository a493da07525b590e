#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/administration.hpp"
#include "calendar/calendar.hpp"
#include "expr/decision.hpp"
#include "expr/expression.hpp"
#include "fields/following.hpp"
#include "fields/form.hpp"
#include "pack/pack.hpp"

namespace qipan::cases {

using board::anonymous_role;
using board::party_role;
using fields::Field;

struct State {
  std::string name;
  pack::Title title;
  std::string stage;  // of the seven-stage loop
  bool final = false;
  bool is_void = false;  // ended without anybody acting on it: nothing is merged into it
};

/// A field, and what stands there from now on.
struct Setting {
  std::string field;
  fields::Feel value;
};
/// What a step changes of the entry that a reference of the case names.
struct EntryChange {
  std::string of;  // the reference
  std::vector<Setting> sets;
};
/// A case that a step opens.
struct FollowUp {
  std::string type;
  std::vector<Setting> sets;
  bool here = false;  // at the place of this one
};

struct Transition {
  std::string name;
  pack::Title title;
  std::vector<std::string> from;
  std::string to;  // empty: stays where it is
  std::vector<std::string> roles;
  bool at_responsible = false;  // the role is held at the responsible unit instead of the place's
  fields::Feel guard;
  pack::Title guard_title;  // what to tell who may not
  std::vector<std::string> fields;
  std::vector<std::string> required;
  bool comment_required = false;
  bool dispatches = false;        // decide who answers for it, unless the dispatcher names a unit
  bool assigns = false;           // a unit may be named
  bool extends = false;           // adds to the main limit
  bool reworks = false;           // counts as rework
  bool takes = false;             // the actor becomes the assignee
  bool classifies = false;        // may set the class
  bool locates = false;           // may set the place
  bool merges = false;            // closes as a duplicate of another case
  std::vector<std::string> asks;  // decisions by name, in order, whose answers stand in fields
  std::vector<EntryChange> changes;
  std::vector<FollowUp> opens;
};

/// A clock that runs in some states and stands in others.
struct Limit {
  std::string name;
  pack::Title title;
  std::vector<std::string> runs;
  bool main = false;
  std::optional<calendar::Amount> amount;  // fixed; none: the standard's, or asserted by the sender
  bool asserted = false;
};

struct Rule {
  std::string path;
  std::string decision;
  std::shared_ptr<const expr::DecisionModel> model;
};

struct CaseType;
/// A decision that steps ask by name; its outputs are called like the fields that they fill.
struct NamedRule {
  /// What `follows` names, by the fields of its case type.
  [[nodiscard]] std::vector<fields::Followed> followed(const CaseType& type) const;
  std::string name;
  Rule rule;
  std::vector<std::string> follows;  // "firm.level": what it is given of what references name
};

struct CaseType {
  std::string name;
  std::string pack;
  std::int64_t pack_version = 0;
  pack::Title title;
  std::string initial;
  std::vector<std::string> creators;  // roles, and "anonymous"
  std::vector<std::string> create_fields;
  std::vector<std::string> create_required;
  std::vector<Field> fields;
  std::vector<State> states;
  std::vector<Transition> transitions;
  std::vector<Limit> limits;
  std::optional<Rule> dispatch;
  std::optional<Rule> standard;
  std::vector<NamedRule> decisions;
  std::string subject;  // the reference to the entry that it is about; empty: to none
  bool dispatch_on_create = false;

  [[nodiscard]] const Field* field(std::string_view wanted) const { return fields::find(fields, wanted); }
  [[nodiscard]] const State* state(std::string_view name) const;
  [[nodiscard]] const Transition* transition(std::string_view name) const;
  [[nodiscard]] const NamedRule* decision(std::string_view name) const;
  /// By what they are asked for: "dispatch", "standard", and the named ones.
  [[nodiscard]] std::vector<std::pair<std::string, const Rule*>> rules() const;
};

/// Whether what has these roles is done by organisations for themselves, by those who have their mandate.
[[nodiscard]] bool opens_to_party(const std::vector<std::string>& roles);

/// What opening a case, or taking a transition, asks for.
[[nodiscard]] fields::Form create_form(const CaseType& type);
[[nodiscard]] fields::Form transition_form(const CaseType& type, const Transition& transition);

/// Whether FEEL may name it: never what is personal.
[[nodiscard]] bool is_named(const Field& field, bool sensitive);
/// The names that guards may use: what every case has, then the type's own fields (not personal ones).
[[nodiscard]] std::vector<expr::Name> guard_names(const CaseType& type);
/// Of what a step does to others: without fields that are sensitive, which others would show.
[[nodiscard]] std::vector<expr::Name> effect_names(const CaseType& type);

/// Reads cases/*.toml of a pack; every fault is noted with file and line.
[[nodiscard]] std::vector<std::shared_ptr<const CaseType>> read_case_types(const pack::Pack& pack,
                                                                           const expr::ModelLoader& load,
                                                                           pack::Problems& problems);

}  // namespace qipan::cases
