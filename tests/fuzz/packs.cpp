// Pack files of every kind, given whole to the engines that read them.
#include "cases/declaration.hpp"
#include "registers/declaration.hpp"
#include "rules/decision_model.hpp"
#include "rules/decision_tests.hpp"
#include "units/declarations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using namespace qipan;
  pack::Problems problems;
  for (const char* path : {"pack.toml", "cases/a.toml", "registers/a.toml", "roles.toml", "calendars/a.toml",
                           "parameters/a.toml"}) {
    pack::Pack pack;
    pack.name = "fuzz";
    pack.files = {{path, text}, {"calendars/days.csv", text}};
    std::ignore = pack::from_files(pack.files, "fuzz", problems);
    std::ignore = cases::read_case_types(pack, rules::load_decisions, problems);
    std::ignore = registers::read_registers(pack, problems);
    std::ignore = rules::read_parameters(pack.files, problems);
    Json steps = Json::object();
    units::read_declarations(pack, problems, steps);
  }
  std::ignore = rules::run_decision_tests({{"rules/a.tests.toml", text}}, problems);
  return 0;
}
