#include "face/app/observations.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "sensing/incoming.hpp"
#include "sensing/series.hpp"

namespace qipan::face {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t depth_max = 16;

/// Takes a parsed array apart. simdjson's tree chooses the machine's widest instructions when it runs, and
/// tells a double for each number: its shortest digits are the ones that were sent, up to fifteen of them.
class Reader {
 public:
  explicit Reader(const std::function<std::optional<std::int64_t>(std::string_view)>& id_of)
      : id_of_(id_of) {}

  Result<Bytes> read(const dom::element& document) {
    dom::array groups;
    if (document.get_array().get(groups) != simdjson::SUCCESS)
      return invalid("body-unreadable", "", "", "an array of {Datastream, components, dataArray}",
                     "see /api/v1/openapi.json");
    for (const dom::element item : groups) {
      QIPAN_CHECK(read_group(item));
      ++group_;
    }
    if (incoming_.count() == 0)
      return invalid("observations-empty", "", "", "at least one value", "send what was measured");
    return incoming_.take();
  }

 private:
  [[nodiscard]] std::string place() const { return std::to_string(group_); }
  [[nodiscard]] std::string value_place() const { return place() + "/dataArray/" + std::to_string(row_); }

  Result<void> read_group(const dom::element& item) {
    dom::object group;
    if (item.get_object().get(group) != simdjson::SUCCESS)
      return invalid("group-unreadable", place(), "", "{Datastream, components, dataArray}",
                     "see /api/v1/openapi.json");
    for (const auto& [key, value] : group) {
      if (key != "Datastream" && key != "components" && key != "dataArray" && key != "dataArray@iot.count")
        return invalid("member-unknown", place(), key, "Datastream, components and dataArray",
                       "leave it out");
    }
    QIPAN_CHECK(read_stream(group));
    QIPAN_CHECK(read_components(group));
    dom::array rows;
    if (group["dataArray"].get_array().get(rows) != simdjson::SUCCESS)
      return invalid("rows-missing", place() + "/dataArray", "", "an array of rows", "send at least one");
    row_ = 0;
    for (const dom::element row : rows) {
      QIPAN_CHECK(read_row(row));
      if (incoming_.count() > sensing::samples_a_block_max)
        return refuse({Problem::Kind::too_large, "observations-too-many", "", "", "at most 20,000 values",
                       "send them in several requests"});
      ++row_;
    }
    return {};
  }

  Result<void> read_stream(const dom::object& group) {
    std::int64_t id = 0;
    std::string_view code;
    dom::object named;
    const bool there = group["Datastream"].get_object().get(named) == simdjson::SUCCESS;
    if (there && named["@iot.id"].get_int64().get(id) == simdjson::SUCCESS && id > 0) {
      incoming_.stream(id);
      return {};
    }
    if (there && named["code"].get_string().get(code) == simdjson::SUCCESS) {
      if (const auto found = id_of_(code)) {
        incoming_.stream(*found);
        return {};
      }
    }
    return refuse({Problem::Kind::invalid, "datastream-unknown", place() + "/Datastream", shortened(code),
                   R"({"@iot.id": number} or {"code": text} of a datastream)",
                   "see GET /api/v1/datastreams"});
  }

  Result<void> read_components(const dom::object& group) {
    time_column_ = 0;
    result_column_ = 1;
    quality_column_ = SIZE_MAX;
    columns_ = 2;
    dom::element given;
    if (group["components"].get(given) != simdjson::SUCCESS) return {};
    time_column_ = result_column_ = quality_column_ = SIZE_MAX;
    columns_ = 0;
    dom::array names;
    if (given.get_array().get(names) != simdjson::SUCCESS)
      return invalid("components-unreadable", place() + "/components", "", "an array of names",
                     "leave it out");
    for (const dom::element item : names) {
      std::string_view name;
      std::ignore = item.get_string().get(name);
      if (name == "phenomenonTime") {
        time_column_ = columns_;
      } else if (name == "result") {
        result_column_ = columns_;
      } else if (name == "resultQuality") {
        quality_column_ = columns_;
      } else {
        return invalid("component-unknown", place() + "/components", name,
                       "phenomenonTime, result and resultQuality", "send no others");
      }
      ++columns_;
    }
    if (result_column_ == SIZE_MAX)
      return invalid("component-missing", place() + "/components", "", "result among them", "add it");
    return {};
  }

  Result<void> read_row(const dom::element& item) {
    dom::array row;
    if (item.get_array().get(row) != simdjson::SUCCESS || row.size() != columns_)
      return invalid("row-length", value_place(), "", std::to_string(columns_) + " cells in an array",
                     "as many as components");
    std::optional<Instant> time;
    dom::element result;
    sensing::Quality quality = sensing::good;
    std::size_t column = 0;
    for (const dom::element cell : row) {
      if (column == result_column_) result = cell;
      if (column == quality_column_) {
        QIPAN_TRY(mark, quality_of(cell));
        quality = mark;
      }
      if (column++ != time_column_) continue;
      std::string_view text;
      if (cell.get_string().get(text) != simdjson::SUCCESS)
        return invalid("time-unreadable", value_place(), "", "a time as RFC 3339 text", "with its zone");
      auto instant = parse_instant(text);
      if (!instant) {
        Problem problem = instant.error();
        problem.field = value_place();
        return refuse(std::move(problem));
      }
      time = *instant;
    }
    return add(time, result, quality);
  }

  /// A mark that is left out is null.
  Result<sensing::Quality> quality_of(const dom::element& cell) const {
    if (cell.is_null()) return sensing::good;
    std::string_view mark;
    std::ignore = cell.get_string().get(mark);
    const auto quality = sensing::quality_of(mark);
    if (!quality) return refuse(sensing::quality_unknown(value_place(), mark));
    return *quality;
  }

  Result<void> add(std::optional<Instant> time, const dom::element& result, sensing::Quality quality) {
    switch (result.type()) {
      case dom::element_type::INT64:
        incoming_.number(time, {std::int64_t{result}, 0, true}, quality);
        return {};
      case dom::element_type::DOUBLE: {
        std::array<char, 40> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), double{result}).ptr;
        if (const auto number =
                sensing::parse_number({digits.data(), static_cast<std::size_t>(end - digits.data())})) {
          incoming_.number(time, *number, quality);
          return {};
        }
        break;
      }
      case dom::element_type::BOOL:
        incoming_.boolean(time, bool{result}, quality);
        return {};
      case dom::element_type::STRING: {
        const std::string_view text{result};
        if (text.size() > sensing::category_bytes_max) break;
        incoming_.text(time, text, quality);
        return {};
      }
      default:
        break;
    }
    return invalid("result-unfit", value_place(), "", "a number, a text of at most 120 bytes, or a boolean",
                   "leave out what was not measured");
  }

  const std::function<std::optional<std::int64_t>(std::string_view)>& id_of_;
  sensing::Incoming incoming_;
  std::size_t group_ = 0;
  std::size_t row_ = 0;
  std::size_t time_column_ = 0;
  std::size_t result_column_ = 1;
  std::size_t quality_column_ = SIZE_MAX;
  std::size_t columns_ = 2;
};

}  // namespace

Result<Bytes> read_observations(std::string_view json,
                                const std::function<std::optional<std::int64_t>(std::string_view)>& id_of) {
  // Its buffers are kept for the next request of this thread.
  thread_local dom::parser parser;
  const bool ready =
      parser.max_depth() == depth_max ||
      parser.allocate(std::max<std::size_t>(json.size(), 4'096), depth_max) == simdjson::SUCCESS;
  dom::element document;
  const auto error = ready ? parser.parse(json.data(), json.size()).get(document) : simdjson::MEMALLOC;
  if (error != simdjson::SUCCESS)
    return invalid("body-unreadable", "", shortened(json), "JSON as RFC 8259 has it",
                   simdjson::error_message(error));
  return Reader(id_of).read(document);
}

}  // namespace qipan::face
