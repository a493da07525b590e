#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "support/command.hpp"
#include "support/folder.hpp"

namespace qipan::test {

/// Lays out the district of the demonstration without its sensors, with the password qipan-demo. It is made
/// once a process and then copied: making it costs seconds under the sanitizers. The folder must not be there
/// yet.
inline void lay_out_jianghai(const std::string& data) {
  static const Folder folder("prepared");
  const auto prepared = folder / "jianghai";
  if (!std::filesystem::exists(prepared)) {
    ASSERT_EQ(run("init --data " + prepared.string() +
                  " --pack " QIPAN_SOURCE_DIR "/packs/grid-events " QIPAN_SOURCE_DIR
                  "/packs/jianghai --demo-password qipan-demo")
                  .code,
              0);
  }
  std::filesystem::copy(prepared, data, std::filesystem::copy_options::recursive);
}

}  // namespace qipan::test
