#include "base/assert.hpp"
#include "search/wanted.hpp"

// Words and texts of strangers: what was typed is found in itself, and tokens lie within their text.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qipan;
  using namespace qipan::search;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t last = 0;
  for (const Token& token : tokens_of(text)) {
    QIPAN_ASSERT(!token.text.empty() && token.begin < token.end && token.end <= size && last <= token.begin);
    last = token.begin;
  }
  const auto wanted = Wanted::read(text);
  if (!wanted) return 0;
  const auto hits = wanted->found_in({{text, true}});
  QIPAN_ASSERT(hits.has_value());
  std::size_t bytes = 0;
  for (const Piece& piece : snippet_of(text, *hits)) bytes += piece.text.size();
  QIPAN_ASSERT(bytes <= size + 6);
  QIPAN_ASSERT(!wanted->match({1, 2}, size % 2 == 0).empty());
  return 0;
}
