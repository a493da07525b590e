#include "face/app/case_json.hpp"
#include "face/app/routes.hpp"
#include "face/app/shapes.hpp"
#include "saved/queries.hpp"

namespace qipan::face {

namespace {

/// Where the caller works, and all above it.
std::vector<UnitId> units_of(const board::Directory& directory, const std::string& actor) {
  std::set<UnitId> found;
  for (const board::Post& post : directory.posts_of(actor)) {
    for (UnitId at = post.unit; at && found.insert(at).second;) {
      const board::Unit* unit = directory.unit(at);
      at = unit == nullptr ? UnitId{} : unit->parent;
    }
  }
  return {found.begin(), found.end()};
}

Response saved_items(Reading& at) {
  const board::Directory& directory = at.snapshot.directory;
  const PersonId person = directory.person_of(at.caller.actor);
  if (!person)
    return problem_response({Problem::Kind::unauthenticated, "login-needed", "", "",
                             "a person or token that is known", "log in"});
  Json items = Json::array();
  for (auto& saved : saved::list(at.reader, person, units_of(directory, at.caller.actor),
                                 at.request.parameter("form"), at.request.parameter("about"))) {
    const bool shares =
        saved.unit && directory.permit(at.caller.actor, "share", "saved", saved.unit).has_value();
    items.push(Json::object()
                   .set("id", saved.id)
                   .set("form", saved.form)
                   .set("about", saved.about)
                   .set("title", saved.title)
                   .set("content", std::move(saved.content))
                   .set("unit", saved.unit ? unit_json(directory, saved.unit) : Json())
                   .set("mine", saved.owner == person)
                   .set("can_change", saved.owner == person || shares));
  }
  return json_response(Json::object().set("items", std::move(items)));
}

}  // namespace

void add_saved_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table
      .read("/api/v1/saved", "lists that I keep, and lists and arranged boards that my units share",
            saved_items)
      .parameters({Make("form", types::choice()).options({"list", "board"}), Make("about", types::text())})
      .answers(shape::items(shape::object({{"id", shape::integer()},
                                           {"form", shape::choice({"list", "board"})},
                                           {"about", shape::text()},
                                           {"title", shape::text()},
                                           {"content", shape::map(shape::any())},
                                           {"unit", shape::nullable(shape::unit())},
                                           {"mine", shape::boolean()},
                                           {"can_change", shape::boolean()}})));
}

}  // namespace qipan::face
