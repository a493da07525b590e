#include "cases/queries.hpp"
#include "face/app/collections.hpp"
#include "face/app/routes.hpp"
#include "face/app/shape.hpp"
#include "face/app/sight.hpp"
#include "log/receipt.hpp"

namespace qipan::face {

namespace {

Response checkpoint(Reading& at) {
  const auto& key = at.app.district().signing_key();
  return Response::text(200, log::sign(log::Log::checkpoint(at.reader, key.name), key));
}

Response consistency(Reading& at) {
  const auto from = number_of(at.request.parameter("from"));
  const auto size = log::Log::size(at.reader);
  if (!from || *from < 1 || static_cast<std::uint64_t>(*from) > size) {
    return problem_response({Problem::Kind::invalid, "parameter-unreadable", "from",
                             shortened(at.request.parameter("from")),
                             "a size from 1 to " + std::to_string(size), ""});
  }
  Json proof = Json::array();
  for (const Hash& hash : log::Tree::consistency_proof(at.reader, static_cast<std::uint64_t>(*from), size))
    proof.push(to_base64(view_of(hash)));
  return json_response(Json::object()
                           .set("size1", *from)
                           .set("size2", size)
                           .set("root2", to_base64(view_of(log::Tree::root_at(at.reader, size))))
                           .set("proof", std::move(proof)));
}

/// What a caller may be told of a fact: a report's token gives what its reporter may know of its case, those
/// who may see the case get the office's part, and what is sealed goes to those who may reveal it.
std::optional<log::Audience> share_of(const Reading& at, const log::Log::Found& found) {
  const auto& directory = at.snapshot.directory;
  const auto row = cases::find_case(at.reader, board::Subject::of(found.fact.subject));
  if (!row) {
    const bool may = directory.permit(at.caller.actor, "read", "log", {}).has_value() ||
                     finds(at, board::Subject::of(found.fact.subject));
    // What asks for a right of its own is told by the operator's command alone.
    return may ? std::optional(log::Audience::internal) : std::nullopt;
  }
  const auto token = at.request.parameter("token");
  if (!token.empty() && at.app.district().follow_case(token) == row->id.value) {
    const bool told = found.fact.kind == "case.created" || found.fact.kind == "case.moved";
    return told ? std::optional(log::Audience::party) : std::nullopt;
  }
  if (!cases::is_visible(*row, directory.reach(at.caller.actor, "read", "case"))) return std::nullopt;
  const bool hidden = !Sight(at).hidden(*row).empty();
  const bool reveals =
      directory.permit(at.caller.actor, "reveal", board::resource_of("case", row->type), row->unit)
          .has_value();
  return reveals && !hidden ? log::Audience::sensitive : log::Audience::internal;
}

Response receipt(Reading& at) {
  const auto position = number_of(at.parts[0]);
  const auto found = position ? log::Log::find(at.reader, static_cast<Position>(*position)) : std::nullopt;
  const auto share = found ? share_of(at, *found) : std::nullopt;
  if (!share) {
    return problem_response({Problem::Kind::not_found, "position-unknown", "position", shortened(at.parts[0]),
                             "the position of a fact that you may see", "take it from a case's history"});
  }
  const auto text =
      log::make_receipt(at.reader, found->header.position, at.app.district().signing_key(), *share);
  if (!text) return problem_response(text.error());
  Response response = Response::text(200, *text);
  response.headers.emplace_back(
      "Content-Disposition",
      "attachment; filename=\"receipt-" + std::to_string(found->header.position) + ".tlog-proof\"");
  return response;
}

}  // namespace

void add_log_routes(RouteTable& table) {
  using fields::Make;
  namespace types = fields::types;
  table.read("/api/v1/log/checkpoint", "the log's signed head (C2SP tlog-checkpoint)", checkpoint)
      .gives_type("text/plain");
  table.read("/api/v1/log/consistency", "RFC 6962 consistency proof", consistency)
      .answers(shape::object({{"size1", shape::integer()},
                              {"size2", shape::integer()},
                              {"root2", shape::text()},
                              {"proof", shape::list(shape::text())}}))
      .parameters({Make("from", types::integer())});
  table
      .read("/api/v1/log/receipts/{position}", "a fact's receipt, to be verified without this server",
            receipt)
      .gives_type("text/plain")
      .parameters({Make("token", types::text())});
}

}  // namespace qipan::face
