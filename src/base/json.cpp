#include "base/json.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace qipan {

namespace {

namespace dom = simdjson::ondemand;

constexpr std::size_t object_members_max = 1'000;

/// Copies simdjson's view into our tree, counting depth and values on the way.
class Reader {
 public:
  explicit Reader(JsonLimits limits) : limits_(limits) {}

  template <class Source>
  simdjson::error_code read(Source&& source, Json& out, std::size_t depth) {
    if (depth > limits_.depth_max || ++values_ > limits_.values_max) return simdjson::DEPTH_ERROR;
    dom::json_type type{};
    if (auto error = source.type().get(type)) return error;
    switch (type) {
      case dom::json_type::object:
        return read_object(source, out, depth);
      case dom::json_type::array:
        return read_array(source, out, depth);
      case dom::json_type::string:
        return read_text(source, out);
      case dom::json_type::boolean: {
        bool value = false;
        if (auto error = source.get_bool().get(value)) return error;
        out = value;
        return simdjson::SUCCESS;
      }
      case dom::json_type::null:
        return null_error(source.is_null());
      case dom::json_type::number:
        return read_number(source, out);
    }
    return simdjson::TAPE_ERROR;
  }

  [[nodiscard]] const std::string& repeated() const { return repeated_; }

 private:
  template <class Source>
  simdjson::error_code read_object(Source& source, Json& out, std::size_t depth) {
    dom::object object;
    if (auto error = source.get_object().get(object)) return error;
    Json::Object members;
    for (auto field : object) {
      if (field.error()) return field.error();
      std::string_view key;
      if (auto error = field.unescaped_key().get(key)) return error;
      const bool seen =
          std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.key == key; });
      if (seen || members.size() >= object_members_max) {
        repeated_ = std::string(key);
        return simdjson::TAPE_ERROR;
      }
      members.push_back({std::string(key), Json()});
      if (auto error = read(field.value(), members.back().value, depth + 1)) return error;
    }
    out = std::move(members);
    return simdjson::SUCCESS;
  }

  template <class Source>
  simdjson::error_code read_array(Source& source, Json& out, std::size_t depth) {
    dom::array array;
    if (auto error = source.get_array().get(array)) return error;
    Json::Array items;
    for (auto item : array) {
      if (item.error()) return item.error();
      items.emplace_back();
      if (auto error = read(item, items.back(), depth + 1)) return error;
    }
    out = std::move(items);
    return simdjson::SUCCESS;
  }

  template <class Source>
  simdjson::error_code read_text(Source& source, Json& out) {
    std::string_view text;
    if (auto error = source.get_string().get(text)) return error;
    out = text;
    return simdjson::SUCCESS;
  }

  template <class Source>
  simdjson::error_code read_number(Source& source, Json& out) {
    std::string_view token;
    if (auto error = raw_token(source).get(token)) return error;
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
    std::int64_t integer = 0;
    const auto [end, code] = std::from_chars(token.data(), token.data() + token.size(), integer);
    if (code == std::errc() && end == token.data() + token.size()) {
      // The library checks the grammar (no leading zero); "-0" is a decimal, as an integer would lose its
      // sign.
      if (source.get_int64().error()) return simdjson::NUMBER_ERROR;
      if (token == "-0") {
        out = Json::Decimal{"-0"};
      } else {
        out = integer;
      }
      return simdjson::SUCCESS;
    }
    double ignored = 0;
    if (auto error = source.get_double().get(ignored)) return error;
    if (token.size() > 60) return simdjson::NUMBER_ERROR;
    out = Json::Decimal{std::string(token)};
    return simdjson::SUCCESS;
  }

  // The library answers with one or the other; its own conversion of the second to bool would throw on "nul".
  static simdjson::error_code null_error(bool is_null) {
    return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
  }
  static simdjson::error_code null_error(simdjson::simdjson_result<bool> result) {
    bool is_null = false;
    if (auto error = std::move(result).get(is_null)) return error;
    return null_error(is_null);
  }

  template <class Source>
  static simdjson::simdjson_result<std::string_view> raw_token(Source& source) {
    return source.raw_json_token();
  }

  JsonLimits limits_;
  std::size_t values_ = 0;
  std::string repeated_;
};

const Json null_json;

void append_escape(std::string& out, unsigned char c) {
  static constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[c >> 4U];
      out += digits[c & 15U];
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes_max) {
    return refuse({Problem::Kind::too_large, "json-too-large", "", std::to_string(text.size()) + " bytes",
                   "at most " + std::to_string(limits.bytes_max) + " bytes", "send less in one piece"});
  }
  if (!is_utf8(text)) {
    return invalid("json-not-utf8", "", "", "text in valid UTF-8", "encode the text as UTF-8");
  }
  thread_local dom::parser parser;
  const simdjson::padded_string padded(text);
  dom::document document;
  Json out;
  Reader reader(limits);
  auto error = parser.iterate(padded).get(document);
  if (!error) error = reader.read(document, out, 0);
  // Behind the last token there is no location; anything else there is trailing content.
  if (!error && document.current_location().error() != simdjson::OUT_OF_BOUNDS) error = simdjson::TAPE_ERROR;
  if (error) {
    const std::string detail =
        reader.repeated().empty() ? simdjson::error_message(error) : "key repeated: " + reader.repeated();
    return invalid("json-unreadable", "", text, "one JSON value (" + detail + ")",
                   "check commas, quotes, depth and repeated keys");
  }
  return out;
}

namespace {

bool is_within(const Json& value, const JsonLimits& limits, std::size_t depth, std::size_t& values) {
  if (depth > limits.depth_max || ++values > limits.values_max) return false;
  if (value.is_array()) {
    for (const Json& item : value.items())
      if (!is_within(item, limits, depth + 1, values)) return false;
  } else if (value.is_object()) {
    if (value.members().size() > object_members_max) return false;
    for (const auto& member : value.members())
      if (!is_within(member.value, limits, depth + 1, values)) return false;
  }
  return true;
}

}  // namespace

bool is_within(const Json& value, const JsonLimits& limits) {
  std::size_t values = 0;
  return is_within(value, limits, 0, values);
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

namespace {

/// How many bytes from the beginning, eight at a time, stand in JSON as they are.
std::size_t plain_bytes(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = 0x8080808080808080U;
  const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word & highs; };
  std::size_t done = 0;
  for (; done + 8 <= text.size(); done += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + done, 8);
    const std::uint64_t control = (word - ones * 0x20) & ~word & highs;
    if ((control | has_zero(word ^ (ones * '"')) | has_zero(word ^ (ones * '\\'))) != 0) break;
  }
  return done;
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0;
  for (std::size_t i = plain_bytes(text); i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    append_escape(out, c);
    from = i + 1;
  }
  out.append(text, from);
  out += '"';
}

Json::Json() = default;
Json::Json(std::nullptr_t) {}
Json::Json(bool value) : value_(value) {}
Json::Json(std::int64_t value) : value_(value) {}
Json::Json(int value) : value_(static_cast<std::int64_t>(value)) {}
Json::Json(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
Json::Json(std::string value) : value_(std::move(value)) {}
Json::Json(std::string_view value) : value_(std::string(value)) {}
Json::Json(const char* value) : value_(std::string(value)) {}
Json::Json(Decimal value) : value_(std::move(value)) {}
Json::Json(Array value) : value_(std::move(value)) {}
Json::Json(Object value) : value_(std::move(value)) {}
Json::Json(const Json& other) = default;
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(const Json& other) = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;
bool Json::operator==(const Json& other) const {
  return value_ == other.value_;
}
Json Json::object() {
  return Json(Object{});
}
Json Json::array() {
  return Json(Array{});
}

std::string Json::number_text() const {
  return is_integer() ? std::to_string(integer()) : std::get<Decimal>(value_).text;
}

const Json* Json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const auto& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* found = find(key);
  return found != nullptr ? *found : null_json;
}

std::int64_t Json::integer_or(std::string_view key, std::int64_t otherwise) const {
  const Json& value = (*this)[key];
  return value.is_integer() ? value.integer() : otherwise;
}

std::string Json::text_or(std::string_view key, std::string_view otherwise) const {
  const Json& value = (*this)[key];
  return value.is_text() ? value.text() : std::string(otherwise);
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object{};
  for (auto& member : std::get<Object>(value_)) {
    if (member.key == key) {
      member.value = std::move(value);
      return *this;
    }
  }
  return add(key, std::move(value));
}

Json& Json::add(std::string_view key, Json value) {
  // Most objects have a handful of members; moving them from one to two to four costs more than the room.
  constexpr std::size_t members_usual = 8;
  if (is_null()) value_ = Object{};
  Object& members = std::get<Object>(value_);
  if (members.capacity() == 0) members.reserve(members_usual);
  members.emplace_back(std::string(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

std::string Json::dump() const {
  constexpr std::size_t bytes_usual = 256;
  std::string out;
  if (is_object() || is_array()) out.reserve(bytes_usual);
  dump_to(out);
  return out;
}

void Json::dump_to(std::string& out) const {
  if (is_null()) {
    out += "null";
  } else if (is_bool()) {
    out += boolean() ? "true" : "false";
  } else if (is_integer()) {
    char digits[24];
    const auto written = std::to_chars(std::begin(digits), std::end(digits), integer());
    out.append(std::begin(digits), written.ptr);
  } else if (is_decimal()) {
    out += std::get<Decimal>(value_).text;
  } else if (is_text()) {
    append_json_text(out, text());
  } else if (is_array()) {
    out += '[';
    for (std::size_t i = 0; i < items().size(); ++i) {
      if (i > 0) out += ',';
      items()[i].dump_to(out);
    }
    out += ']';
  } else {
    out += '{';
    for (std::size_t i = 0; i < members().size(); ++i) {
      if (i > 0) out += ',';
      append_json_text(out, members()[i].key);
      out += ':';
      members()[i].value.dump_to(out);
    }
    out += '}';
  }
}

}  // namespace qipan
