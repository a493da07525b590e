#include "board/body.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace qipan::board {

namespace {

bool is_of(const Json& value, Member::Kind kind) {
  switch (kind) {
    case Member::Kind::text:
      return value.is_text();
    case Member::Kind::integer:
      return value.is_integer();
    case Member::Kind::number:
      return value.is_number();
    case Member::Kind::boolean:
      return value.is_bool();
    case Member::Kind::list:
      return value.is_array();
    case Member::Kind::object:
      return value.is_object();
    case Member::Kind::any:
      return true;
  }
  return false;
}

std::string_view words_of(Member::Kind kind) {
  static constexpr std::string_view words[] = {"a text",       "a whole number",  "a number", "true or false",
                                               "a list [...]", "an object {...}", "a value"};
  return words[static_cast<std::size_t>(kind)];
}

}  // namespace

Result<void> expect_members(const Json& body, std::initializer_list<Member> members) {
  if (!body.is_object()) return invalid("body-unreadable", "", body.dump(), "a JSON object");
  for (const auto& [name, value] : body.members()) {
    const auto* const known = std::find_if(members.begin(), members.end(),
                                           [&](const Member& member) { return member.name == name; });
    if (known == members.end()) {
      std::string list;
      for (const Member& member : members) list += (list.empty() ? "" : ", ") + std::string(member.name);
      // Its value may be a secret in the wrong place.
      return invalid("member-unknown", name, "", "only " + list, "mend its name, or leave it out");
    }
    if (!value.is_null() && !is_of(value, known->kind))
      return invalid("member-unfit", name, shortened(value.dump()), std::string(words_of(known->kind)),
                     "write it in this type");
  }
  return {};
}

Result<std::string> text_in(const Json& body, std::string_view name, std::int64_t least, std::int64_t most,
                            bool lines) {
  const Json& value = body[name];
  const std::string text = value.is_text() ? value.text() : "";
  const bool typed = value.is_text() || value.is_null();
  if (typed && is_text_of(text, least, most, lines)) return text;
  return invalid("text-unfit", std::string(name), shortened(value.is_null() ? "" : value.dump()),
                 "a text of " + std::to_string(least) + " to " + std::to_string(most) +
                     " characters without control characters",
                 "shorten or mend it");
}

}  // namespace qipan::board
