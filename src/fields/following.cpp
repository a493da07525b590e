#include "fields/following.hpp"

#include <algorithm>

#include "fields/type.hpp"

namespace qipan::fields {

namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool in_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

/// Reads a text as far as names and points go.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// The next name, and whether there is a point and nothing else before it; empty at the end.
  std::string_view name(bool& behind_point) {
    bool point = false;
    bool other = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (begins_name(c)) {
        behind_point = point && !other;
        const std::size_t begin = at_;
        while (at_ < text_.size() && in_name(text_[at_])) ++at_;
        return text_.substr(begin, at_ - begin);
      }
      point = point || c == '.';
      other = other || (c != '.' && c != ' ' && c != '\n' && c != '\t');
      if (c == '"') skip_quoted();
      if (c != '"') ++at_;
    }
    return {};
  }

 private:
  void skip_quoted() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Followed> followed_in(std::string_view text, const std::vector<Field>& fields) {
  std::vector<Followed> all;
  Scanner scanner(text);
  bool behind_point = false;
  std::string_view before;  // a reference that a point may follow
  for (std::string_view name = scanner.name(behind_point); !name.empty(); name = scanner.name(behind_point)) {
    if (behind_point && !before.empty()) {
      Followed one{std::string(before), std::string(name)};
      if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
    }
    const Field* field = behind_point ? nullptr : find(fields, name);
    before = field != nullptr && !field->to.empty() && !field->personal() ? name : std::string_view();
  }
  return all;
}

Result<void> Feel::compile(const std::vector<expr::Name>& names, const std::vector<Field>& fields,
                           expr::Type::Kind expected) {
  followed_ = followed_in(text_, fields);
  places_.clear();
  std::vector<expr::Name> own = names;
  for (const Followed& one : followed_) {
    const auto name = std::find_if(own.begin(), own.end(),
                                   [&](const expr::Name& known) { return known.name == one.reference; });
    if (name == own.end()) continue;
    const auto place = static_cast<std::size_t>(name - own.begin());
    if (std::find(places_.begin(), places_.end(), place) != places_.end()) continue;
    name->type = expr::type_of(expr::Type::Kind::any);
    places_.push_back(place);
  }
  QIPAN_TRY(read, expr::Expression::parse(text_, own, expected));
  compiled_ = std::make_shared<const expr::Expression>(std::move(read));
  return {};
}

expr::Value Feel::evaluate(const std::vector<expr::Value>& values, const Follow& follow) const {
  if (compiled_ == nullptr) return {};
  if (places_.empty()) return compiled_->evaluate(values);
  std::vector<expr::Value> own = values;
  for (const std::size_t place : places_) {
    const std::string* subject = own[place].text();
    own[place] = subject != nullptr && follow ? follow(*subject) : expr::Value();
  }
  return compiled_->evaluate(own);
}

}  // namespace qipan::fields
