#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace qipan {

/// Where faults that the program survives are told to its operator, one line of JSON each: what an exception
/// said never goes to a client, and never nowhere. One place for the process, as there is one standard error;
/// until it is set, nothing is told. Set before other threads begin.
void tell_faults_to(std::function<void(const std::string& line)> told);

/// Any thread. Neither may hold a personal value or a secret.
void tell_fault(std::string_view where, std::string_view what);

}  // namespace qipan
