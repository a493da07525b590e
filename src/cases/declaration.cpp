#include "cases/declaration.hpp"

#include <algorithm>
#include <set>

#include "pack/read_fields.hpp"

namespace qipan::cases {

namespace {

bool has(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// Reads one file; keeps what references must resolve against.
class Reader {
 public:
  Reader(const pack::Pack& pack, const std::string& path, const expr::ModelLoader& load,
         pack::Problems& problems)
      : pack_(pack), path_(path), load_(load), problems_(problems) {}

  std::shared_ptr<const CaseType> read(const pack::Node& document) {
    // What every case has beside its form, by the names that lists ask by (cases/collections.cpp).
    static const std::vector<std::string_view> own_names = {
        "id",       "geometry", "type", "state",  "open", "class", "place",  "unit", "responsible", "source",
        "external", "created",  "due",  "closed", "lamp", "late",  "rework", "self", "today"};
    auto type = std::make_shared<CaseType>();
    type->pack = pack_.name;
    type->pack_version = pack_.version;
    pack::Fields fields(document, path_, problems_);
    type->name = fields.name("name");
    type->title = fields.title("title");
    type->fields =
        pack::read_fields(fields, "fields", {.personal = true, .contents = true, .taken = own_names});
    for (const pack::Node* node : fields.tables("states")) type->states.push_back(read_state(*node));
    type->initial = fields.text("initial");
    if (type->state(type->initial) == nullptr) fields.fault("initial", type->initial, "the name of a state");
    read_create(fields, *type);
    type->dispatch = read_rule(fields, "dispatch", {"department"});
    type->standard = read_rule(fields, "standard", {"limit_kind", "limit_amount"});
    for (const pack::Node* node : fields.tables("decisions")) read_decision(*node, *type);
    type->subject = fields.text("subject", false);
    if (!type->subject.empty()) check_reference(fields, "subject", type->subject, *type);
    for (const pack::Node* node : fields.tables("transitions"))
      type->transitions.push_back(read_transition(*node, *type));
    for (const pack::Node* node : fields.tables("limits")) type->limits.push_back(read_limit(*node, *type));
    check_names(fields, *type);
    check_states(fields, *type);
    return type;
  }

 private:
  State read_state(const pack::Node& node) {
    pack::Fields fields(node, path_, problems_);
    State state;
    state.name = fields.name("name");
    state.title = fields.title("title");
    // The seven of GB/T 30428 in English.
    state.stage = fields.text("stage", false);
    static const std::set<std::string, std::less<>> stages = {"",       "collect",  "file",  "dispatch",
                                                              "handle", "feedback", "close", "evaluate"};
    if (!stages.contains(state.stage))
      fields.fault("stage", state.stage,
                   "collect, file, dispatch, handle, feedback, close or evaluate, or none");
    state.final = fields.boolean("final", false);
    state.is_void = fields.boolean("void", false);
    if (state.is_void && !state.final) fields.fault("void", "true", "a state that is final");
    return state;
  }

  void read_create(pack::Fields& fields, CaseType& type) {
    const pack::Node* node = fields.table("create", true);
    if (node == nullptr) return;
    pack::Fields inner(*node, path_, problems_);
    type.creators = inner.texts("roles", true);
    type.create_fields = inner.texts("fields");
    type.create_required = inner.texts("required");
    type.dispatch_on_create = inner.boolean("dispatch", false);
    check_field_list(inner, "fields", type.create_fields, type);
    check_required(inner, type.create_required, type.create_fields);
    check_no_references(inner, type.creators, type.create_fields, type);
  }

  /// Whoever is of no office learns by no refusal what there is: the organisation that they act for alone.
  void check_no_references(pack::Fields& fields, const std::vector<std::string>& roles,
                           const std::vector<std::string>& names, const CaseType& type) {
    const bool anybody = has(roles, anonymous_role);
    if (!anybody && !has(roles, party_role)) return;
    for (const auto& name : names) {
      std::vector<std::string> referred;
      const Field* field = type.field(name);
      if (field != nullptr && (anybody || !field->party)) fields::add_referred(*field, referred);
      if (!referred.empty())
        fields.fault("fields", name,
                     "no reference where " + std::string(anybody ? "anybody" : "a party") +
                         " may do this: its refusals tell what there is");
    }
  }

  std::optional<Rule> read_rule(pack::Fields& fields, std::string_view key,
                                const std::vector<std::string>& outputs) {
    const pack::Node* node = fields.table(key);
    if (node == nullptr) return std::nullopt;
    pack::Fields inner(*node, path_, problems_);
    return read_rule(inner, outputs);
  }

  /// A decision that fills fields: what it says must fit where it goes.
  void read_decision(const pack::Node& node, CaseType& type) {
    pack::Fields inner(node, path_, problems_);
    NamedRule named;
    named.name = inner.name("name");
    named.follows = inner.texts("follows");
    if (named.name == "dispatch" || named.name == "standard" || type.decision(named.name) != nullptr)
      inner.fault("name", named.name, "a name that no other decision of the type has");
    for (const auto& text : named.follows) {
      const auto followed = fields::followed_in(text, type.fields);
      if (followed.size() == 1 && followed[0].reference + "." + followed[0].member == text) continue;
      inner.fault("follows", text, "REFERENCE.VALUE of a reference among the fields");
    }
    auto rule = read_rule(inner, {});
    if (!rule) return;
    named.rule = std::move(*rule);
    const auto outputs = named.rule.model->outputs(named.rule.decision);
    const auto fills = [&](const std::string& output) {
      const Field* field = type.field(output);
      return field != nullptr && field->is_said() && !field->personal() && !field->party;
    };
    if (std::none_of(outputs.begin(), outputs.end(), fills))
      inner.fault("decision", named.rule.decision,
                  "an output that is called like a field, not personal, of the case type");
    type.decisions.push_back(std::move(named));
  }

  void check_reference(pack::Fields& fields, std::string_view key, const std::string& name,
                       const CaseType& type) {
    const Field* field = type.field(name);
    if (field == nullptr || field->to.empty() || field->personal())
      fields.fault(key, name, "the name of a reference among the fields");
  }

  std::optional<Rule> read_rule(pack::Fields& inner, const std::vector<std::string>& outputs) {
    Rule rule;
    rule.path = inner.text("model");
    rule.decision = inner.text("decision");
    const auto found = pack_.files.find(rule.path);
    if (found == pack_.files.end()) {
      inner.fault("model", rule.path, "a file of this pack");
      return std::nullopt;
    }
    auto model = load_(pack_.files, rule.path);
    if (!model) {
      problems_.push_back(model.error());
      return std::nullopt;
    }
    rule.model = *model;
    for (Problem& problem : rule.model->problems()) problems_.push_back(std::move(problem));
    if (!has(rule.model->decisions(), rule.decision))
      inner.fault("decision", rule.decision, "a decision of " + rule.path);
    for (const auto& output : outputs) {
      if (!has(rule.model->outputs(rule.decision), output))
        inner.fault("decision", rule.decision, "a decision with the output " + output);
    }
    return rule;
  }

  Transition read_transition(const pack::Node& node, const CaseType& type) {
    pack::Fields fields(node, path_, problems_);
    Transition transition;
    transition.name = fields.name("name");
    transition.title = fields.title("title");
    transition.from = fields.texts("from", true);
    transition.to = fields.text("to", false);
    for (const auto& state : transition.from) {
      if (type.state(state) == nullptr) fields.fault("from", state, "the name of a state");
      if (type.state(state) != nullptr && type.state(state)->final && transition.to.empty())
        fields.fault("from", state, "a state that is not final, or a target");
    }
    if (!transition.to.empty() && type.state(transition.to) == nullptr)
      fields.fault("to", transition.to, "the name of a state");
    transition.roles = fields.texts("roles", true);
    transition.at_responsible = fields.choice("at", {"place", "responsible"}, "place") == "responsible";
    const std::string guard = fields.text("guard", false);
    transition.guard_title = fields.title("guard_title", !guard.empty());
    if (!guard.empty()) {
      transition.guard = fields::Feel(guard);
      const auto read = transition.guard.compile(guard_names(type), type.fields, expr::Type::Kind::boolean);
      if (!read) fields.fault("guard", guard, read.error().field + ": " + read.error().rule);
    }
    transition.fields = fields.texts("fields");
    transition.required = fields.texts("required");
    check_field_list(fields, "fields", transition.fields, type);
    check_required(fields, transition.required, transition.fields);
    transition.comment_required = fields.boolean("comment_required", false);
    for (const auto& effect : fields.texts("effects")) read_effect(fields, effect, transition);
    read_consequences(fields, type, transition);
    check_no_references(fields, transition.roles, transition.fields, type);
    if (has(transition.roles, anonymous_role))
      fields.fault("roles", std::string(anonymous_role), "roles of people, or party");
    if (has(transition.roles, party_role) && does_for_office(transition))
      fields.fault("effects", transition.name,
                   "dispatch and rework alone where a party acts: the others are the office's");
    return transition;
  }

  void read_consequences(pack::Fields& fields, const CaseType& type, Transition& transition) {
    transition.asks = fields.texts("asks");
    for (const auto& name : transition.asks)
      if (type.decision(name) == nullptr) fields.fault("asks", name, "the name of one of [[decisions]]");
    for (const pack::Node* node : fields.tables("changes")) {
      pack::Fields inner(*node, path_, problems_);
      EntryChange change{inner.text("of", false, type.subject), read_settings(inner, type)};
      check_reference(inner, "of", change.of, type);
      transition.changes.push_back(std::move(change));
    }
    for (const pack::Node* node : fields.tables("opens")) {
      pack::Fields inner(*node, path_, problems_);
      FollowUp follow_up{inner.text("type"), read_settings(inner, type), inner.boolean("here", false)};
      transition.opens.push_back(std::move(follow_up));
    }
  }

  /// `set = { FIELD = "FEEL" }`. Which fields there are is known when all packs are (check_consequences).
  std::vector<Setting> read_settings(pack::Fields& fields, const CaseType& type) {
    std::vector<Setting> settings;
    const pack::Node* node = fields.table("set", true);
    if (node == nullptr) return settings;
    pack::Fields inner(*node, path_, problems_);
    for (const auto& [name, value] : node->members) {
      Setting setting{name, fields::Feel(inner.text(name))};
      const std::string& text = setting.value.text();
      const auto read = setting.value.compile(effect_names(type), type.fields, expr::Type::Kind::any);
      if (!text.empty() && !read) inner.fault(name, text, read.error().field + ": " + read.error().rule);
      settings.push_back(std::move(setting));
    }
    if (settings.empty()) fields.fault("set", "", "one field or more, each with what it becomes in FEEL");
    return settings;
  }

  /// Whether it takes or changes what no form of a party asks for.
  static bool does_for_office(const Transition& transition) {
    return transition.takes || transition.assigns || transition.merges || transition.extends ||
           transition.classifies || transition.locates;
  }

  void read_effect(pack::Fields& fields, const std::string& effect, Transition& transition) {
    const std::pair<std::string_view, bool*> known[] = {
        {"dispatch", &transition.dispatches}, {"assign", &transition.assigns},
        {"extend", &transition.extends},      {"rework", &transition.reworks},
        {"take", &transition.takes},          {"merge", &transition.merges},
        {"classify", &transition.classifies}, {"locate", &transition.locates}};
    for (const auto& [name, flag] : known) {
      if (name == effect) {
        *flag = true;
        return;
      }
    }
    fields.fault("effects", effect, "dispatch, assign, classify, locate, extend, rework, take or merge");
  }

  Limit read_limit(const pack::Node& node, const CaseType& type) {
    pack::Fields fields(node, path_, problems_);
    Limit limit;
    limit.name = fields.name("name");
    limit.title = fields.title("title");
    limit.runs = fields.texts("runs", true);
    for (const auto& state : limit.runs) {
      if (type.state(state) == nullptr) fields.fault("runs", state, "the name of a state");
    }
    limit.main = fields.boolean("main", false);
    const std::string source = fields.choice("from", {"fixed", "standard", "sender"}, "fixed");
    limit.asserted = source == "sender";
    const std::string kind = fields.text("kind", source == "fixed");
    const std::string amount = fields.amount("amount", source == "fixed");
    if (source == "fixed") {
      const auto parsed = calendar::parse_amount(kind, amount);
      if (parsed) limit.amount = *parsed;
      if (!parsed) fields.fault(parsed.error().field, parsed.error().value, parsed.error().rule);
    }
    if (source == "standard" && !type.standard)
      fields.fault("from", source, "a [standard] rule of this case type");
    return limit;
  }

  void check_field_list(pack::Fields& fields, std::string_view key, const std::vector<std::string>& names,
                        const CaseType& type) {
    for (const auto& name : names) {
      const Field* field = type.field(name);
      if (field == nullptr || !field->is_said())
        fields.fault(key, name, "the name of a field that somebody says");
    }
  }

  void check_required(pack::Fields& fields, const std::vector<std::string>& required,
                      const std::vector<std::string>& asked) {
    for (const auto& name : required) {
      if (!has(asked, name)) fields.fault("required", name, "one of the fields that are asked for");
    }
  }

  void check_names(pack::Fields& fields, const CaseType& type) {
    std::set<std::string> names;
    for (const auto& state : type.states) {
      if (!names.insert(state.name).second) fields.fault("states", state.name, "each state once");
    }
    names.clear();
    for (const auto& transition : type.transitions) {
      if (!names.insert(transition.name).second)
        fields.fault("transitions", transition.name, "each transition once");
    }
    const auto mains =
        std::count_if(type.limits.begin(), type.limits.end(), [](const Limit& limit) { return limit.main; });
    if (mains > 1) fields.fault("limits", "", "one main limit at most");
  }

  /// Every state can be reached from the first, and every state can end.
  void check_states(pack::Fields& fields, const CaseType& type) {
    const auto spread = [&](std::set<std::string> found, bool forward) {
      for (bool grew = true; grew;) {
        grew = false;
        for (const auto& transition : type.transitions) {
          if (transition.to.empty()) continue;
          for (const auto& from : transition.from) {
            const std::string& near = forward ? from : transition.to;
            const std::string& far = forward ? transition.to : from;
            if (found.contains(near) && found.insert(far).second) grew = true;
          }
        }
      }
      return found;
    };
    std::set<std::string> finals;
    for (const auto& state : type.states) {
      if (state.final) finals.insert(state.name);
    }
    const auto reached = spread({type.initial}, true);
    const auto ending = spread(finals, false);
    for (const auto& state : type.states) {
      if (!reached.contains(state.name))
        fields.fault("states", state.name, "a state that some transition reaches");
      if (!ending.contains(state.name))
        fields.fault("states", state.name, "a state from which a final state can be reached");
    }
  }

  const pack::Pack& pack_;
  const std::string& path_;
  const expr::ModelLoader& load_;
  pack::Problems& problems_;
};

template <class List>
auto find_named(const List& list, std::string_view name) -> decltype(list.data()) {
  for (const auto& item : list) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

}  // namespace

const State* CaseType::state(std::string_view wanted) const {
  return find_named(states, wanted);
}
const Transition* CaseType::transition(std::string_view wanted) const {
  return find_named(transitions, wanted);
}
const NamedRule* CaseType::decision(std::string_view wanted) const {
  return find_named(decisions, wanted);
}

std::vector<fields::Followed> NamedRule::followed(const CaseType& type) const {
  std::vector<fields::Followed> all;
  for (const std::string& text : follows)
    for (fields::Followed& one : fields::followed_in(text, type.fields)) all.push_back(std::move(one));
  return all;
}

std::vector<std::pair<std::string, const Rule*>> CaseType::rules() const {
  std::vector<std::pair<std::string, const Rule*>> all;
  if (dispatch) all.emplace_back("dispatch", &*dispatch);
  if (standard) all.emplace_back("standard", &*standard);
  for (const NamedRule& named : decisions) all.emplace_back(named.name, &named.rule);
  return all;
}

bool opens_to_party(const std::vector<std::string>& roles) {
  return std::find(roles.begin(), roles.end(), party_role) != roles.end();
}

fields::Form create_form(const CaseType& type) {
  return fields::form_of(type.fields, type.create_fields, type.create_required);
}

fields::Form transition_form(const CaseType& type, const Transition& transition) {
  return fields::form_of(type.fields, transition.fields, transition.required);
}

namespace {

std::vector<expr::Name> names_of(const CaseType& type, bool sensitive) {
  using Kind = expr::Type::Kind;
  const auto name = [](std::string text, Kind kind) {
    return expr::Name{std::move(text), expr::type_of(kind)};
  };
  std::vector<expr::Name> names = {name("self", Kind::text),
                                   name("today", Kind::date),
                                   name("state", Kind::text),
                                   name("class", Kind::text),
                                   name("source", Kind::text),
                                   name("has_place", Kind::boolean),
                                   name("has_responsible", Kind::boolean),
                                   name("rework_count", Kind::number),
                                   name("comment", Kind::text),
                                   name("is_late", Kind::boolean)};
  for (const Field& field : type.fields) {
    if (is_named(field, sensitive)) names.push_back({field.name, field.type->expression_type(field)});
  }
  return expr::numbered(std::move(names));
}

}  // namespace

bool is_named(const Field& field, bool sensitive) {
  return !field.personal() && (sensitive || field.sensitivity != fields::Sensitivity::sensitive);
}

std::vector<expr::Name> guard_names(const CaseType& type) {
  return names_of(type, true);
}

std::vector<expr::Name> effect_names(const CaseType& type) {
  return names_of(type, false);
}

std::vector<std::shared_ptr<const CaseType>> read_case_types(const pack::Pack& pack,
                                                             const expr::ModelLoader& load,
                                                             pack::Problems& problems) {
  std::vector<std::shared_ptr<const CaseType>> types;
  for (const std::string& path : pack.files_in("cases", ".toml")) {
    auto document = pack::parse_toml(path, pack.files.at(path));
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    types.push_back(Reader(pack, path, load, problems).read(*document));
  }
  return types;
}

}  // namespace qipan::cases
