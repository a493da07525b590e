#include "base/fault_log.hpp"

#include "base/clock.hpp"
#include "base/instant.hpp"
#include "base/json.hpp"
#include "base/problem.hpp"

namespace qipan {

namespace {

std::function<void(const std::string&)>& place() {
  static std::function<void(const std::string&)> told;
  return told;
}

}  // namespace

void tell_faults_to(std::function<void(const std::string& line)> told) {
  place() = std::move(told);
}

void tell_fault(std::string_view where, std::string_view what) {
  if (!place()) return;
  constexpr std::size_t bytes_max = 500;
  Json json = Json::object();
  json.set("at", format_instant(SystemClock().now()))
      .set("fault", where)
      .set("what", shortened(what, bytes_max));
  place()(json.dump());
}

}  // namespace qipan
