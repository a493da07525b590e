// Batches and receipts: what reads back must be what was written, and nothing may break the reader.
#include "base/assert.hpp"
#include "log/batch.hpp"
#include "log/receipt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto batch = qipan::log::decode_batch(bytes)) QIPAN_ASSERT(qipan::log::encode(*batch) == bytes);
  std::ignore = qipan::log::verify_receipt(bytes, nullptr);
  std::ignore = qipan::log::verify_receipt("c2sp.org/tlog-proof@v1\n" + std::string(bytes), nullptr);
  std::ignore = qipan::log::parse_verifier_key(bytes);
  return 0;
}
