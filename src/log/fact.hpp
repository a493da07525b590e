#pragma once

#include <array>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace qipan::log {

/// Who may be shown a part of a fact, from the widest circle to the narrowest: anybody, the party that the
/// subject is about or that reported it, the office, and those who may reveal what is sealed.
enum class Audience : std::uint8_t { everybody, party, internal, sensitive };
inline constexpr std::size_t audience_count = 4;

[[nodiscard]] std::string_view audience_name(Audience audience);
[[nodiscard]] std::optional<Audience> audience_called(std::string_view name);

inline constexpr std::size_t batch_bytes_max = 512U * 1024U;

/// Keeps what a part says from being guessed from its hash; told only together with the part.
using Salt = std::array<unsigned char, 16>;

/// The members of a fact's body that one audience may be shown. Where they were removed their commitment
/// stays, so that the tree still proves the rest.
struct Part {
  Audience audience = Audience::internal;
  Bytes bytes;  // a JSON object, or a binary block; written once, never serialised again
  std::optional<Hash> removed;
  bool operator==(const Part&) const = default;
};

/// One fact as it is stored: what happened to which subject, in one part an audience, narrower ones behind
/// wider ones.
struct FactRecord {
  std::string kind;     // "case.created"
  std::string subject;  // "grid_event:12"
  std::vector<Part> parts;
  std::uint64_t version = 1;  // of its kind, from 1: older ones are read as the newest (board/fact_type.hpp)
  bool operator==(const FactRecord&) const = default;

  [[nodiscard]] bool is_whole() const;
  [[nodiscard]] std::size_t bytes() const;
  /// The body where it is a block, else empty.
  [[nodiscard]] std::string_view block() const;
};

/// Whether stored bytes are a block; JSON bodies are objects.
[[nodiscard]] bool is_block(std::string_view bytes);

/// A reference into the vault, as the vault makes them.
[[nodiscard]] bool is_sealed(const Json& value);
/// Whether one stands anywhere in it.
[[nodiscard]] bool holds_sealed(const Json& value);

/// Whether a member of a body holds values by the names of their fields: "fields", "values", "inputs",
/// "report".
[[nodiscard]] bool holds_fields(std::string_view member);

/// Names of fields whose values have an audience of their own, wherever in a body fields stand; a wider one
/// than the office only in "fields" and "values".
struct FieldShares {
  using Names = std::set<std::string, std::less<>>;
  Names everybody;
  Names party;
  Names sensitive;
  [[nodiscard]] bool empty() const { return everybody.empty() && party.empty() && sensitive.empty(); }
  void merge(FieldShares more) {
    everybody.merge(more.everybody);
    party.merge(more.party);
    sensitive.merge(more.sensitive);
  }
};

/// A body cut into parts, and as those parts read together: members may stand in another order than before.
struct Cut {
  std::vector<Part> parts;
  Json body;
};
/// Cuts an object by its members; anything else is a programmer's error. References into the vault are
/// sensitive wherever they stand.
[[nodiscard]] Cut cut(Json body, const std::function<Audience(std::string_view member)>& audience_of,
                      const FieldShares& shares = {});

/// The body that the parts make together, as far as they are there and for `most` and wider circles; null for
/// a block. Refused where bytes are no JSON object.
[[nodiscard]] Result<Json> body_of(const FactRecord& fact, Audience most = Audience::sensitive);

}  // namespace qipan::log
