#include <algorithm>

#include "expr/regex.hpp"

namespace qipan::expr {

namespace {

// Name characters of XML 1.1, for \i and \c.
constexpr std::string_view name_start =
    ":A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C-"
    "\\u200D\\u2070-\\u218F"
    "\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD";
constexpr std::string_view name_more = "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F-\\u2040";

tl::unexpected<Problem> wrong(std::string rule) {
  return invalid("regex-syntax", "pattern", "", std::move(rule));
}

/// Reads XPath's grammar and writes ICU's.
class Translator {
 public:
  Translator(std::string_view pattern, const PatternModes& modes) : text_(pattern), modes_(modes) {}

  Result<std::string> all() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\') {
        QIPAN_CHECK(escape(false));
      } else if (c == '[') {
        QIPAN_CHECK(character_class(0));
      } else if (c == '(') {
        QIPAN_CHECK(group());
      } else if (c == ')') {
        if (open_.empty()) return wrong("a group before )");
        closed_.push_back(open_.back());
        open_.pop_back();
        copy();
      } else if (c == '{') {
        QIPAN_CHECK(quantity());
      } else if (c == '$' || c == '^') {
        // In XPath these mean the ends of the text, or of a line with m; ICU's $ also stands before a last
        // newline.
        out_ += c == '$' ? (modes_.multi_line ? "$" : "\\z") : "^";
        ++at_;
      } else if (c == '.' && !modes_.dot_all) {
        out_ += "[^\\n\\r]";
        ++at_;
      } else if (c == ']' || c == '}') {
        return wrong(std::string("\\ before ") + c);
      } else if (c == '+' || c == '*' || c == '?') {
        QIPAN_CHECK(repeat());
      } else if (modes_.spaced && is_blank(c)) {
        ++at_;
      } else {
        copy();
      }
    }
    if (!open_.empty()) return wrong("a closing )");
    return out_;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  void copy() { out_ += text_[at_++]; }

  void skip_blanks() {
    while (modes_.spaced && at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  Result<void> group() {
    copy();
    skip_blanks();
    if (text_.substr(at_).starts_with("?:")) {
      out_ += "?:";
      at_ += 2;
      open_.push_back(0);
      return {};
    }
    if (at_ < text_.size() && text_[at_] == '?') return wrong("only (?: of the special groups");
    open_.push_back(++groups_);
    return {};
  }

  /// A repetition, which may be followed by ? but, unlike in ICU, not by +.
  Result<void> repeat() {
    copy();
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '?') copy();
    skip_blanks();
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '*' || text_[at_] == '?'))
      return wrong("one repetition of a part");
    return {};
  }

  Result<void> quantity() {
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) return wrong("a closing }");
    std::string inner(text_.substr(at_ + 1, end - at_ - 1));
    if (modes_.spaced) inner.erase(std::remove_if(inner.begin(), inner.end(), is_blank), inner.end());
    const bool digits =
        std::all_of(inner.begin(), inner.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; });
    const auto commas = std::count(inner.begin(), inner.end(), ',');
    constexpr std::size_t digits_max = 9;
    if (!digits || commas > 1 || inner.empty() || inner[0] == ',' || inner.size() > digits_max)
      return wrong("{n}, {n,} or {n,m} of at most four digits");
    out_ += "{" + inner + "}";
    at_ = end + 1;
    if (at_ < text_.size() && text_[at_] == '?') copy();
    return {};
  }

  /// At the backslash. ICU knows more escapes than XPath; those are refused.
  Result<void> escape(bool in_class) {
    ++at_;
    skip_blanks();
    if (at_ >= text_.size()) return wrong("a character behind \\");
    const char c = text_[at_];
    if (c >= '0' && c <= '9') return back_reference(in_class);
    ++at_;
    constexpr std::string_view plain = "nrt\\|.?*+(){}-[]^$dDsSwW";
    if (plain.find(c) != std::string_view::npos) {
      out_ += '\\';
      out_ += c;
    } else if (c == 'p' || c == 'P') {
      return property(c);
    } else if (c == 'i' || c == 'I' || c == 'c' || c == 'C') {
      out_ += (c == 'I' || c == 'C') ? "[^" : "[";
      out_ += name_start;
      if (c == 'c' || c == 'C') out_ += name_more;
      out_ += ']';
    } else {
      return wrong(std::string("an escape of XPath, not \\") + c);
    }
    return {};
  }

  Result<void> back_reference(bool in_class) {
    if (in_class) return wrong("no reference to a group inside of [ ]");
    int number = text_[at_] - '0';
    if (number == 0 || !is_closed(number)) return wrong("a group that is closed before it is referred to");
    ++at_;
    // A further digit belongs to the number only if there are that many groups.
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      const int longer = number * 10 + (text_[at_] - '0');
      if (!is_closed(longer)) break;
      number = longer;
      ++at_;
    }
    out_ += "(?:\\" + std::to_string(number) + ")";
    return {};
  }

  [[nodiscard]] bool is_closed(int number) const {
    return std::find(closed_.begin(), closed_.end(), number) != closed_.end();
  }

  Result<void> property(char letter) {
    skip_blanks();
    const auto end = text_.find('}', at_);
    if (at_ >= text_.size() || text_[at_] != '{' || end == std::string_view::npos)
      return wrong("{ } with the name of a category or block");
    std::string name(text_.substr(at_ + 1, end - at_ - 1));
    if (modes_.spaced) name.erase(std::remove_if(name.begin(), name.end(), is_blank), name.end());
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!plain) return wrong("a category or block, not " + name);
    if (name.starts_with("Is")) {
      name = "Block=" + name.substr(2);
    } else if (name.size() > 2) {
      return wrong("a category of one or two letters");
    } else {
      name = "gc=" + name;
    }
    out_ += std::string("\\") + letter + "{" + name + "}";
    at_ = end + 1;
    return {};
  }

  /// At the bracket; subtraction, [a-z-[aeiou]], is ICU's --.
  Result<void> character_class(int depth) {
    constexpr int depth_max = 10;
    if (depth > depth_max) return wrong("at most 10 classes inside of each other");
    copy();
    if (at_ < text_.size() && text_[at_] == '^') copy();
    bool empty = true;
    bool whole = false;
    while (at_ < text_.size() && text_[at_] != ']') {
      const char c = text_[at_];
      if (whole) return wrong("] behind the class that is taken away");
      if (c == '\\') {
        QIPAN_CHECK(escape(true));
      } else if (c == '-' && at_ + 1 < text_.size() && text_[at_ + 1] == '[') {
        if (empty) return wrong("characters before the class that is taken away");
        out_ += "--";
        ++at_;
        QIPAN_CHECK(character_class(depth + 1));
        whole = true;
      } else if (c == '[') {
        return wrong("\\ before [ inside of a class");
      } else if (c == '-' && (empty || (at_ + 1 < text_.size() && text_[at_ + 1] == ']'))) {
        out_ += "\\-";
        ++at_;
      } else if (c == '&' || c == '#' || c == ' ' || c == '{' || c == '}' || c == '$' || c == ':' ||
                 c == '^') {
        out_ += '\\';
        copy();
      } else {
        copy();
      }
      empty = false;
    }
    if (at_ >= text_.size() || empty) return wrong("a character class that is closed and not empty");
    copy();
    return {};
  }

  std::string_view text_;
  PatternModes modes_;
  std::size_t at_ = 0;
  std::string out_;
  int groups_ = 0;
  std::vector<int> open_;  // numbers of the groups that are open, 0 for those without
  std::vector<int> closed_;
};

}  // namespace

Result<std::string> translated_pattern(std::string_view pattern, const PatternModes& modes) {
  return Translator(pattern, modes).all();
}

}  // namespace qipan::expr
