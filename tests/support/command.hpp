#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace qipan::test {

struct Ran {
  int code = 0;
  std::string out;
};

/// A program with its words, as typed; what it tells on standard error is dropped.
inline Ran run_program(const std::string& line) {
  Ran ran;
  FILE* pipe = popen((line + " 2>/dev/null").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    ran.out.append(buffer.data(), size);
  ran.code = WEXITSTATUS(pclose(pipe));
  return ran;
}

/// Qipan itself.
inline Ran run(const std::string& words) {
  return run_program(std::string(QIPAN_BINARY) + " " + words);
}

}  // namespace qipan::test
