#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/title.hpp"

namespace qipan::pack {

/// A value of a TOML file with the line it stands on, so that every complaint about a pack names its place.
struct Node {
  enum class Type { table, array, text, integer, decimal, boolean, other };
  struct Member;
  Type type = Type::table;
  int line = 1;
  std::string text;  // of text; digits of a decimal
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<Node> items;
  std::vector<Member> members;

  [[nodiscard]] const Node* find(std::string_view key) const;
};

struct Node::Member {
  std::string key;
  Node value;
};

using qipan::Title;

using Problems = std::vector<Problem>;

/// Reads TOML 1.0; at most 1 MB.
[[nodiscard]] Result<Node> parse_toml(const std::string& path, std::string_view bytes);

/// Reads the members of one table, notes every missing, mistyped and unknown one, and goes on, so that an
/// author sees all faults of a file at once.
class Fields {
 public:
  Fields(const Node& table, const std::string& path, Problems& problems);
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  /// Notes members that nobody asked for.
  ~Fields();

  std::string text(std::string_view key, bool required = true, std::string_view otherwise = "");
  std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high);
  bool boolean(std::string_view key, bool otherwise);
  Title title(std::string_view key, bool required = true);
  std::vector<std::string> texts(std::string_view key, bool required = false);
  /// A number or text as text: amounts may be 2, 0.5 or "0.5".
  std::string amount(std::string_view key, bool required = false);
  /// A list of such.
  std::vector<std::string> amounts(std::string_view key);
  /// One of the listed words.
  std::string choice(std::string_view key, const std::vector<std::string>& allowed,
                     std::string_view otherwise);
  const Node* table(std::string_view key, bool required = false);
  std::vector<const Node*> tables(std::string_view key);
  /// A name of lower-case letters, digits and underscores that begins with a letter.
  std::string name(std::string_view key);

  void fault(const Node& at, std::string_view key, std::string_view value, std::string rule,
             std::string remedy = {});
  void fault(std::string_view key, std::string_view value, std::string rule, std::string remedy = {});
  [[nodiscard]] std::string place(const Node& node) const;
  [[nodiscard]] const Node& node() const { return table_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Problems& problems() { return problems_; }
  /// For a table that cannot be read further: its other members are not noted.
  void skip_unasked();

 private:
  const Node* ask(std::string_view key, bool required, Node::Type type, std::string_view what);
  const Node& table_;
  const std::string& path_;
  Problems& problems_;
  std::set<std::string, std::less<>> asked_;
};

[[nodiscard]] bool is_name(std::string_view text);

}  // namespace qipan::pack
