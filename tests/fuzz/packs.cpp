// Pack files of every kind, given whole to the engines that read them.
#include "cases/declaration.hpp"
#include "expr/expression.hpp"
#include "registers/declaration.hpp"
#include "rules/table_model.hpp"
#include "units/declarations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using namespace qipan;
  pack::Problems problems;
  for (const char* path :
       {"pack.toml", "cases/a.toml", "registers/a.toml", "roles.toml", "calendars/a.toml"}) {
    pack::Pack pack;
    pack.name = "fuzz";
    pack.files = {{path, text}, {"calendars/days.csv", text}};
    std::ignore = pack::from_files(pack.files, "fuzz", problems);
    std::ignore = cases::read_case_types(pack, rules::load_tables, problems);
    std::ignore = registers::read_registers(pack, problems);
    Json steps = Json::object();
    units::read_declarations(pack, problems, steps);
  }
  std::ignore = rules::load_tables("a.dmn", text);
  const expr::Scope scope = {{"a", expr::Type::any}, {"?", expr::Type::any}};
  if (const auto expression = expr::Expression::parse(text, scope))
    std::ignore = expression->evaluate(std::vector<expr::Value>(2));
  std::ignore = expr::Expression::parse_unary_tests(text, scope);
  return 0;
}
