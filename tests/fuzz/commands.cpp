// Commands of every engine on a board in memory: whatever their bodies, the board answers and a refold
// equals.
#include "cmd/scratch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace qipan;
  static std::unique_ptr<cmd::Scratch> scratch;
  static int used = 0;
  // A fresh board now and then: a log in memory only grows.
  if (!scratch || ++used % 20'000 == 0) {
    scratch = std::make_unique<cmd::Scratch>(1'780'000'000'000'000);
    pack::Problems problems;
    for (const char* name : {"base", "grid-events", "jianghai"}) {
      const auto pack = pack::read_folder(std::string(QIPAN_SOURCE_DIR "/packs/") + name, problems);
      if (pack) scratch->install(*pack, true, problems);
    }
  }
  static std::vector<std::string> kinds;
  if (kinds.empty()) {
    for (const auto& engine : scratch->board().engines())
      for (const auto& type : engine->commands()) kinds.push_back(type.kind);
  }
  if (size < 2) return 0;
  auto body = parse_json({reinterpret_cast<const char*>(data) + 1, size - 1});
  if (!body || !body->is_object()) return 0;
  board::Command command;
  command.kind = kinds[(data[0] & 127U) % kinds.size()];
  command.actor = data[0] >= 128 ? "anonymous" : "operator";
  command.body = std::move(*body);
  std::ignore = scratch->board().decide(std::move(command));
  scratch->clock().advance(1'000'000);
  return 0;
}
