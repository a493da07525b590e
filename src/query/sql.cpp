#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.hpp"
#include "query/filter.hpp"
#include "query/node.hpp"

// A bound filter as SQL. What is said natively is what an index can serve and what every row answers in no
// time: comparisons of a column with values, and words between them. All else is asked of the same code that
// evaluates filters in memory, by a function of the connection.

namespace qipan::query {

namespace {

using Does = Node::Does;
constexpr const char* function_name = "query_holds";

const Node* column_in(const Node& node) {
  return node.does == Does::column ? &node : nullptr;
}
bool is_constant(const Node& node) {
  return node.does == Does::constant && !is_null(node.constant);
}

/// A value as the column's table holds such; nothing where it holds none such, as of half units.
class Bound {
 public:
  Bound(const Column& column, const Value& value) : column_(column), value_(value) {}

  [[nodiscard]] bool fits() const {
    switch (column_.stored) {
      case Stored::truth:
        return std::holds_alternative<bool>(value_);
      case Stored::scaled:
        return units().has_value();
      case Stored::moment:
        return std::holds_alternative<Moment>(value_);
      case Stored::unit:
        return std::holds_alternative<std::string>(value_);
      case Stored::text:
        return column_.kind == Kind::text ||
               (column_.kind == Kind::date && std::holds_alternative<Date>(value_));
      default:
        return false;
    }
  }
  void bind_to(Where& where) const {
    if (column_.stored == Stored::truth) return where.bind(std::int64_t{std::get<bool>(value_) ? 1 : 0});
    if (column_.stored == Stored::scaled) return where.bind(*units());
    if (column_.stored == Stored::moment) return where.bind(std::get<Moment>(value_).at);
    // Codes of no unit are those of none here.
    if (column_.stored == Stored::unit) {
      const std::int64_t unit = column_.units->unit_of(std::get<std::string>(value_));
      return where.bind(unit == 0 ? std::int64_t{-1} : unit);
    }
    if (column_.kind == Kind::date) return where.bind(format_day(std::get<Date>(value_).day));
    where.bind(std::get<std::string>(value_));
  }

 private:
  [[nodiscard]] std::optional<std::int64_t> units() const {
    auto scaled = std::optional(std::get<Decimal>(value_));
    for (std::int64_t digit = 0; scaled && digit < column_.digits; ++digit)
      scaled = scaled->times(Decimal(std::int64_t{10}));
    return scaled ? scaled->integer() : std::nullopt;
  }
  const Column& column_;
  const Value& value_;
};

std::string_view sign_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::equal:
      return "=";
    case Comparison::not_equal:
      return "<>";
    case Comparison::less:
      return "<";
    case Comparison::greater:
      return ">";
    case Comparison::less_or_equal:
      return "<=";
    case Comparison::greater_or_equal:
      return ">=";
  }
  return "=";
}

/// Of the same two the other way round.
Comparison turned(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return Comparison::greater;
    case Comparison::greater:
      return Comparison::less;
    case Comparison::less_or_equal:
      return Comparison::greater_or_equal;
    case Comparison::greater_or_equal:
      return Comparison::less_or_equal;
    default:
      return comparison;
  }
}

/// A pattern of LIKE as one of GLOB: each of its signs that is meant for itself stands in brackets.
std::string glob_of(std::string_view pattern) {
  std::string glob;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    char c = pattern[at];
    if (c == '%' || c == '_') {
      glob += c == '%' ? '*' : '?';
      continue;
    }
    if (c == '\\' && at + 1 < pattern.size()) c = pattern[++at];
    if (c == '*' || c == '?' || c == '[') {
      glob += '[';
      glob += c;
      c = ']';
    }
    glob += c;
  }
  return glob;
}

/// Whether rows are asked one by one for it, which costs more than what SQL says itself.
bool is_costly(const Node& node) {
  switch (node.does) {
    case Does::conjunction:
    case Does::disjunction:
    case Does::negation:
      return std::any_of(node.parts.begin(), node.parts.end(), is_costly);
    case Does::spatial:
    case Does::near:
    case Does::temporal:
    case Does::sets:
    case Does::like:
      return true;
    default:
      return std::any_of(node.parts.begin(), node.parts.end(), [](const Node& part) {
        return part.does == Does::column ? part.column->costly : part.does != Does::constant;
      });
  }
}

class Writer {
 public:
  explicit Writer(Where& where) : where_(where) {}

  void write(const Node& node) {
    switch (node.does) {
      case Does::conjunction:
      case Does::disjunction:
        return joined(node, node.does == Does::conjunction ? " AND " : " OR ");
      case Does::negation:
        where_.add("NOT (");
        negated_ = !negated_;
        write(node.parts[0]);
        negated_ = !negated_;
        return where_.add(")");
      case Does::constant:
        return where_.add(is_null(node.constant) ? "NULL" : std::get<bool>(node.constant) ? "1" : "0");
      case Does::column:
        return where_.add("(" + node.column->value_sql() + "<>0)");
      case Does::is_null:
        if (const Node* column = column_in(node.parts[0]))
          return where_.add("(" + column->column->value_sql() + " IS NULL)");
        break;
      case Does::comparison:
        if (compared(node)) return;
        break;
      case Does::between:
        if (all_fit(node) && node.parts[0].column->stored != Stored::unit) return between(node);
        break;
      case Does::in:
        if (all_fit(node)) return in(node);
        break;
      case Does::like:
        return like(node);
      case Does::spatial:
        return spatial(node);
      case Does::under:
        return under(node);
      default:
        break;
    }
    asked(node);
  }

 private:
  void joined(const Node& node, std::string_view word) {
    // What costs little comes first: most rows are decided by it.
    std::vector<const Node*> parts;
    for (const bool costly : {false, true}) {
      for (const Node& part : node.parts) {
        if (is_costly(part) == costly) parts.push_back(&part);
      }
    }
    halved(parts, word);
  }
  /// Brackets in brackets, as SQLite goes one level deeper for each word of a long chain.
  void halved(std::span<const Node* const> parts, std::string_view word) {
    if (parts.size() == 1) return write(*parts.front());
    where_.add("(");
    halved(parts.first(parts.size() / 2), word);
    where_.add(word);
    halved(parts.subspan(parts.size() / 2), word);
    where_.add(")");
  }

  /// What stands for nothing equals no value. Where no NOT is around, false serves as well as neither, and
  /// the column stays bare for an index.
  [[nodiscard]] std::string equal_sql(const Column& column) const {
    return negated_ ? column.value_sql() : column.sql;
  }

  void one(const Column& column, Comparison comparison, const Value& value) {
    const bool equal = comparison == Comparison::equal && !is_nothing(column, value);
    where_.add("(" + (equal ? equal_sql(column) : column.value_sql()) + std::string(sign_of(comparison)) +
               "?)");
    Bound(column, value).bind_to(where_);
  }

  static bool is_nothing(const Column& column, const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return !column.null_as.empty() && text != nullptr && text->empty();
  }

  /// A column with a value, whichever stands first.
  bool compared(const Node& node) {
    const bool turn = column_in(node.parts[0]) == nullptr;
    const Node* column = column_in(node.parts[turn ? 1 : 0]);
    const Node& other = node.parts[turn ? 0 : 1];
    if (column == nullptr || !is_constant(other)) return false;
    const Comparison comparison = turn ? turned(node.comparison) : node.comparison;
    if (column->column->stored == Stored::moment && std::holds_alternative<Date>(other.constant)) {
      of_day(*column->column, comparison, std::get<Date>(other.constant).day);
      return true;
    }
    if (!Bound(*column->column, other.constant).fits()) return false;
    // Numbers of units have another order than their codes.
    const bool ordered = comparison != Comparison::equal && comparison != Comparison::not_equal;
    if (column->column->stored == Stored::unit && ordered) return false;
    one(*column->column, comparison, other.constant);
    return true;
  }
  /// A moment beside a date: the whole day.
  void of_day(const Column& column, Comparison comparison, Day day) {
    const Value begin = Moment{begin_of_day(day)};
    const Value next = Moment{begin_of_day(day + 1)};
    const auto both = [&](Comparison first, std::string_view word, Comparison second) {
      where_.add("(");
      one(column, first, begin);
      where_.add(word);
      one(column, second, next);
      where_.add(")");
    };
    switch (comparison) {
      case Comparison::less:
      case Comparison::greater_or_equal:
        return one(column, comparison, begin);
      case Comparison::less_or_equal:
        return one(column, Comparison::less, next);
      case Comparison::greater:
        return one(column, Comparison::greater_or_equal, next);
      case Comparison::equal:
        return both(Comparison::greater_or_equal, " AND ", Comparison::less);
      case Comparison::not_equal:
        return both(Comparison::less, " OR ", Comparison::greater_or_equal);
    }
  }

  /// A column first, and behind it values that lie in its table as they are.
  static bool all_fit(const Node& node) {
    const Node* column = column_in(node.parts[0]);
    return column != nullptr && std::all_of(node.parts.begin() + 1, node.parts.end(), [&](const Node& part) {
             return is_constant(part) && Bound(*column->column, part.constant).fits() &&
                    !is_nothing(*column->column, part.constant);
           });
  }
  void between(const Node& node) {
    where_.add("(" + node.parts[0].column->value_sql() + " BETWEEN ? AND ?)");
    for (const std::size_t at : {1U, 2U})
      Bound(*node.parts[0].column, node.parts[at].constant).bind_to(where_);
  }
  void in(const Node& node) {
    where_.add("(" + equal_sql(*node.parts[0].column) + " IN (");
    for (std::size_t at = 1; at < node.parts.size(); ++at) {
      where_.add(at == 1 ? "?" : ",?");
      Bound(*node.parts[0].column, node.parts[at].constant).bind_to(where_);
    }
    where_.add("))");
  }

  /// SQLite's own GLOB says the same of characters; where the pattern begins with plain ones, an index leads
  /// to the texts that do.
  void like(const Node& node) {
    constexpr std::size_t bytes_max = 1'000;  // SQLite takes longer patterns for too complex
    const Node* column = column_in(node.parts[0]);
    const bool plain =
        column != nullptr && column->column->stored == Stored::text && is_constant(node.parts[1]);
    const std::string pattern = plain ? std::get<std::string>(node.parts[1].constant) : "";
    if (!plain || pattern.size() > bytes_max) return asked(node);
    const std::string sql = column->column->value_sql();
    const std::string prefix = prefix_of(pattern);
    where_.add("(");
    if (!prefix.empty()) {
      // The text behind all that begin so: the last byte one higher, which in UTF-8 there always is.
      std::string behind = prefix;
      behind.back() = static_cast<char>(static_cast<unsigned char>(behind.back()) + 1);
      where_.add(sql + ">=? AND " + sql + "<? AND ");
      where_.bind(prefix);
      where_.bind(behind);
    }
    where_.add(sql + " GLOB ?)");
    where_.bind(glob_of(pattern));
  }

  /// Rows whose point lies in the geometry's bounds, then the rows themselves.
  void spatial(const Node& node) {
    const Node* column = column_in(node.parts[1]);
    const bool bounded = is_constant(node.parts[0]) && column != nullptr &&
                         column->column->stored == Stored::point && node.relation != Relation::disjoint;
    if (!bounded) return asked(node);
    const Box box = std::get<std::shared_ptr<const Geometry>>(node.parts[0].constant)->bounds();
    const auto units = [](double degrees) {
      constexpr double units_of_degree = 1e7;
      constexpr double most = 180;  // no point lies beyond, wherever a geometry reaches
      return std::clamp(degrees, -most, most) * units_of_degree;
    };
    const auto range = [&](const std::string& sql, double low, double high) {
      where_.add(sql + " BETWEEN ? AND ? AND ");
      where_.bind(static_cast<std::int64_t>(std::floor(units(low))));
      where_.bind(static_cast<std::int64_t>(std::ceil(units(high))));
    };
    where_.add("(");
    range(column->column->sql, box.west, box.east);
    range(column->column->sql_north, box.south, box.north);
    asked(node);
    where_.add(")");
  }

  void under(const Node& node) {
    const Column& column = *node.parts[0].column;
    where_.add("(" + equal_sql(column) + " IN (SELECT value FROM json_each(?)))");
    where_.bind(column.units->under(column.units->unit_of(std::get<std::string>(node.parts[1].constant))));
  }

  void asked(const Node& node) {
    where_.add(std::string(function_name) + "(?");
    where_.bind(&node);
    for (const auto& [column, place] : node.reads) {
      where_.add("," + column->value_sql());
      if (column->stored == Stored::point) where_.add("," + column->sql_north);
    }
    where_.add(")");
  }

  Where& where_;
  bool negated_ = false;
};

std::optional<bool> ask_node(const Arguments& arguments) {
  const auto* node = static_cast<const Node*>(arguments.object(0));
  QIPAN_ASSERT(node != nullptr);
  // The same place for every row; what other columns held before is not asked for.
  static thread_local std::vector<Value> row;
  int at = 1;
  for (const auto& [column, place] : node->reads) {
    if (row.size() <= place) row.resize(place + 1);
    row[place] = stored_value(*column, arguments, at);
  }
  return truth_of(*node, row);
}

}  // namespace

void Where::bind(const std::vector<std::int64_t>& numbers) {
  std::string text = "[";
  for (const std::int64_t number : numbers) text += (text.size() == 1 ? "" : ",") + std::to_string(number);
  bind(text + "]");
}

void Where::bind_to(Statement& statement) const {
  for (const auto& value : values_) {
    if (const auto* node = std::get_if<const Node*>(&value)) {
      statement.bind_object(*node);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      statement.bind(*text);
    } else {
      statement.bind(std::get<std::int64_t>(value));
    }
  }
}

void Filter::add_to(Where& where) const {
  Writer(where).write(*root_);
}

void Filter::prepare(Database& database) {
  database.define(function_name, ask_node);
}

}  // namespace qipan::query
