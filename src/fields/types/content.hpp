#pragma once

#include <set>

#include "fields/types/listed.hpp"

namespace qipan::fields::types {

/// SHA-256 in lower-case hex, as the content store names what it holds.
[[nodiscard]] bool is_content_hash(const Json& value);
[[nodiscard]] Json content_hash_schema();

/// Hashes that fields of photos and files hold, of values as a reader is shown them.
[[nodiscard]] std::set<std::string, std::less<>> contents_of(const std::vector<Field>& declared,
                                                             const Json& values);
/// Hashes of photos and files that values by name hold, with the name of each one's field.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> contents_in(const Json& values);

}  // namespace qipan::fields::types
