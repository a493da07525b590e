#include "base/fault_log.hpp"
#include "cases/queries.hpp"
#include "face/app/case_json.hpp"
#include "face/app/collections.hpp"
#include "face/app/parameters.hpp"
#include "face/app/personal.hpp"
#include "face/app/shapes.hpp"
#include "pack/csv.hpp"

namespace qipan::face {

namespace {

constexpr std::string_view case_resource = "case";

std::optional<bool> flag_of(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

Result<cases::CaseFilter> filter_of(const Reading& at) {
  const auto text = [&](std::string_view name) { return std::string(at.request.parameter(name)); };
  cases::CaseFilter filter;
  filter.unsearched = at.snapshot.catalogue->sensitive_fields();
  filter.type = text("type");
  filter.state = text("state");
  filter.case_class = text("class");
  filter.source = text("source");
  filter.after = text("after");
  filter.text = text("q");
  if (filter.text.size() > 200) return invalid("parameter-too-long", "q", filter.text, "at most 200 bytes");
  for (const auto& [name, target] : {std::pair("open", &filter.open), std::pair("late", &filter.late)}) {
    if (text(name).empty()) continue;
    *target = flag_of(text(name));
    if (!*target) return invalid("parameter-unreadable", name, text(name), "true or false");
  }
  if (const auto lamp = text("lamp"); !lamp.empty()) {
    filter.lamp_min = lamp == "yellow" ? 1 : (lamp == "red" ? 2 : (lamp == "severe" ? 3 : 0));
    if (*filter.lamp_min == 0 && lamp != "green")
      return invalid("parameter-unreadable", "lamp", lamp, "green, yellow, red or severe");
  }
  for (const auto& [name, target] :
       {std::pair("unit", &filter.unit), std::pair("responsible", &filter.responsible)}) {
    if (text(name).empty()) continue;
    const board::Unit* unit = at.snapshot.directory.unit_by_code(text(name));
    if (unit == nullptr) return invalid("unit-unknown", name, text(name), "the code of a unit");
    *target = unit->id;
  }
  if (const auto assignee = text("assignee"); !assignee.empty()) {
    if (assignee != "me") return invalid("parameter-unreadable", "assignee", assignee, "me");
    filter.assignee = at.snapshot.directory.person_of(at.caller.actor);
  }
  if (const auto todo = text("todo"); !todo.empty()) {
    if (todo != "me") return invalid("parameter-unreadable", "todo", todo, "me");
    filter.duties = cases::duties_of(*at.snapshot.catalogue, at.snapshot.directory, at.caller.actor);
  }
  for (const auto& [name, target] :
       {std::pair("from", &filter.created_from), std::pair("to", &filter.created_to)}) {
    if (text(name).empty()) continue;
    QIPAN_TRY(instant, parse_instant(text(name)));
    *target = instant;
  }
  const auto sort = text("sort");
  if (!sort.empty() && sort != "urgent" && sort != "due" && sort != "newest")
    return invalid("parameter-unreadable", "sort", sort, "urgent, due or newest");
  filter.order = sort == "urgent" ? cases::CaseFilter::Order::urgent
                 : sort == "due"  ? cases::CaseFilter::Order::due
                                  : cases::CaseFilter::Order::newest;
  if (const auto limit = text("limit"); !limit.empty()) filter.limit = number_of(limit).value_or(0);
  return filter;
}

Response list(Reading& at) {
  const auto reach = reach_for(at, "read", case_resource);
  if (!reach) return problem_response(reach.error());
  const auto filter = filter_of(at);
  if (!filter) return problem_response(filter.error());
  const auto page = cases::list_cases(at.reader, *filter, *reach, at.snapshot.directory);
  if (!page) return problem_response(page.error());
  Json items = Json::array();
  const Sight sight(at);
  for (const auto& row : page->rows) items.push(row_json(row, at.snapshot.directory, sight));
  return json_response(Json::object()
                           .set("items", std::move(items))
                           .set("next", page->next.empty() ? Json() : Json(page->next)));
}

/// How a CSV is written: in the words of a language with local times, or (no language) as the API has it.
struct CsvWords {
  std::string language;

  [[nodiscard]] bool plain() const { return language.empty(); }
  [[nodiscard]] std::string title(const pack::Title& title) const {
    return language == "en" ? title.en : title.zh;
  }
  [[nodiscard]] std::string unit(const board::Unit* unit) const {
    if (unit == nullptr) return "";
    return plain() ? unit->code : (language == "en" ? unit->title_en : unit->title_zh);
  }
  [[nodiscard]] std::string time(std::optional<Instant> at) const {
    if (!at) return "";
    if (plain()) return format_instant(*at);
    return spreadsheet_time(*at);
  }
  [[nodiscard]] std::string pick(std::string_view as_is, std::string_view zh, std::string_view en) const {
    return std::string(plain() ? as_is : (language == "en" ? en : zh));
  }
  [[nodiscard]] std::string lamp(std::int64_t level) const {
    static constexpr std::string_view zh[] = {"正常", "黄灯", "红灯", "严重超时"};
    static constexpr std::string_view en[] = {"in time", "yellow", "red", "severely late"};
    const auto at = static_cast<std::size_t>(std::clamp<std::int64_t>(level, 0, 3));
    return pick(std::to_string(level), zh[at], en[at]);
  }
};

struct CsvColumn {
  std::string_view name;
  std::string_view zh;
  std::string_view en;
};
constexpr CsvColumn csv_columns[] = {{"id", "编号", "Number"},
                                     {"type", "类型", "Type"},
                                     {"state", "状态", "State"},
                                     {"class", "分类", "Class"},
                                     {"place", "位置", "Place"},
                                     {"unit", "所在单位", "Unit of the place"},
                                     {"responsible", "责任单位", "Responsible unit"},
                                     {"created", "受理时间", "Received"},
                                     {"due", "截止时间", "Due"},
                                     {"closed", "办结时间", "Closed"},
                                     {"lamp", "时限灯", "Lamp"},
                                     {"late", "是否超时", "Late"},
                                     {"rework", "返工次数", "Rework"},
                                     {"source", "来源", "Source"},
                                     {"external", "来源编号", "Number at the source"},
                                     {"description", "描述", "Description"}};

void append_row(std::string& out, const cases::CaseRow& row, const Snapshot& snapshot, const CsvWords& words,
                const Sight& sight, const std::map<std::string, pack::Title>& classes) {
  const cases::CaseType* type = snapshot.catalogue->in_set(row.type, row.set);
  const cases::State* state = type == nullptr ? nullptr : type->state(row.state);
  const auto known = classes.find(row.type + "/" + row.case_class);
  const std::string cells[] = {
      std::to_string(row.id.value),
      words.plain() || type == nullptr ? row.type : words.title(type->title),
      words.plain() || state == nullptr ? row.state : words.title(state->title),
      words.plain() || known == classes.end() ? row.case_class : words.title(known->second),
      row.place,
      words.unit(snapshot.directory.unit(row.unit)),
      words.unit(snapshot.directory.unit(row.responsible)),
      words.time(row.created),
      words.time(row.due),
      words.time(row.closed),
      words.lamp(row.lamp),
      row.late ? words.pick("1", "是", "yes") : words.pick("0", "否", "no"),
      std::to_string(row.rework),
      row.source,
      row.external,
      sight.fields(row).text_or("description", "")};
  static_assert(std::size(cells) == std::size(csv_columns));
  for (std::size_t i = 0; i < std::size(cells); ++i) out += (i > 0 ? "," : "") + pack::csv_cell(cells[i]);
  out += "\r\n";
}

/// The same filter as CSV, whole or refused with the number; personal fields are never in it. In the reader's
/// words with ?language=zh or en; codes and UTC without.
Response export_csv(Reading& at) {
  constexpr std::size_t rows_max = 100'000;
  const auto reach = reach_for(at, "read", case_resource);
  if (!reach) return problem_response(reach.error());
  auto filter = filter_of(at);
  if (!filter) return problem_response(filter.error());
  const CsvWords words{std::string(at.request.parameter("language"))};
  if (!words.plain() && words.language != "zh" && words.language != "en")
    return problem_response(
        {Problem::Kind::invalid, "parameter-unreadable", "language", words.language, "zh or en", ""});
  std::map<std::string, pack::Title> classes;
  if (!words.plain()) {
    for (const cases::CaseClass& one : cases::classes(at.reader, ""))
      classes.emplace(one.type + "/" + one.code, one.title);
  }
  filter->limit = 2'000;
  const Sight sight(at);
  std::string out = "\xEF\xBB\xBF";
  for (const CsvColumn& column : csv_columns)
    out += (&column == csv_columns ? "" : ",") + words.pick(column.name, column.zh, column.en);
  out += "\r\n";
  std::size_t rows = 0;
  for (;;) {
    const auto page = cases::list_cases(at.reader, *filter, *reach, at.snapshot.directory);
    if (!page) return problem_response(page.error());
    for (const auto& row : page->rows) append_row(out, row, at.snapshot, words, sight, classes);
    rows += page->rows.size();
    if (page->next.empty()) break;
    if (rows >= rows_max)
      return problem_response({Problem::Kind::too_large, "export-too-large", "",
                               "more than " + std::to_string(rows_max) + " cases",
                               "at most " + std::to_string(rows_max) + " cases in one file",
                               "narrow the filter, say by from and to"});
    filter->after = page->next;
  }
  Response response = Response::text(200, std::move(out), "text/csv; charset=utf-8");
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"cases.csv\"");
  response.headers.emplace_back("Qipan-Rows", std::to_string(rows));
  return response;
}

Response summary(Reading& at) {
  const auto reach = reach_for(at, "read", case_resource);
  if (!reach) return problem_response(reach.error());
  Json items = Json::array();
  for (const auto& count : cases::count_open(at.reader, *reach)) {
    items.push(Json::object()
                   .set("type", count.type)
                   .set("state", count.state)
                   .set("lamp", count.lamp)
                   .set("count", count.count));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Json limits_json(Database& reader, CaseId id) {
  Json limits = Json::array();
  for (const auto& limit : cases::limits_of(reader, id)) {
    limits.push(Json::object()
                    .set("name", limit.name)
                    .set("main", limit.main)
                    .set("due", format_instant(limit.due))
                    .set("running", limit.running())
                    .set("level", limit.level)
                    .set("kind", limit.asserted ? "asserted" : calendar::name_of(limit.amount.kind))
                    .set("amount", limit.amount.count)
                    .set("basis", format_instant(limit.basis))
                    .set("provisional", limit.provisional)
                    .set("missed", limit.missed));
  }
  return limits;
}

Response detail(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  Json json = row_json(*row, at.snapshot.directory, Sight(at));
  json.set("limits", limits_json(at.reader, row->id));
  const auto* type = at.snapshot.catalogue->in_set(row->type, row->set);
  Json actions = Json::array();
  if (type != nullptr) {
    for (const auto& name : cases::actions_for(*row, *type, at.snapshot.directory, at.caller.actor))
      actions.push(name);
  }
  json.set("actions", std::move(actions)).set("pack_set", row->set);
  json.set("can_comment",
           at.snapshot.directory
               .permit(at.caller.actor, "comment", board::resource_of("case", row->type), row->unit)
               .has_value());
  return json_response(json.set(
      "can_reveal", at.snapshot.directory
                        .permit(at.caller.actor, "reveal", board::resource_of("case", row->type), row->unit)
                        .has_value()));
}

Response history(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  const Sight sight(at);
  Json items = Json::array();
  for (const Position position : board::history_of(at.reader, row->subject())) {
    const auto found = log::Log::find(at.reader, position);
    if (!found) continue;
    items.push(fact_json(at.reader, *found,
                         masked(fact_body(at, found->fact).value_or(Json::object()), sight.hidden(*row))));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response similar(Reading& at) {
  const auto row = visible_case(at);
  if (!row) return problem_response(row.error());
  Json items = Json::array();
  const auto reach = reach_for(at, "read", case_resource);
  const Sight sight(at);
  for (const auto& one : cases::similar_cases(at.reader, *row)) {
    if (cases::is_visible(one.row, *reach))
      items.push(row_json(one.row, at.snapshot.directory, sight).set("metres", one.metres));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response case_types(Reading& at) {
  Json items = Json::array();
  const auto posts = at.snapshot.directory.posts_of(at.caller.actor);
  for (const auto* type : at.snapshot.catalogue->all_newest()) {
    const bool can_create = std::any_of(posts.begin(), posts.end(), [&](const board::Post& post) {
      return std::find(type->creators.begin(), type->creators.end(), post.role) != type->creators.end();
    });
    items.push(case_type_json(*type).set("can_create", can_create));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

Response classes(Reading& at) {
  Json items = Json::array();
  for (const auto& one : cases::classes(at.reader, std::string(at.request.parameter("type")))) {
    items.push(Json::object()
                   .set("type", one.type)
                   .set("code", one.code)
                   .set("parent", one.parent)
                   .set("title", title_json(one.title)));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

/// Fields of the case go to the vault where they are personal, and name only photos that are there.
Result<Requested> requested_with_fields(const Commanding& at) {
  QIPAN_TRY(wanted, requested(at));
  QIPAN_CHECK(check_photos(at, wanted.command.body["fields"], "fields"));
  QIPAN_CHECK(take_case_personal(at.app, wanted.command));
  return wanted;
}

void create(Commanding& at) {
  if (at.caller.actor == "anonymous") {
    return at.respond(
        problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                          "a person or token that is known", "log in, or use POST /api/v1/reports"}));
  }
  auto wanted = requested_with_fields(at);
  if (wanted && !wanted->command.body.text_or("occurred", "").empty()) {
    const auto occurred = parse_instant(wanted->command.body["occurred"].text());
    if (!occurred) return at.respond(problem_response(occurred.error()));
    wanted->command.occurred = *occurred;
  }
  submit(at, std::move(wanted));
}

}  // namespace

void send_with_fields(Commanding& at) {
  submit(at, requested_with_fields(at));
}

namespace {

/// Whose the case would be, until when, and in which state: told before somebody sends it. What would be
/// refused is refused in the same words. Between two groups of the writer; nothing of it stays.
void try_step(Commanding& at) {
  auto wanted = requested_with_fields(at);
  if (!wanted) return at.respond(problem_response(wanted.error()));
  // Under its key it would answer what was answered to the one that was sent.
  wanted->command.key.clear();
  const CaseId id{number_of(at.parts[0]).value_or(0)};
  Json told;
  std::vector<board::Outcome> outcomes;
  at.app.writer().between_groups([&](board::Board& board) {
    outcomes = board.try_out({&wanted->command, 1}, [&](std::size_t, const board::Outcome& outcome) {
      const auto row = outcome ? cases::find_case(board.database(), id) : std::nullopt;
      if (!row) return;
      const board::Directory& directory = board.directory(outcome->at);
      told = Json::object();
      told.set("state", row->state)
          .set("class", row->case_class)
          .set("unit", unit_json(directory, row->unit))
          .set("responsible", unit_json(directory, row->responsible))
          .set("due", instant_json(row->due))
          .set("limits", limits_json(board.database(), id));
    });
  });
  if (!outcomes.front()) return at.respond(problem_response(outcomes.front().error()));
  at.respond(json_response(told));
}

}  // namespace

Result<cases::CaseRow> visible_case(const Reading& at) {
  QIPAN_TRY(reach, reach_for(at, "read", case_resource));
  auto row = cases::find_case(at.reader, {number_of(at.parts[0]).value_or(0)});
  if (!row || !cases::is_visible(*row, reach)) {
    return refuse({Problem::Kind::not_found, "case-unknown", "id", shortened(at.parts[0]),
                   "the number of a case that you may see", "look it up in the list"});
  }
  return std::move(*row);
}

namespace {

/// What lists of cases can be narrowed by.
std::vector<fields::Field> filter_parameters(std::optional<fields::Field> besides = std::nullopt) {
  using fields::Make;
  namespace types = fields::types;
  std::vector<fields::Field> list = {
      Make("type", types::text()),
      Make("state", types::text()),
      Make("class", types::text()),
      Make("open", types::boolean()),
      Make("late", types::boolean()),
      Make("lamp", types::choice()).options({"green", "yellow", "red", "severe"}),
      Make("unit", types::text()),
      Make("responsible", types::text()),
      Make("assignee", types::choice()).options({"me"}),
      Make("todo", types::choice()).options({"me"}),
      Make("source", types::text()),
      Make("from", types::instant()),
      Make("to", types::instant()),
      Make("sort", types::choice()).options({"urgent", "due", "newest"}),
      Make("q", types::text()),
      Make("after", types::text()),
      Make("limit", types::integer())};
  if (besides) list.push_back(std::move(*besides));
  return list;
}

Json case_types_shape() {
  return shape::items(shape::object(
      {{"name", shape::text()},
       {"title", shape::title()},
       {"pack", shape::text()},
       {"version", shape::integer()},
       {"initial", shape::text()},
       {"create", shape::form()},
       {"anonymous", shape::boolean()},
       {"fields", shape::map(shape::field())},
       {"states", shape::list(shape::object({{"name", shape::text()},
                                             {"title", shape::title()},
                                             {"stage", shape::text()},
                                             {"final", shape::boolean()},
                                             {"void", shape::boolean()}}))},
       {"transitions", shape::list(shape::object({{"name", shape::text()},
                                                  {"title", shape::title()},
                                                  {"from", shape::list(shape::text())},
                                                  {"to", shape::text()},
                                                  {"form", shape::form()},
                                                  {"comment_required", shape::boolean()},
                                                  {"assigns", shape::boolean()},
                                                  {"extends", shape::boolean()},
                                                  {"merges", shape::boolean()},
                                                  {"sets_class", shape::boolean()},
                                                  {"guard?", shape::title()}}))},
       {"limits", shape::list(shape::object(
                      {{"name", shape::text()}, {"title", shape::title()}, {"main", shape::boolean()}}))},
       {"can_create", shape::boolean()}}));
}

Json limits_shape() {
  return shape::list(shape::object({{"name", shape::text()},
                                    {"main", shape::boolean()},
                                    {"due", shape::instant()},
                                    {"running", shape::boolean()},
                                    {"level", shape::integer()},
                                    {"kind", shape::text()},
                                    {"amount", shape::integer()},
                                    {"basis", shape::instant()},
                                    {"provisional", shape::boolean()},
                                    {"missed", shape::boolean()}}));
}

Json detail_shape() {
  return shape::with(shape::case_row(), {{"limits", limits_shape()},
                                         {"actions", shape::list(shape::text())},
                                         {"pack_set", shape::integer()},
                                         {"can_comment", shape::boolean()},
                                         {"can_reveal", shape::boolean()}});
}

}  // namespace

void add_case_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table
      .read("/api/v1/case-types", "case types with states, transitions and forms (JSON Schema 2020-12)",
            case_types)
      .answers(case_types_shape());
  table.read("/api/v1/case-classes", "classes", classes)
      .answers(shape::items(shape::object({{"type", shape::text()},
                                           {"code", shape::text()},
                                           {"parent", shape::text()},
                                           {"title", shape::title()}})))
      .parameters({Make("type", types::text())});
  table.read("/api/v1/cases", "cases that I may see, by key-paged list with filters", list)
      .answers(shape::page(shape::case_row()))
      .parameters(filter_parameters());
  table
      .read("/api/v1/cases.csv", "the same as CSV, whole or refused with the number (100,000 at most)",
            export_csv)
      .parameters(filter_parameters(Make("language", types::choice()).options({"zh", "en"})))
      .gives_type("text/csv");
  table.read("/api/v1/cases-summary", "open cases by type, state and lamp", summary)
      .answers(shape::items(shape::object({{"type", shape::text()},
                                           {"state", shape::text()},
                                           {"lamp", shape::integer()},
                                           {"count", shape::integer()}})));
  table.sends("POST", "/api/v1/cases", "case.create", create).leaves_out({"due", "signal"}).creating();
  table.read("/api/v1/cases/{id}", "one case with its limits and what I may do", detail)
      .answers(detail_shape());
  table.read("/api/v1/cases/{id}/history", "every fact of a case", history)
      .answers(shape::items(shape::fact(shape::map(shape::any()))));
  table.read("/api/v1/cases/{id}/similar", "open cases nearby of the same class", similar)
      .answers(shape::items(shape::with(shape::case_row(), {{"metres", shape::integer()}})));
  table.sends("POST", "/api/v1/cases/{id}/transitions/{transition}", "case.transition", send_with_fields)
      .leaves_out({"source", "external"})
      .creating();
  table.sends("POST", "/api/v1/cases/{id}/transitions/{transition}/try", "case.transition", try_step)
      .means("what a step would do now, or why it would be refused: nothing of it is done")
      .leaves_out({"source", "external"})
      .answers(shape::object({{"state", shape::text()},
                              {"class", shape::text()},
                              {"unit", shape::unit()},
                              {"responsible", shape::unit()},
                              {"due", shape::nullable(shape::instant())},
                              {"limits", limits_shape()}}))
      .slowly();
  table.sends("POST", "/api/v1/cases/{id}/comments", "case.comment")
      .leaves_out({"source", "external"})
      .creating();
  table.sends("POST", "/api/v1/cases/{id}/reveal", "case.reveal", reveal)
      .answers(shape::object({{"value", shape::text()}, {"position", shape::integer()}}));
  table.sends("POST", "/api/v1/cases/{id}/erase", "case.erase");
  table.sends("POST", "/api/v1/cases-recompute", "case.recompute").creating();
}

}  // namespace qipan::face
