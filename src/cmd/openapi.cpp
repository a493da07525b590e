#include <iostream>

#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/verbs.hpp"
#include "face/app/routes.hpp"

namespace qipan::cmd {

int run_openapi() {
  const auto engines = make_engines();
  std::cout << face::RouteTable(engines).openapi().dump() << "\n";
  return exit_done;
}

}  // namespace qipan::cmd
