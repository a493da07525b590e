#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace qipan::test {

struct Ran {
  int code = 0;
  std::string out;
};

/// The program as its user types it; what it tells on standard error is dropped.
inline Ran run(const std::string& words) {
  Ran ran;
  FILE* pipe = popen((std::string(QIPAN_BINARY) + " " + words + " 2>/dev/null").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    ran.out.append(buffer.data(), size);
  ran.code = WEXITSTATUS(pclose(pipe));
  return ran;
}

}  // namespace qipan::test
