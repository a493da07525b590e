#pragma once

#include <map>
#include <memory>

#include "board/collections.hpp"
#include "face/app/routes.hpp"
#include "query/question.hpp"

namespace qipan::face {

/// A collection with what one reader may see of it, and of those that its references lead to. Outlived by the
/// reading.
class Opened final : public query::Targets {
 public:
  /// The one that the path names: a missing one, and one of which the reader may see nothing, are refused.
  [[nodiscard]] static Result<std::unique_ptr<const Opened>> of(const Reading& at);
  /// The same by its name; nothing where there is none, or nothing to see.
  [[nodiscard]] static std::unique_ptr<const Opened> named(const Reading& at,
                                                           const query::Collection& collection);

  [[nodiscard]] const query::Collection& collection() const { return collection_; }
  [[nodiscard]] const query::Sight& sight() const { return sight_; }
  /// What the request asks of it: filter, filter-lang, sort, properties.
  [[nodiscard]] Result<query::Question> question(const Reading& at) const;
  [[nodiscard]] std::optional<query::Target> target(std::string_view kind) const override;

 private:
  Opened(const Reading& at, const query::Collection& collection);
  [[nodiscard]] bool shows_nothing() const;

  const Reading& at_;
  const query::Collection& collection_;  // of the reading's snapshot
  board::UnitCodes units_;
  query::Sight sight_;
  mutable std::map<std::string, std::unique_ptr<const Opened>, std::less<>> targets_;  // by kind; null: none
};

/// One item with what was asked of it.
struct Found {
  std::unique_ptr<const Opened> opened;
  query::Row row;
  query::Question question;
};
/// The item that the path names first by its collection and second by its number, where the reader may see it
/// (`item-unknown`).
[[nodiscard]] Result<Found> found(const Reading& at);

/// Whether the reader may find the subject in the collection of its kind, and be told its facts.
[[nodiscard]] bool finds(const Reading& at, const board::Subject& subject);
/// Who it is that is told the facts of items: where anybody who is known finds them, only who reads the log.
[[nodiscard]] Result<void> may_tell_facts(const Reading& at, const query::Collection& collection);

/// A value as the reader of the row sees it: {"masked": true} for what is hidden, {"personal": true} for what
/// lies in the vault, a unit with its titles; null for nothing.
[[nodiscard]] Json shown_value(const Reading& at, const query::Property& property, const query::Row& row,
                               const Json& value);

/// The row's values as its reader sees them, by name, without those that are nothing.
[[nodiscard]] Json shown_values(const Reading& at, const query::Question& question, const query::Row& row);

/// A time as a spreadsheet reads it, in the district's time: 2026-03-01 08:00:00.
[[nodiscard]] std::string spreadsheet_time(Instant at);

/// A file of all that the question finds, in its order. Whole, or refused with the number
/// (`export-too-large`).
[[nodiscard]] Response csv_file(Reading& at, const Opened& opened, const query::Question& question);
[[nodiscard]] Response xlsx_file(Reading& at, const Opened& opened, const query::Question& question);
[[nodiscard]] Response geojson_file(Reading& at, const Opened& opened, const query::Question& question);

}  // namespace qipan::face
