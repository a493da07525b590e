#include "notices/declaration.hpp"

#include <algorithm>
#include <set>

namespace qipan::notices {

namespace {

constexpr std::size_t subject_bytes_max = 200;
constexpr std::size_t text_bytes_max = 4'000;
constexpr std::string_view placeholders[] = {"case",        "class",   "place", "due",
                                             "responsible", "percent", "link"};

/// The first placeholder that is none, with its braces; empty when all are.
std::string unknown_placeholder(std::string_view text) {
  for (auto begin = text.find('{'); begin != std::string_view::npos; begin = text.find('{', begin + 1)) {
    const auto end = text.find('}', begin);
    if (end == std::string_view::npos) return std::string(text.substr(begin, 20));
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    if (const auto point = name.find('.');
        point != 0 && point != std::string_view::npos && point + 1 < name.size())
      continue;
    if (std::find(std::begin(placeholders), std::end(placeholders), name) == std::end(placeholders))
      return std::string(text.substr(begin, end - begin + 1));
  }
  return {};
}

void check_words(pack::Fields& fields, std::string_view key, const pack::Title& title,
                 std::size_t bytes_max) {
  for (const std::string* text : {&title.zh, &title.en}) {
    if (text->size() > bytes_max)
      fields.fault(key, shortened(*text), "at most " + std::to_string(bytes_max) + " bytes");
    if (const auto unknown = unknown_placeholder(*text); !unknown.empty())
      fields.fault(key, unknown,
                   "{case}, {class}, {place}, {due}, {responsible}, {percent}, {link}, or {REFERENCE.NAME}");
  }
}

/// What would stay as it is, or say nothing.
void check_places(pack::Fields& fields, const Notice& notice) {
  for (const std::string* text : {&notice.subject.zh, &notice.subject.en}) {
    if (text->find("{link}") != std::string::npos) fields.fault("subject", *text, "a subject without {link}");
  }
  for (const auto* title : {&notice.subject, &notice.text}) {
    const bool percent = (title->zh + title->en).find("{percent}") != std::string::npos;
    if (percent && notice.on == Notice::On::state)
      fields.fault("text", "{percent}", "{percent} only where on is supervised");
  }
}

void read_recipients(pack::Fields& fields, Notice& notice) {
  const std::string to = fields.choice("to", {"responsible", "told", "reporter", "party"}, "responsible");
  notice.to = to == "told"       ? Notice::To::told
              : to == "reporter" ? Notice::To::reporter
              : to == "party"    ? Notice::To::party
                                 : Notice::To::responsible;
  if (notice.to == Notice::To::party) return;
  if (notice.to == Notice::To::reporter) {
    notice.field = fields.name("field");
    return;
  }
  notice.roles = fields.texts("roles", true);
  if (notice.to == Notice::To::told && notice.on != Notice::On::supervised)
    fields.fault("to", to, "responsible, reporter or party, as only supervision tells somebody");
}

Json names_json(const std::vector<std::string>& names) {
  Json json = Json::array();
  for (const std::string& name : names) json.push(name);
  return json;
}

std::vector<std::string> names_from(const Json& json) {
  std::vector<std::string> names;
  if (!json.is_array()) return names;
  for (const Json& name : json.items()) names.push_back(name.text());
  return names;
}

}  // namespace

std::vector<Notice> read_notices(const pack::Pack& pack, pack::Problems& problems) {
  std::vector<Notice> notices;
  std::set<std::string> names;
  for (const std::string& path : pack.files_in("notices", ".toml")) {
    auto document = pack::parse_toml(path, pack.files.at(path));
    if (!document) {
      problems.push_back(document.error());
      continue;
    }
    pack::Fields file(*document, path, problems);
    for (const pack::Node* node : file.tables("notices")) {
      pack::Fields fields(*node, path, problems);
      Notice notice;
      notice.name = fields.name("name");
      if (!names.insert(notice.name).second) fields.fault("name", notice.name, "each notice once");
      notice.title = fields.title("title");
      notice.on = fields.choice("on", {"state", "supervised"}, "state") == "state" ? Notice::On::state
                                                                                   : Notice::On::supervised;
      notice.case_type = fields.text("case_type");
      if (notice.on == Notice::On::state) {
        notice.states = fields.texts("states", true);
      } else {
        notice.level = fields.integer("level", 1, 1, 3);
      }
      read_recipients(fields, notice);
      notice.subject = fields.title("subject");
      notice.text = fields.title("text");
      check_words(fields, "subject", notice.subject, subject_bytes_max);
      check_words(fields, "text", notice.text, text_bytes_max);
      check_places(fields, notice);
      notices.push_back(std::move(notice));
    }
  }
  return notices;
}

Json to_json(const Notice& notice) {
  const auto title = [](const pack::Title& one) {
    return Json::object().set("zh", one.zh).set("en", one.en);
  };
  Json json = Json::object();
  json.set("name", notice.name)
      .set("title", title(notice.title))
      .set("on", static_cast<std::int64_t>(notice.on));
  json.set("case_type", notice.case_type).set("states", names_json(notice.states)).set("level", notice.level);
  json.set("to", static_cast<std::int64_t>(notice.to)).set("roles", names_json(notice.roles));
  json.set("field", notice.field).set("subject", title(notice.subject)).set("text", title(notice.text));
  return json;
}

Notice notice_from_json(const Json& json) {
  const auto title = [](const Json& one) {
    return pack::Title{one.text_or("zh", ""), one.text_or("en", "")};
  };
  Notice notice;
  notice.name = json.text_or("name", "");
  notice.title = title(json["title"]);
  notice.on = static_cast<Notice::On>(json.integer_or("on", 0));
  notice.case_type = json.text_or("case_type", "");
  notice.states = names_from(json["states"]);
  notice.level = json.integer_or("level", 1);
  notice.to = static_cast<Notice::To>(json.integer_or("to", 0));
  notice.roles = names_from(json["roles"]);
  notice.field = json.text_or("field", "");
  notice.subject = title(json["subject"]);
  notice.text = title(json["text"]);
  return notice;
}

namespace {

std::string replaced(std::string_view text, std::string_view mark, std::string_view by) {
  std::string out;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
    out += text.substr(0, at);
    out += by;
    text.remove_prefix(at + mark.size());
  }
  return out + std::string(text);
}

}  // namespace

std::string filled(std::string_view text, const Words& words, bool chinese) {
  const auto in = [&](const pack::Title& title) { return chinese ? title.zh : title.en; };
  std::string out;
  while (!text.empty()) {
    const auto begin = text.find('{');
    const auto end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) break;
    out += text.substr(0, begin);
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    out += name == "case"          ? words.case_number
           : name == "class"       ? in(words.case_class)
           : name == "place"       ? words.place
           : name == "due"         ? words.due
           : name == "responsible" ? in(words.responsible)
           : name == "percent"     ? words.percent
                                   : "{" + std::string(name) + "}";
    text.remove_prefix(end + 1);
  }
  return out + std::string(text);
}

std::vector<Named> named_in(const Notice& notice) {
  std::vector<Named> all;
  for (const std::string* text : {&notice.subject.zh, &notice.subject.en, &notice.text.zh, &notice.text.en}) {
    for (auto begin = text->find('{'); begin != std::string::npos; begin = text->find('{', begin + 1)) {
      const auto end = text->find('}', begin);
      const auto point = text->find('.', begin);
      if (end == std::string::npos || point == std::string::npos || point > end) continue;
      Named named{text->substr(begin + 1, point - begin - 1), text->substr(point + 1, end - point - 1)};
      if (std::find(all.begin(), all.end(), named) == all.end()) all.push_back(std::move(named));
    }
  }
  return all;
}

std::string with_named(std::string_view text, const Named& named, std::string_view value) {
  return replaced(text, "{" + named.reference + "." + named.member + "}", value);
}

std::string with_link(std::string_view text, std::string_view link) {
  return replaced(text, "{link}", link);
}

}  // namespace qipan::notices
