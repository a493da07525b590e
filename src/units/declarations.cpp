#include "units/declarations.hpp"

#include <charconv>

#include "board/administration.hpp"
#include "calendar/calendar.hpp"
#include "pack/csv.hpp"

namespace qipan::units {

std::set<board::Administration> administrations_of_step(const Json& role) {
  std::set<board::Administration> held;
  for (const Json& grant : role["grants"].items())
    held.merge(board::administrations_of(grant["action"].text(), grant["resource"].text()));
  return held;
}

namespace {

/// No role may hold two of the three administrations; no person could have it.
void check_role_apart(const Json& role, pack::Fields& fields) {
  const auto held = administrations_of_step(role);
  if (held.size() < 2) return;
  fields.fault("grants", role["name"].text(),
               "grants of one of the three administrations a role (here: " + board::names_of(held) + ")",
               "make a role of each");
}

Json read_role(const pack::Node& node, const std::string& path, pack::Problems& problems) {
  pack::Fields fields(node, path, problems);
  Json role = Json::object();
  role.set("name", fields.name("name"));
  if (role["name"].text() == board::anonymous_role || role["name"].text() == board::party_role)
    fields.fault("name", role["name"].text(), "another name: this one stands for who has no post");
  const pack::Title title = fields.title("title");
  role.set("title_zh", title.zh).set("title_en", title.en);
  Json grants = Json::array();
  for (const pack::Node* grant : fields.tables("grants")) {
    pack::Fields inner(*grant, path, problems);
    const std::string resource = inner.text("resource");
    for (const std::string& action : inner.texts("actions", true)) {
      Json one = Json::object();
      one.set("resource", resource).set("action", action);
      grants.push(std::move(one));
    }
  }
  role.set("grants", std::move(grants));
  check_role_apart(role, fields);
  if (fields.boolean("display", false)) {
    role.set("display", true);
    for (const Json& grant : role["grants"].items()) {
      if (grant["action"].text() != "read")
        fields.fault("display", role["name"].text(), "a role that only reads, as nobody locks a wall",
                     "leave out display, or " + grant["action"].text());
    }
  }
  return role;
}

/// Seconds since midnight of "08:30", or -1.
std::int32_t seconds_of(std::string_view text) {
  int hour = 0;
  int minute = 0;
  if (text.size() != 5 || text[2] != ':') return -1;
  const auto first = std::from_chars(text.data(), text.data() + 2, hour);
  const auto second = std::from_chars(text.data() + 3, text.data() + 5, minute);
  if (first.ptr != text.data() + 2 || second.ptr != text.data() + 5 || hour < 0 || hour > 24 || minute < 0 ||
      minute > 59)
    return -1;
  return hour * 3600 + minute * 60;
}

void read_days(const pack::Pack& pack, const std::string& file, pack::Fields& fields,
               calendar::Calendar::Declaration& declaration) {
  const std::string path = "calendars/" + file;
  const auto found = pack.files.find(path);
  if (found == pack.files.end())
    return fields.fault("days", file, "a CSV file beside the calendar", "add " + path);
  const auto csv = pack::Csv::parse(path, found->second);
  if (!csv) return fields.fault("days", file, csv.error().line());
  for (const auto& row : csv->rows()) {
    const auto day = parse_day(csv->cell(row, "date"));
    const std::string_view kind = csv->cell(row, "kind");
    if (!day || (kind != "holiday" && kind != "workday")) {
      fields.fault("days", path + ":" + std::to_string(row.line),
                   "date as YYYY-MM-DD and kind holiday or workday");
      continue;
    }
    declaration.exceptions.emplace_back(*day, kind == "workday");
  }
}

void read_calendar(const pack::Pack& pack, const std::string& path, pack::Problems& problems,
                   Json& calendars) {
  const auto document = pack::parse_toml(path, pack.files.at(path));
  if (!document) return void(problems.push_back(document.error()));
  pack::Fields fields(*document, path, problems);
  calendar::Calendar::Declaration declaration;
  declaration.name = fields.name("name");
  declaration.version = fields.integer("version", 1, 1, 1'000'000'000);
  declaration.offset_seconds =
      static_cast<std::int32_t>(fields.integer("offset_minutes", 480, -840, 840) * 60);
  const pack::Title title = fields.title("title");
  const std::string source = fields.text("source");
  for (const std::string& hours : fields.texts("hours", true)) {
    const std::int32_t from = seconds_of(std::string_view(hours).substr(0, 5));
    const std::int32_t to =
        hours.size() == 11 && hours[5] == '-' ? seconds_of(std::string_view(hours).substr(6)) : -1;
    if (from < 0 || to < 0) fields.fault("hours", hours, "hours such as 08:30-12:00");
    declaration.shifts.push_back({from, to});
  }
  const auto first = parse_day(fields.text("first"));
  const auto last = parse_day(fields.text("last"));
  if (!first || !last) return fields.fault("first", "", "first and last as YYYY-MM-DD");
  declaration.first = *first;
  declaration.last = *last;
  if (const std::string days = fields.text("days", false); !days.empty())
    read_days(pack, days, fields, declaration);
  const auto calendar = calendar::Calendar::make(declaration);
  if (!calendar) return fields.fault("", calendar.error().value, calendar.error().rule);
  Json step = calendar->to_json();
  step.set("title_zh", title.zh).set("title_en", title.en).set("source", source);
  calendars.push(std::move(step));
}

}  // namespace

void read_declarations(const pack::Pack& pack, pack::Problems& problems, Json& steps) {
  if (const auto found = pack.files.find("roles.toml"); found != pack.files.end()) {
    const auto document = pack::parse_toml("roles.toml", found->second);
    if (!document) return void(problems.push_back(document.error()));
    static const std::string path = "roles.toml";
    pack::Fields fields(*document, path, problems);
    Json roles = Json::array();
    for (const pack::Node* role : fields.tables("roles")) roles.push(read_role(*role, path, problems));
    steps.set("roles", std::move(roles));
  }
  Json calendars = Json::array();
  for (const std::string& path : pack.files_in("calendars", ".toml"))
    read_calendar(pack, path, problems, calendars);
  if (!calendars.items().empty()) steps.set("calendars", std::move(calendars));
}

}  // namespace qipan::units
