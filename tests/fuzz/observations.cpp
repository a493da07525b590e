// Observations as JSON, as the block of a command, and as stored: nothing may crash, and what is stored reads
// back.
#include <tuple>

#include "base/assert.hpp"
#include "face/app/observations.hpp"
#include "sensing/incoming.hpp"
#include "sensing/series.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qipan;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto block = face::read_observations(bytes, [](std::string_view code) {
    return code.empty() ? std::nullopt : std::optional<std::int64_t>(static_cast<std::int64_t>(code.size()));
  });
  if (block) QIPAN_ASSERT(sensing::read_incoming(*block).has_value());
  std::ignore = sensing::read_incoming(bytes);
  if (const auto series = sensing::decode_block(bytes)) {
    const auto again = sensing::decode_block(sensing::encode_block(*series));
    QIPAN_ASSERT(again && *again == *series);
  }
  std::ignore = sensing::decode_samples(bytes);
  return 0;
}
