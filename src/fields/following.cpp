#include "fields/following.hpp"

#include <algorithm>
#include <optional>

#include "fields/type.hpp"

namespace qipan::fields {

namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

/// A name of a text, and where it stands.
struct Name {
  std::string_view text;
  std::size_t at = 0;
  bool behind_point = false;  // there is a point and nothing else before it, behind another name
};

/// Reads a text as far as names and points go; what stands in quotes and comments is neither.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Nothing at the end.
  std::optional<Name> next() {
    bool point = false;
    bool other = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (begins_name(c)) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && in_name(text_[at_])) ++at_;
        return Name{text_.substr(begin, at_ - begin), begin, point && !other};
      }
      if (skip_comment()) continue;
      point = point || c == '.';
      other = other || (c != '.' && c != ' ' && c != '\n' && c != '\t');
      if (c == '"') skip_quoted();
      if (c != '"') ++at_;
    }
    return std::nullopt;
  }

 private:
  void skip_quoted() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }
  bool skip_comment() {
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with("/*") && !rest.starts_with("//")) return false;
    const bool line = rest.starts_with("//");
    const auto end = line ? rest.find('\n') : rest.find("*/", 2);
    at_ = end == std::string_view::npos ? text_.size() : at_ + end + (line ? 1 : 2);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// What is named through references, and where the references stand.
std::vector<std::pair<Followed, std::size_t>> places_in(std::string_view text,
                                                        const std::vector<Field>& fields) {
  std::vector<std::pair<Followed, std::size_t>> places;
  Scanner scanner(text);
  std::optional<Name> before;  // a reference that a point may follow
  for (auto name = scanner.next(); name; name = scanner.next()) {
    if (name->behind_point && before)
      places.push_back({{std::string(before->text), std::string(name->text)}, before->at});
    const Field* field = name->behind_point ? nullptr : find(fields, name->text);
    before = field != nullptr && !field->to.empty() && !field->personal() ? name : std::nullopt;
  }
  return places;
}

/// What a followed reference is called beside the reference itself: no field begins so.
std::string name_of_followed(std::string_view reference) {
  return "_" + std::string(reference);
}

}  // namespace

std::vector<Followed> followed_in(std::string_view text, const std::vector<Field>& fields) {
  std::vector<Followed> all;
  for (auto& [one, at] : places_in(text, fields))
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
  return all;
}

Result<void> Feel::compile(const std::vector<expr::Name>& names, const std::vector<Field>& fields,
                           expr::Type::Kind expected) {
  followed_ = followed_in(text_, fields);
  places_.clear();
  std::vector<expr::Name> own = names;
  std::string rewritten;
  std::size_t done = 0;
  std::vector<std::string> known;
  for (const auto& [one, at] : places_in(text_, fields)) {
    const auto name = std::find_if(
        names.begin(), names.end(),
        [&reference = one.reference](const auto& candidate) { return candidate.name == reference; });
    if (name == names.end()) continue;
    rewritten += text_.substr(done, at - done) + name_of_followed(one.reference);
    done = at + one.reference.size();
    if (std::find(known.begin(), known.end(), one.reference) != known.end()) continue;
    known.push_back(one.reference);
    own.push_back({name_of_followed(one.reference), expr::type_of(expr::Type::Kind::any)});
    places_.push_back(static_cast<std::size_t>(name - names.begin()));
  }
  rewritten += text_.substr(done);
  QIPAN_TRY(read, expr::Expression::parse(rewritten, expr::numbered(std::move(own)), expected));
  compiled_ = std::make_shared<const expr::Expression>(std::move(read));
  return {};
}

expr::Value Feel::evaluate(const std::vector<expr::Value>& values, const Follow& follow) const {
  if (compiled_ == nullptr) return {};
  if (places_.empty()) return compiled_->evaluate(values);
  std::vector<expr::Value> own = values;
  for (const std::size_t place : places_) {
    const std::string* subject = values[place].text();
    own.push_back(subject != nullptr && follow ? follow(*subject) : expr::Value());
  }
  return compiled_->evaluate(own);
}

bool Feel::names_clock() const {
  Scanner scanner(text_);
  for (auto name = scanner.next(); name; name = scanner.next()) {
    if (!name->behind_point && (name->text == "now" || name->text == "today")) return true;
  }
  return false;
}

}  // namespace qipan::fields
