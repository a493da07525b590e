#include "rules/witnesses.hpp"

#include <algorithm>
#include <set>

#include "expr/operators.hpp"
#include "expr/parser.hpp"

namespace qipan::rules {

namespace {

using expr::Value;

/// The literals in a text of tests.
void collect(const std::string& text, std::vector<Value>& constants) {
  std::vector<expr::Lexeme> lexemes;
  try {
    lexemes = expr::lexemes_of(text);
  } catch (const expr::Fault&) {
    return;
  }
  for (std::size_t i = 0; i < lexemes.size(); ++i) {
    const expr::Lexeme& lexeme = lexemes[i];
    if (lexeme.token == expr::Token::number) {
      const auto number = Decimal::parse(lexeme.text);
      if (!number) continue;
      const bool negative =
          i > 0 && lexemes[i - 1].is("-") && (i == 1 || lexemes[i - 2].token == expr::Token::symbol);
      constants.emplace_back(negative ? number->negated() : *number);
    } else if (lexeme.token == expr::Token::text) {
      constants.emplace_back(lexeme.text);
      if (const auto date = expr::parse_date(lexeme.text)) constants.emplace_back(*date);
      if (const auto moment = expr::parse_date_time(lexeme.text)) constants.emplace_back(*moment);
    } else if (lexeme.token == expr::Token::moment) {
      expr::Scope scope({}, nullptr);
      const auto compiled = expr::compile_expression(scope, "@\"" + lexeme.text + "\"");
      if (compiled.node->constant() != nullptr) constants.push_back(*compiled.node->constant());
    } else if (lexeme.is("true") || lexeme.is("false")) {
      constants.emplace_back(true);
      constants.emplace_back(false);
    }
  }
}

std::optional<Value> beside(const Value& value, int step) {
  if (value.number() != nullptr) return Value(value.number()->plus(Decimal(step)));
  if (value.date() != nullptr) return Value(expr::Date{value.date()->days + step});
  if (value.years_months() != nullptr) return Value(expr::YearsMonths{value.years_months()->months + step});
  expr::Machine machine;
  const Value second = expr::DaysTime{1, 0};
  const bool spans = value.days_time() != nullptr || value.time() != nullptr || value.date_time() != nullptr;
  if (!spans) return std::nullopt;
  return step < 0 ? subtract(machine, value, second) : add(machine, value, second);
}

std::optional<Value> middle(const Value& low, const Value& high) {
  if (low.number() != nullptr && high.number() != nullptr) {
    const auto sum = low.number()->plus(*high.number());
    const auto half = sum ? sum->over(Decimal(2)) : std::nullopt;
    // A whole number between whole numbers reads better.
    const auto whole = half ? half->rounded(0, Decimal::Rounding::floor) : std::nullopt;
    const bool between = whole && *whole > *low.number() && *whole < *high.number();
    return half ? std::optional<Value>(between ? *whole : *half) : std::nullopt;
  }
  if (low.date() != nullptr && high.date() != nullptr) {
    const std::int64_t half = low.date()->days + (high.date()->days - low.date()->days) / 2;
    return half > low.date()->days ? std::optional<Value>(expr::Date{half}) : std::nullopt;
  }
  return beside(low, 1);
}

/// Ordered constants with what lies between, below and above.
void spread(std::vector<Value>& constants, std::vector<Value>& out) {
  std::stable_sort(constants.begin(), constants.end(), [](const Value& a, const Value& b) {
    return compare(a, b).value_or(std::strong_ordering::equal) < 0;
  });
  constants.erase(std::unique(constants.begin(), constants.end(),
                              [](const Value& a, const Value& b) { return equals(a, b).value_or(false); }),
                  constants.end());
  if (const auto below = beside(constants.front(), -1)) out.push_back(*below);
  for (std::size_t i = 0; i < constants.size(); ++i) {
    out.push_back(constants[i]);
    if (i + 1 == constants.size()) continue;
    if (const auto between = middle(constants[i], constants[i + 1])) out.push_back(*between);
  }
  if (const auto above = beside(constants.back(), 1)) out.push_back(*above);
}

}  // namespace

bool stands_alone(const Table& table, std::size_t column) {
  const expr::TypePtr& type = table.inputs[column].expression->type;
  return std::all_of(table.rules.begin(), table.rules.end(), [&](const Rule& rule) {
    if (rule.tests[column] == irrelevant) return true;
    expr::Scope scope({}, nullptr);
    const std::size_t slot = scope.declare("?", type);
    return compile_unary_tests(scope, rule.texts[column], slot, type).flaws.empty();
  });
}

std::optional<std::vector<Value>> witnesses_of(const Table& table, std::size_t column,
                                               const std::vector<Value>& known) {
  constexpr std::size_t witnesses_max = 2'000;
  const InputClause& input = table.inputs[column];
  std::vector<Value> constants = known;
  std::set<std::string> texts;
  for (const Rule& rule : table.rules) texts.insert(rule.texts[column]);
  texts.insert(input.allowed_text);
  for (const std::string& text : texts) collect(text, constants);
  std::vector<Value> out;
  // By kind, since only values of one kind have an order.
  for (std::size_t kind = 1; kind < std::variant_size_v<Value::Held>; ++kind) {
    std::vector<Value> same;
    std::copy_if(constants.begin(), constants.end(), std::back_inserter(same),
                 [&](const Value& value) { return value.kind() == kind; });
    if (!same.empty()) spread(same, out);
  }
  const bool texts_only =
      std::any_of(out.begin(), out.end(), [](const Value& v) { return v.text() != nullptr; });
  if (out.empty() || texts_only) out.emplace_back("…");
  if (out.size() > witnesses_max) return std::nullopt;
  // What the column says it never holds need not be answered.
  if (input.allowed != nullptr) {
    expr::Machine machine;
    expr::Scope scope({}, nullptr);
    const std::size_t slot = scope.declare("?", input.expression->type);
    const auto allowed = compile_unary_tests(scope, input.allowed_text, slot, input.expression->type);
    const expr::Machine::Frame frame(machine, scope.slots());
    std::erase_if(out, [&](const Value& value) {
      machine.set_local(slot, value);
      return !run(*allowed.node, machine).is_true();
    });
  }
  return out;
}

std::string described(const std::vector<Value>& witnesses, std::size_t index) {
  const Value& value = witnesses[index];
  if (value.text() != nullptr) return *value.text() == "…" ? "anything else" : "\"" + *value.text() + "\"";
  return text_of(value);
}

}  // namespace qipan::rules
