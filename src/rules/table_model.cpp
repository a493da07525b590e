#include "rules/table_model.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <map>

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "expr/expression.hpp"

namespace qipan::rules {

namespace {

constexpr std::size_t model_bytes_max = 1'000'000;
constexpr std::size_t rules_max = 10'000;

struct Input {
  std::string name;
  expr::Type type = expr::Type::any;
};

struct Rule {
  std::string id;
  std::string annotation;
  std::vector<expr::Expression> tests;
  std::vector<expr::Expression> outputs;
};

struct Table {
  std::string hit_policy;
  std::vector<Input> inputs;
  std::vector<std::string> outputs;
  std::vector<Rule> rules;
};

/// The element name without its prefix: files of all DMN versions and editors read alike.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name) {
  std::vector<pugi::xml_node> found;
  for (const auto& child : node.children()) {
    if (local_name(child) == name) found.push_back(child);
  }
  return found;
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  const auto found = children(node, name);
  return found.empty() ? pugi::xml_node() : found.front();
}

std::string text_of(const pugi::xml_node& node) {
  std::string text = child(node, "text").text().get();
  const auto first = text.find_first_not_of(" \t\r\n");
  const auto last = text.find_last_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

expr::Type type_of(std::string_view reference) {
  if (reference == "string") return expr::Type::text;
  if (reference == "number") return expr::Type::number;
  if (reference == "boolean") return expr::Type::boolean;
  return expr::Type::any;
}

class Reader {
 public:
  Reader(const std::string& path, std::string_view bytes) : path_(path), bytes_(bytes) {}

  [[nodiscard]] std::string place(const pugi::xml_node& node) const {
    const auto offset = std::min<std::size_t>(
        static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0)), bytes_.size());
    const auto line =
        1 + std::count(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    return path_ + ":" + std::to_string(line);
  }

  Result<Table> table(const pugi::xml_node& node) const {
    Table table;
    table.hit_policy = node.attribute("hitPolicy").as_string("UNIQUE");
    if (table.hit_policy != "UNIQUE" && table.hit_policy != "FIRST" && table.hit_policy != "ANY") {
      return invalid("dmn-hit-policy", place(node), table.hit_policy, "UNIQUE, FIRST or ANY");
    }
    for (const auto& input : children(node, "input")) {
      const auto expression = child(input, "inputExpression");
      const std::string name = text_of(expression);
      if (name.empty())
        return invalid("dmn-input", place(input), "", "an inputExpression that names one value");
      table.inputs.push_back({name, type_of(expression.attribute("typeRef").as_string())});
    }
    for (const auto& output : children(node, "output")) {
      const std::string name = output.attribute("name").as_string();
      if (name.empty()) return invalid("dmn-output", place(output), "", "an output with a name");
      table.outputs.push_back(name);
    }
    if (table.outputs.empty()) return invalid("dmn-output", place(node), "", "at least one output");
    for (const auto& rule : children(node, "rule")) {
      if (table.rules.size() >= rules_max)
        return invalid("dmn-too-many-rules", place(rule), "", "at most 10,000 rules");
      QIPAN_TRY(read, this->rule(rule, table));
      table.rules.push_back(std::move(read));
    }
    return table;
  }

 private:
  Result<Rule> rule(const pugi::xml_node& node, const Table& table) const {
    Rule rule;
    rule.id = node.attribute("id").as_string();
    for (const auto& annotation : children(node, "annotationEntry")) {
      const std::string text = text_of(annotation);
      if (!text.empty()) rule.annotation += (rule.annotation.empty() ? "" : "; ") + text;
    }
    expr::Scope scope;
    for (const Input& input : table.inputs) scope.push_back({input.name, input.type});
    scope.push_back({"?", expr::Type::any});
    const auto tests = children(node, "inputEntry");
    const auto outputs = children(node, "outputEntry");
    if (tests.size() != table.inputs.size() || outputs.size() != table.outputs.size()) {
      return invalid("dmn-rule-shape", place(node), rule.id, "one entry for each input and output");
    }
    for (std::size_t i = 0; i < tests.size(); ++i) {
      scope.back().type = table.inputs[i].type;
      const std::string text = text_of(tests[i]);
      auto test = expr::Expression::parse_unary_tests(text.empty() ? "-" : text, scope);
      if (!test) return at(tests[i], std::move(test).error());
      rule.tests.push_back(std::move(*test));
    }
    scope.pop_back();
    for (const auto& entry : outputs) {
      const std::string text = text_of(entry);
      auto output = expr::Expression::parse(text.empty() ? "null" : text, scope);
      if (!output) return at(entry, std::move(output).error());
      rule.outputs.push_back(std::move(*output));
    }
    return rule;
  }

  tl::unexpected<Problem> at(const pugi::xml_node& node, Problem problem) const {
    problem.field = place(node) + " " + problem.field;
    return refuse(std::move(problem));
  }

  const std::string& path_;
  std::string_view bytes_;
};

class TableModel final : public expr::DecisionModel {
 public:
  TableModel(std::map<std::string, Table, std::less<>> tables, std::string hash)
      : tables_(std::move(tables)), hash_(std::move(hash)) {}

  [[nodiscard]] std::vector<std::string> decisions() const override {
    std::vector<std::string> names;
    for (const auto& [name, table] : tables_) names.push_back(name);
    return names;
  }

  [[nodiscard]] std::vector<std::string> inputs(std::string_view decision) const override {
    std::vector<std::string> names;
    if (const auto found = tables_.find(decision); found != tables_.end()) {
      for (const Input& input : found->second.inputs) names.push_back(input.name);
    }
    return names;
  }

  [[nodiscard]] std::vector<std::string> outputs(std::string_view decision) const override {
    const auto found = tables_.find(decision);
    return found == tables_.end() ? std::vector<std::string>{} : found->second.outputs;
  }

  [[nodiscard]] Result<expr::Decided> decide(std::string_view decision, const Json& given) const override {
    const auto found = tables_.find(decision);
    if (found == tables_.end())
      return invalid("decision-unknown", "decision", decision, "a decision of this model");
    const Table& table = found->second;
    std::vector<expr::Value> values;
    for (const Input& input : table.inputs) values.push_back(expr::value_of(given[input.name]));
    expr::Decided decided;
    decided.decision = decision;
    decided.model_hash = hash_;
    for (const Rule& rule : table.rules) {
      if (!matches(rule, values)) continue;
      if (decided.matched) {
        const bool same = table.hit_policy == "ANY" && outputs_of(table, rule, values) == decided.outputs;
        if (!same) {
          return refuse({Problem::Kind::conflict, "rules-overlap", std::string(decision),
                         decided.rules.front() + ", " + rule.id, "one rule that matches",
                         "mend the table: two rules answer the same case"});
        }
        continue;
      }
      decided.matched = true;
      decided.rules.push_back(rule.id);
      decided.annotation = rule.annotation;
      decided.outputs = outputs_of(table, rule, values);
      if (table.hit_policy == "FIRST") break;
    }
    return decided;
  }

 private:
  static bool matches(const Rule& rule, std::vector<expr::Value>& values) {
    for (std::size_t i = 0; i < rule.tests.size(); ++i) {
      values.push_back(values[i]);
      const bool holds = rule.tests[i].evaluate(values).is_true();
      values.pop_back();
      if (!holds) return false;
    }
    return true;
  }

  static Json outputs_of(const Table& table, const Rule& rule, const std::vector<expr::Value>& values) {
    Json outputs = Json::object();
    for (std::size_t i = 0; i < table.outputs.size(); ++i) {
      outputs.set(table.outputs[i], expr::json_of(rule.outputs[i].evaluate(values)));
    }
    return outputs;
  }

  std::map<std::string, Table, std::less<>> tables_;
  std::string hash_;
};

}  // namespace

Result<std::shared_ptr<const expr::DecisionModel>> load_tables(const std::string& path,
                                                               std::string_view bytes) {
  if (bytes.size() > model_bytes_max) return invalid("dmn-too-large", path, "", "a file of at most 1 MB");
  if (bytes.find("<!DOCTYPE") != std::string_view::npos)
    return invalid("dmn-doctype", path, "<!DOCTYPE", "XML without a document type");
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default, pugi::encoding_utf8);
  const Reader reader(path, bytes);
  if (!parsed) {
    const auto line =
        1 + std::count(bytes.begin(),
                       bytes.begin() +
                           std::min<std::ptrdiff_t>(parsed.offset, static_cast<std::ptrdiff_t>(bytes.size())),
                       '\n');
    return invalid("dmn-unreadable", path + ":" + std::to_string(line), "",
                   std::string("well-formed XML (") + parsed.description() + ")");
  }
  std::map<std::string, Table, std::less<>> tables;
  for (const auto& decision : children(document.document_element(), "decision")) {
    const std::string name = decision.attribute("name").as_string();
    const auto node = child(decision, "decisionTable");
    if (!node) return invalid("dmn-logic", reader.place(decision), name, "a decisionTable");
    QIPAN_TRY(table, reader.table(node));
    if (!tables.emplace(name, std::move(table)).second)
      return invalid("dmn-name-twice", reader.place(decision), name, "each name once");
  }
  if (tables.empty()) return invalid("dmn-empty", path, "", "at least one decision");
  return std::make_shared<const TableModel>(std::move(tables), to_hex(view_of(sha256(bytes))));
}

}  // namespace qipan::rules
