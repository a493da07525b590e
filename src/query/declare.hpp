#pragma once

#include <utility>

#include "fields/make.hpp"
#include "fields/type.hpp"
#include "query/collection.hpp"

// How engines say what a collection has: in their own tables, one column after the other.

namespace qipan::query {

/// Whether a value of the field is words that somebody may look for.
[[nodiscard]] inline bool is_words(const fields::Field& field) {
  const fields::Attributes attributes = field.type->attributes();
  return !field.personal() && (attributes.key || attributes.serial);
}

class Declare {
 public:
  explicit Declare(Collection collection) : collection_(std::move(collection)) {}

  /// A column of the table with the field's own name. `null_as`: what stands there for nothing.
  Declare& has(const fields::Field& field, std::string null_as = "") {
    collection_.properties.push_back(
        {.field = field, .sql = "\"" + field.name + "\"", .null_as = std::move(null_as)});
    return *this;
  }
  /// A text that the search over everything looks into.
  Declare& finds(const fields::Field& field, std::string null_as = "") {
    has(field, std::move(null_as));
    collection_.properties.back().searchable = true;
    return *this;
  }
  /// A field as packs declare it: the search looks into names, codes and texts.
  Declare& declared(const fields::Field& field) { return is_words(field) ? finds(field) : has(field); }
  /// A column with the number of a unit.
  Declare& of_unit(const fields::Field& field) {
    has(field);
    collection_.properties.back().of_unit = true;
    collection_.properties.back().sortable = false;
    return *this;
  }
  [[nodiscard]] Collection& collection() { return collection_; }
  [[nodiscard]] Collection made() { return std::move(collection_); }

 private:
  Collection collection_;
};

}  // namespace qipan::query
