#include "board/pack_engine.hpp"
#include "cases/replay.hpp"
#include "face/app/case_json.hpp"
#include "face/app/parameters.hpp"
#include "face/app/rule_files.hpp"
#include "face/app/rule_shapes.hpp"
#include "rules/decision_model.hpp"
#include "rules/description.hpp"
#include "rules/review.hpp"

namespace qipan::face {

namespace {

constexpr std::uint64_t replay_facts = 20'000;

Result<void> may(const Reading& at, std::string_view action) {
  return at.snapshot.directory.permit(at.caller.actor, action, "rules", {});
}

/// Models of a pack by path, with the decisions that may be asked; what does not compile says why.
Json models_json(const expr::PackFiles& files) {
  Json models = Json::array();
  for (const auto& [path, bytes] : files) {
    if (!path.ends_with(".dmn") || !pack::is_rule_file(path)) continue;
    Json one = Json::object();
    one.set("path", path).set("decisions", Json::array()).set("description", Json());
    if (auto described = rules::describe(path, bytes)) one.set("description", std::move(*described));
    const auto model = rules::load_decisions(files, path);
    if (!model) {
      models.push(std::move(one.set("problems", problems_json({model.error()}))));
      continue;
    }
    Json decisions = Json::array();
    for (const std::string& name : (*model)->decisions()) {
      Json inputs = Json::array();
      for (const std::string& input : (*model)->inputs(name)) inputs.push(input);
      Json outputs = Json::array();
      for (const std::string& output : (*model)->outputs(name)) outputs.push(output);
      decisions.push(Json::object()
                         .set("name", name)
                         .set("inputs", std::move(inputs))
                         .set("outputs", std::move(outputs)));
    }
    models.push(std::move(
        one.set("decisions", std::move(decisions)).set("problems", problems_json((*model)->problems()))));
  }
  return models;
}

Json files_json(const expr::PackFiles& files) {
  Json list = Json::object();
  for (const auto& [path, bytes] : files) {
    if (pack::is_rule_file(path)) list.set(path, bytes);
  }
  return list;
}

Response packs(Reading& at) {
  if (const auto allowed = may(at, "read"); !allowed) return problem_response(allowed.error());
  Json items = Json::array();
  for (const auto& installed : board::installed_packs(at.reader)) {
    const auto rules = rules_in_force(at.reader, installed.name);
    if (!rules) return problem_response(rules.error());
    Json paths = Json::array();
    for (const auto& [path, bytes] : rules->files) {
      if (pack::is_rule_file(path)) paths.push(path);
    }
    if (paths.items().empty()) continue;
    Json one = Json::object();
    one.set("name", installed.name).set("version", installed.version);
    one.set("title_zh", installed.title.zh).set("title_en", installed.title.en);
    items.push(std::move(one.set("at", format_instant(installed.at)).set("files", std::move(paths))));
  }
  Json answer = Json::object();
  answer.set("items", std::move(items)).set("may_draft", may(at, "draft").has_value());
  return json_response(answer.set("may_publish", may(at, "publish").has_value()));
}

Response in_force(Reading& at) {
  if (const auto allowed = may(at, "read"); !allowed) return problem_response(allowed.error());
  auto rules = rules_in_force(at.reader, at.parts[0]);
  if (!rules) return problem_response(rules.error());
  const auto version_asked = number_parameter(at, "version", rules->version, INT64_MAX, 1);
  if (!version_asked) return problem_response(version_asked.error());
  if (*version_asked != rules->version) {
    auto older = board::load_pack(at.reader, rules->pack, *version_asked);
    if (!older)
      return problem_response({Problem::Kind::not_found, "version-unknown", "version",
                               std::to_string(*version_asked), "a version that was installed", ""});
    rules->version = *version_asked;
    rules->files = std::move(older->files);
  }
  Json versions = Json::array();
  for (const auto& version : board::pack_versions(at.reader, rules->pack)) {
    Json one = Json::object();
    one.set("version", version.version).set("at", format_instant(version.at));
    one.set("by", actor_json(at.reader, version.by)).set("comment", version.comment);
    versions.push(std::move(one.set("draft", version.draft == 0 ? Json() : Json(version.draft))));
  }
  Json json = Json::object();
  json.set("name", rules->pack).set("version", rules->version).set("files", files_json(rules->files));
  return json_response(json.set("models", models_json(rules->files)).set("versions", std::move(versions)));
}

Json draft_json(Database& reader, const board::PackDraft& draft) {
  Json json = Json::object();
  json.set("id", draft.id).set("pack", draft.pack).set("base", draft.base).set("revision", draft.revision);
  json.set("title", draft.title).set("state", draft.state);
  json.set("created", format_instant(draft.created)).set("created_by", actor_json(reader, draft.created_by));
  json.set("saved", format_instant(draft.saved)).set("saved_by", actor_json(reader, draft.saved_by));
  if (draft.state == "open") return json;
  json.set("comment", draft.comment).set("ended_by", actor_json(reader, draft.ended_by));
  return draft.version > 0 ? json.set("version", draft.version) : json;
}

Response drafts(Reading& at) {
  if (const auto allowed = may(at, "read"); !allowed) return problem_response(allowed.error());
  const auto limit = limit_parameter(at, 50, 200);
  const auto before = number_parameter(at, "before", 0, INT64_MAX);
  const auto open = flag_parameter(at, "open");
  if (!limit) return problem_response(limit.error());
  if (!before) return problem_response(before.error());
  if (!open) return problem_response(open.error());
  auto rows = board::list_drafts(at.reader, std::string(at.request.parameter("pack")), open->value_or(false),
                                 *before, *limit + 1);
  const bool more = static_cast<std::int64_t>(rows.size()) > *limit;
  if (more) rows.pop_back();
  Json items = Json::array();
  for (const auto& row : rows) items.push(draft_json(at.reader, row));
  return json_response(Json::object()
                           .set("items", std::move(items))
                           .set("next", more ? Json(std::to_string(rows.back().id)) : Json()));
}

Response draft(Reading& at) {
  if (const auto allowed = may(at, "read"); !allowed) return problem_response(allowed.error());
  const auto rules = rules_of_draft(at.reader, number_of(at.parts[0]).value_or(0));
  if (!rules) return problem_response(rules.error());
  Json json = draft_json(at.reader, *rules->draft);
  json.set("in_force", rules->version).set("files", files_json(rules->files));
  json.set("before", files_json(rules->in_force)).set("models", models_json(rules->files));
  return json_response(json);
}

/// What a request's body asks about: a draft, a pack, or a pack with changes that are not saved yet. To have
/// rules run that one wrote takes the right to write them.
Result<RuleFiles> asked_rules(Reading& at, Json& body) {
  QIPAN_CHECK(may(at, "read"));
  QIPAN_TRY(json, json_body(at.request));
  body = std::move(json);
  if (body.has("draft") && !body.has("files")) return rules_of_draft(at.reader, body.integer_or("draft", 0));
  QIPAN_TRY(rules, rules_in_force(at.reader, body.text_or("pack", "")));
  if (body.has("files")) {
    QIPAN_CHECK(may(at, "draft"));
    QIPAN_TRY(changes, board::draft_files_of(body["files"]));
    rules.files = board::laid_over(std::move(rules.files), changes);
  }
  return rules;
}

Response review(Reading& at) {
  Json body;
  const auto rules = asked_rules(at, body);
  if (!rules) return problem_response(rules.error());
  rules::Review said = rules::review(rules->files);
  for (Problem& problem : unknown_codes(at.reader, at.snapshot.directory, at.app.loader(), *rules))
    said.problems.push_back(std::move(problem));
  Json tests = Json::array();
  for (const auto& test : said.tests) {
    Json one = Json::object();
    one.set("place", test.place).set("about", test.about).set("decision", test.decision);
    tests.push(std::move(one.set("passed", test.passed)));
  }
  Json json = Json::object();
  json.set("pack", rules->pack).set("version", rules->version);
  json.set("problems", problems_json(said.problems)).set("notes", problems_json(said.notes));
  json.set("tests", std::move(tests)).set("models", models_json(rules->files));
  return json_response(json.set("changes", rules::changed_files(rules->in_force, rules->files)));
}

Response decide(Reading& at) {
  Json body;
  const auto rules = asked_rules(at, body);
  if (!rules) return problem_response(rules.error());
  const auto model = rules::load_decisions(rules->files, body.text_or("path", ""));
  if (!model) return problem_response(model.error());
  const auto day = body.has("day") ? parse_day(body.text_or("day", ""))
                                   : Result<Day>(china_day_of(at.app.district().clock().now()));
  if (!day) return problem_response(day.error());
  const std::string decision = body.text_or("decision", "");
  const Json& input = body["input"];
  if (!input.is_object())
    return problem_response(
        {Problem::Kind::invalid, "decide-input", "input", "", "an object of the inputs by name", ""});
  if (const auto known = (*model)->check_inputs(input); !known) return problem_response(known.error());
  const auto explained = (*model)->explain(decision, input, *day);
  return explained ? json_response(*explained) : problem_response(explained.error());
}

/// Of the case types that ask this decision of this file, as they are now.
std::set<std::string> types_that_ask(const Snapshot& snapshot, const RuleFiles& rules,
                                     const std::string& path, const std::string& decision) {
  std::set<std::string> types;
  for (const cases::CaseType* type : snapshot.catalogue->all_newest()) {
    for (const auto& [name, rule] : type->rules()) {
      if (type->pack == rules.pack && rule->path == path && rule->decision == decision)
        types.insert(type->name);
    }
  }
  return types;
}

/// A part of the log at a time, so that a page shows how far it is and may stop: the next part begins at
/// `next`.
Response replay(Reading& at) {
  Json body;
  const auto rules = asked_rules(at, body);
  if (!rules) return problem_response(rules.error());
  // What came out may tell of cases: for those who may read all of them.
  if (const auto all = at.snapshot.directory.permit(at.caller.actor, "read", "case", {}); !all)
    return problem_response(all.error());
  const std::string path = body.text_or("path", "");
  const auto model = rules::load_decisions(rules->files, path);
  if (!model) return problem_response(model.error());
  cases::ReplayQuestion question;
  question.model = model->get();
  question.decision = body.text_or("decision", "");
  question.types = types_that_ask(at.snapshot, *rules, path, question.decision);
  // Inputs are told by what a model makes of them.
  for (const std::string& type : question.types) {
    const log::FieldShares* shares = at.snapshot.catalogue->shares_of(type);
    if (shares == nullptr || shares->sensitive.empty()) continue;
    const auto sees =
        at.snapshot.directory.permit(at.caller.actor, "read_sensitive", board::resource_of("case", type), {});
    if (!sees) return problem_response(sees.error());
  }
  const std::int64_t from = body.integer_or("from", 0);
  const auto size = log::Log::size(at.reader);
  Json json = Json::object();
  json.set("size", size).set("asked", !question.types.empty());
  if (from < 0 || static_cast<std::uint64_t>(from) > size)
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "from", std::to_string(from),
                             "a position of the log", "begin at 0"});
  question.from = static_cast<Position>(from);
  question.facts_max = replay_facts;
  // No case type asks it, so nothing was ever decided by it.
  const auto said = question.types.empty() ? Result<cases::Replay>(cases::Replay{})
                                           : cases::replay(at.reader, at.snapshot.directory, question);
  if (!said) return problem_response(said.error());
  Json changes = Json::array();
  for (const auto& [change, count] : said->changes) {
    const auto before = parse_json(change.before);
    const auto after = parse_json(change.after);
    Json one = Json::object();
    one.set("before", before ? *before : Json(change.before))
        .set("after", after ? *after : Json(change.after));
    one.set("class", change.case_class).set("unit", change.unit).set("count", count.count);
    changes.push(std::move(one.set("first", count.first)));
  }
  const bool ended = question.types.empty() || said->ended;
  json.set("compared", said->compared).set("changed", said->changed).set("other_models", said->other_models);
  json.set("next", ended ? Json() : Json(said->next));
  return json_response(json.set("changes", std::move(changes)));
}

}  // namespace

namespace {

/// Rules as a request means them: a pack's in force or a draft's, with files laid over them.
std::vector<fields::Field> rules_meant(std::vector<fields::Field> besides = {}) {
  using fields::Make;
  namespace types = fields::types;
  besides.push_back(Make("pack", types::text()));
  besides.push_back(Make("draft", types::integer()));
  besides.push_back(Make("files", types::object()).means("path and text; null takes a file away"));
  return besides;
}

std::vector<fields::Field> decision_meant(std::vector<fields::Field> besides) {
  using fields::Make;
  namespace types = fields::types;
  besides.push_back(Make("path", types::text()).required().means("of the file with the model"));
  besides.push_back(Make("decision", types::text()).required());
  return rules_meant(std::move(besides));
}

Json draft_shape() {
  return shape::object({{"id", shape::integer()},
                        {"pack", shape::text()},
                        {"base", shape::integer()},
                        {"revision", shape::integer()},
                        {"title", shape::text()},
                        {"state", shape::text()},
                        {"created", shape::instant()},
                        {"created_by", shape::actor()},
                        {"saved", shape::instant()},
                        {"saved_by", shape::actor()},
                        {"comment?", shape::text()},
                        {"ended_by?", shape::actor()},
                        {"version?", shape::integer()}});
}

Json review_shape() {
  return shape::object({{"pack", shape::text()},
                        {"version", shape::integer()},
                        {"problems", shape::pack_problems()},
                        {"notes", shape::pack_problems()},
                        {"tests", shape::list(shape::object({{"place", shape::text()},
                                                             {"about", shape::text()},
                                                             {"decision", shape::text()},
                                                             {"passed", shape::boolean()}}))},
                        {"models", shape::models()},
                        {"changes", shape::file_changes()}});
}

Json replay_shape() {
  return shape::object({{"size", shape::integer()},
                        {"asked", shape::boolean()},
                        {"compared", shape::integer()},
                        {"changed", shape::integer()},
                        {"other_models", shape::integer()},
                        {"next", shape::nullable(shape::integer())},
                        {"changes", shape::list(shape::object({{"before", shape::any()},
                                                               {"after", shape::any()},
                                                               {"class", shape::text()},
                                                               {"unit", shape::text()},
                                                               {"count", shape::integer()},
                                                               {"first", shape::text()}}))}});
}

}  // namespace

void add_rule_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/rules", "packs with rules, and whether I may draft or publish", packs)
      .answers(shape::object({{"items", shape::list(shape::titled({{"name", shape::text()},
                                                                   {"version", shape::integer()},
                                                                   {"at", shape::instant()},
                                                                   {"files", shape::list(shape::text())}}))},
                              {"may_draft", shape::boolean()},
                              {"may_publish", shape::boolean()}}));
  table.read("/api/v1/rules/{pack}", "a pack's rules in force, or as they were in", in_force)
      .answers(shape::object(
          {{"name", shape::text()},
           {"version", shape::integer()},
           {"files", shape::map(shape::text())},
           {"models", shape::models()},
           {"versions", shape::list(shape::object({{"version", shape::integer()},
                                                   {"at", shape::instant()},
                                                   {"by", shape::actor()},
                                                   {"comment", shape::text()},
                                                   {"draft", shape::nullable(shape::integer())}}))}}))
      .parameters({Make("version", types::integer())});
  table.read("/api/v1/rule-drafts", "drafts of rules, newest first", drafts)
      .answers(shape::page(draft_shape()))
      .parameters({Make("pack", types::text()), Make("open", types::boolean()),
                   Make("before", types::integer()), Make("limit", types::integer())});
  table.read("/api/v1/rule-drafts/{draft}", "a draft: its files, those in force, its models", draft)
      .answers(shape::with(draft_shape(), {{"in_force", shape::integer()},
                                           {"files", shape::map(shape::text())},
                                           {"before", shape::map(shape::text())},
                                           {"models", shape::models()}}));
  table
      .post_read("/api/v1/rule-reviews",
                 "what can be said of rules before they are in force: problems, tests, gaps and overlaps, "
                 "differences",
                 review)
      .asks(rules_meant())
      .answers(review_shape());
  table.post_read("/api/v1/rule-trials", "one decision, explained; nothing is kept", decide)
      .asks(decision_meant({Make("day", types::date()), Make("input", types::object())}))
      .answers(shape::explained());
  table.post_read("/api/v1/rule-replays", "past decisions decided again, a part of the log at a time", replay)
      .asks(decision_meant({Make("from", types::integer()).means("position of the log")}))
      .answers(replay_shape());
}

}  // namespace qipan::face
