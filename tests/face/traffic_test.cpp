// All that the tests of this program asked and were answered, held against the API's own description.
#include <fstream>

#include "support/app_world.hpp"

using namespace qipan;

namespace {

class Traffic final : public testing::Environment {
 public:
  void TearDown() override {
    auto& world = test::World::get();
    const std::string folder =
        std::filesystem::temp_directory_path() / ("qipan-traffic-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/openapi.json") << world.description().dump();
    std::ofstream(folder + "/traffic.jsonl") << world.traffic;
    const bool whole = GTEST_FLAG_GET(filter) == "*" && std::getenv("GTEST_TOTAL_SHARDS") == nullptr;
    const std::string command = "/usr/bin/python3 " QIPAN_SOURCE_DIR "/tools/traffic_check.py " + folder +
                                "/openapi.json " + folder + "/traffic.jsonl" + (whole ? " --all" : "");
    std::fflush(stdout);
    if (world.traffic.empty()) return;
    EXPECT_EQ(std::system(command.c_str()), 0)
        << "what was asked or answered is not what the description says";
    std::filesystem::remove_all(folder);
  }
};

const testing::Environment* const traffic = testing::AddGlobalTestEnvironment(new Traffic);

}  // namespace
