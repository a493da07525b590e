#include "pack/node_json.hpp"

namespace qipan::pack {

Json json_of(const Node& node) {
  switch (node.type) {
    case Node::Type::text:
      return node.text;
    case Node::Type::integer:
      return node.integer;
    case Node::Type::boolean:
      return node.boolean;
    case Node::Type::decimal:
      return Json::Decimal{node.text};
    case Node::Type::array: {
      Json list = Json::array();
      for (const auto& item : node.items) list.push(json_of(item));
      return list;
    }
    case Node::Type::table: {
      Json object = Json::object();
      for (const auto& member : node.members) object.set(member.key, json_of(member.value));
      return object;
    }
    case Node::Type::other:
      break;
  }
  return {};
}

}  // namespace qipan::pack
