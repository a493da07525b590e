#include "cases/answers.hpp"

#include <algorithm>
#include <set>

namespace qipan::cases {

namespace {

class CodeCheck {
 public:
  CodeCheck(const CaseType& type, Database& database, const board::Directory& directory)
      : type_(type), directory_(directory) {
    auto statement = database.prepare("SELECT code FROM case_classes WHERE type=? AND retired=0");
    statement.bind(type.name);
    while (statement.step()) classes_.emplace(statement.text(0));
    has_departments_ = std::any_of(directory.units().begin(), directory.units().end(),
                                   [](const auto& one) { return one.second.kind == "department"; });
  }

  pack::Problems take() {
    for (const auto& [name, rule] : type_.rules()) {
      for (const expr::NamedCode& code : rule->model->asked(rule->decision)) asked(code);
      for (const expr::NamedCode& code : rule->model->answers(rule->decision)) answered(code);
    }
    return std::move(problems_);
  }

 private:
  void unknown(const expr::NamedCode& code, std::string rule) {
    problems_.push_back({Problem::Kind::invalid, "rule-code-unknown", code.place, code.value, std::move(rule),
                         "mend the code in the column " + code.column});
  }

  void asked(const expr::NamedCode& code) {
    if (code.column == "class" && !classes_.empty() && !classes_.contains(code.value))
      unknown(code, "the code of a class of " + type_.name);
    if ((code.column == "street" || code.column == "community") && has_departments_ && !is_unit(code.value))
      unknown(code, "the code of a unit");
  }

  void answered(const expr::NamedCode& code) {
    if (code.column == "department") {
      static const std::set<std::string, std::less<>> own = {"@street", "@community", "@grid"};
      if (code.value.starts_with('@') ? !own.contains(code.value) : has_departments_ && !is_unit(code.value))
        unknown(code, "the code of a unit that is not retired, or @street, @community or @grid");
    }
    if (code.column == "limit_kind" && !calendar::parse_kind(code.value)) unknown(code, "a kind of limit");
  }

  bool is_unit(const std::string& code) const {
    const board::Unit* unit = directory_.unit_by_code(code);
    return unit != nullptr && !unit->retired;
  }

  const CaseType& type_;
  const board::Directory& directory_;
  std::set<std::string, std::less<>> classes_;
  bool has_departments_ = false;
  pack::Problems problems_;
};

}  // namespace

pack::Problems unknown_codes(const CaseType& type, Database& database, const board::Directory& directory) {
  return CodeCheck(type, database, directory).take();
}

}  // namespace qipan::cases
