#include "pack/document.hpp"

#include <stdexcept>

// What the library takes for impossible is an input like any other: a refusal, not the end of the process.
[[noreturn, maybe_unused]] static void toml_broken() {
  throw std::logic_error("toml");
}
#define TOML_ASSERT(expr) static_cast<void>((expr) || (toml_broken(), false))
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace qipan::pack {

namespace {

constexpr std::size_t toml_bytes_max = 1'000'000;

Node convert(const toml::node& from);

Node convert_table(const toml::table& table) {
  Node node;
  for (const auto& [key, value] : table) node.members.push_back({std::string(key.str()), convert(value)});
  return node;
}

Node convert(const toml::node& from) {
  Node node;
  if (const auto* table = from.as_table()) {
    node = convert_table(*table);
  } else if (const auto* array = from.as_array()) {
    node.type = Node::Type::array;
    for (const auto& item : *array) node.items.push_back(convert(item));
  } else if (const auto* text = from.as_string()) {
    node.type = Node::Type::text;
    node.text = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.type = Node::Type::integer;
    node.integer = integer->get();
    node.text = std::to_string(node.integer);
  } else if (const auto* boolean = from.as_boolean()) {
    node.type = Node::Type::boolean;
    node.boolean = boolean->get();
  } else {
    node.type = from.is_floating_point() ? Node::Type::decimal : Node::Type::other;
    std::ostringstream out;
    from.visit([&](const auto& value) {
      if constexpr (toml::is_floating_point<decltype(value)>) out << value.get();
    });
    node.text = out.str();
  }
  node.line = static_cast<int>(from.source().begin.line);
  return node;
}

}  // namespace

namespace {

/// Offset behind the text that begins at `at` with `quote`; a text on one line ends with the line at the
/// latest.
std::size_t behind_text(std::string_view bytes, std::size_t at) {
  const std::string_view quote = bytes.substr(at, 3) == "\"\"\"" || bytes.substr(at, 3) == "'''"
                                     ? bytes.substr(at, 3)
                                     : bytes.substr(at, 1);
  for (at += quote.size(); at < bytes.size(); ++at) {
    if (bytes[at] == '\\' && quote[0] == '"') {
      ++at;
    } else if (bytes.substr(at, quote.size()) == quote) {
      return at + quote.size();
    } else if (bytes[at] == '\n' && quote.size() == 1) {
      return at;
    }
  }
  return bytes.size();
}

bool is_control(char c) {
  return c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/// Line of the first thing that TOML 1.0 has no place for and that the library (3.3.0) meets with an
/// unreachable point: a byte beyond ASCII outside texts and comments, a control character, or a quote,
/// bracket or further = in the middle of a bare word. Else 0.
int line_of_stray(std::string_view bytes) {
  const auto line = [&](std::size_t at) {
    return static_cast<int>(1 +
                            std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  };
  char before = '\n';     // what stands before, blanks left out
  bool in_value = false;  // behind =, to the end of that value
  std::string open;       // brackets of arrays and inline tables
  for (std::size_t at = 0; at < bytes.size();) {
    const char c = bytes[at];
    if (c == '#') {
      at = std::min(bytes.find('\n', at), bytes.size());
    } else if (c == '"' || c == '\'') {
      // In an array stand values only, elsewhere keys of several parts too.
      const bool in_array = !open.empty() && open.back() == '[';
      const std::string_view openers = in_value ? "=" : (in_array ? "[,\n" : "[,{.\n");
      if (openers.find(before) == std::string_view::npos) return line(at);
      at = behind_text(bytes, at);
      before = c;
    } else if (static_cast<unsigned char>(c) >= 0x80 || is_control(c)) {
      return line(at);
    } else {
      const bool opens = c == '[' || c == '{';
      if (in_value && (c == '=' || (opens && before != '='))) return line(at);
      if (c == '=') in_value = true;
      if (opens && (before == '=' || !open.empty())) open += c;
      if ((c == ']' || c == '}') && !open.empty()) open.pop_back();
      if (opens || c == ',' || c == '\n') in_value = false;
      if (c != ' ' && c != '\t' && c != '\r') before = c;
      ++at;
    }
  }
  return 0;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Result<Node> parse_toml(const std::string& path, std::string_view bytes) {
  if (bytes.size() > toml_bytes_max) return invalid("toml-too-large", path, "", "a file of at most 1 MB");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (const int line = line_of_stray(bytes); line > 0) {
    return invalid("toml-unreadable", path + ":" + std::to_string(line), "",
                   "texts in quotes, and only ASCII outside them and comments", "put it in quotes");
  }
  try {
    const auto parsed = toml::parse(bytes);
    if (!parsed) {
      const auto& error = parsed.error();
      return invalid("toml-unreadable", path + ":" + std::to_string(error.source().begin.line), "",
                     "TOML 1.0 (" + std::string(error.description()) + ")");
    }
    return convert_table(parsed.table());
  } catch (const std::logic_error&) {
    return invalid("toml-unreadable", path, "", "TOML 1.0",
                   "look for a key that is neither bare nor in quotes");
  }
}

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 63 || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Fields::Fields(const Node& table, const std::string& path, Problems& problems)
    : table_(table), path_(path), problems_(problems) {
  if (table.type != Node::Type::table) fault("", "", "a table");
}

Fields::~Fields() {
  for (const auto& member : table_.members) {
    if (asked_.contains(member.key)) continue;
    std::string known;
    for (const auto& key : asked_) known += (known.empty() ? "" : ", ") + key;
    fault(member.value, member.key, "", "one of " + known, "take the member out, or mend its name");
  }
}

void Fields::skip_unasked() {
  for (const auto& member : table_.members) asked_.insert(member.key);
}

std::string Fields::place(const Node& node) const {
  return path_ + ":" + std::to_string(node.line);
}

void Fields::fault(const Node& at, std::string_view key, std::string_view value, std::string rule,
                   std::string remedy) {
  const std::string where = place(at) + (key.empty() ? "" : " " + std::string(key));
  problems_.push_back(
      {Problem::Kind::invalid, "pack-fault", where, shortened(value), std::move(rule), std::move(remedy)});
}

void Fields::fault(std::string_view key, std::string_view value, std::string rule, std::string remedy) {
  const Node* member = table_.find(key);
  fault(member != nullptr ? *member : table_, key, value, std::move(rule), std::move(remedy));
}

const Node* Fields::ask(std::string_view key, bool required, Node::Type type, std::string_view what) {
  asked_.emplace(key);
  const Node* member = table_.find(key);
  if (member == nullptr) {
    if (required) fault(key, "", std::string(what), "add it");
    return nullptr;
  }
  if (member->type != type) {
    fault(*member, key, member->text, std::string(what));
    return nullptr;
  }
  return member;
}

std::string Fields::text(std::string_view key, bool required, std::string_view otherwise) {
  const Node* member = ask(key, required, Node::Type::text, "a text");
  if (member == nullptr) return std::string(otherwise);
  if (required && member->text.empty()) fault(*member, key, "", "a text that is not empty");
  return member->text;
}

std::int64_t Fields::integer(std::string_view key, std::int64_t otherwise, std::int64_t low,
                             std::int64_t high) {
  const Node* member = ask(key, false, Node::Type::integer, "a whole number");
  if (member == nullptr) return otherwise;
  if (member->integer < low || member->integer > high) {
    fault(*member, key, member->text, "a number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return member->integer;
}

bool Fields::boolean(std::string_view key, bool otherwise) {
  const Node* member = ask(key, false, Node::Type::boolean, "true or false");
  return member == nullptr ? otherwise : member->boolean;
}

Title Fields::title(std::string_view key, bool required) {
  const Node* member = ask(key, required, Node::Type::table, "a title with zh and en");
  if (member == nullptr) return {};
  Fields inner(*member, path_, problems_);
  return {inner.text("zh"), inner.text("en")};
}

std::vector<std::string> Fields::texts(std::string_view key, bool required) {
  const Node* member = ask(key, required, Node::Type::array, "a list of texts");
  std::vector<std::string> texts;
  if (member == nullptr) return texts;
  for (const Node& item : member->items) {
    if (item.type != Node::Type::text) {
      fault(item, key, item.text, "a list of texts");
      continue;
    }
    texts.push_back(item.text);
  }
  return texts;
}

namespace {

bool is_amount(const Node& node) {
  return node.type == Node::Type::integer || node.type == Node::Type::decimal ||
         node.type == Node::Type::text;
}

}  // namespace

std::string Fields::amount(std::string_view key, bool required) {
  asked_.emplace(key);
  const Node* member = table_.find(key);
  if (member == nullptr) {
    if (required) fault(key, "", "a number", "add it");
    return {};
  }
  if (!is_amount(*member)) fault(*member, key, "", "a number");
  return member->text;
}

std::vector<std::string> Fields::amounts(std::string_view key) {
  std::vector<std::string> list;
  const Node* member = ask(key, true, Node::Type::array, "a list of numbers");
  if (member == nullptr) return list;
  for (const Node& item : member->items) {
    if (is_amount(item)) {
      list.push_back(item.text);
    } else {
      fault(item, key, item.text, "a list of numbers");
    }
  }
  return list;
}

std::string Fields::choice(std::string_view key, const std::vector<std::string>& allowed,
                           std::string_view otherwise) {
  const std::string found = text(key, otherwise.empty(), otherwise);
  if (std::find(allowed.begin(), allowed.end(), found) == allowed.end() && found != otherwise) {
    std::string list;
    for (const auto& word : allowed) list += (list.empty() ? "" : ", ") + word;
    fault(key, found, "one of " + list);
  }
  return found;
}

const Node* Fields::table(std::string_view key, bool required) {
  return ask(key, required, Node::Type::table, "a table");
}

std::vector<const Node*> Fields::tables(std::string_view key) {
  const Node* member = ask(key, false, Node::Type::array, "a list of tables");
  std::vector<const Node*> tables;
  if (member == nullptr) return tables;
  for (const Node& item : member->items) {
    if (item.type == Node::Type::table) {
      tables.push_back(&item);
    } else {
      fault(item, key, item.text, "a list of tables");
    }
  }
  return tables;
}

std::string Fields::name(std::string_view key) {
  const std::string found = text(key);
  if (!found.empty() && !is_name(found)) {
    fault(key, found, "a name of lower-case letters, digits and underscores that begins with a letter");
  }
  return found;
}

}  // namespace qipan::pack
