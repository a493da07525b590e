#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "board/engine.hpp"

namespace qipan::test {

/// Words for members of bodies by their name, beside what their types say: what names something that is
/// there.
using Words = std::map<std::string, std::vector<Json>>;

/// Commands made from what engines declare: each of their kinds, with bodies that mostly fit their fields.
class DeclaredCommands {
 public:
  DeclaredCommands(const std::vector<std::unique_ptr<board::Engine>>& engines, Words words)
      : words_(std::move(words)) {
    for (const auto& engine : engines)
      for (const board::CommandType& type : engine->commands()) types_.push_back(type);
    // What decides them lives with the engines, which may be gone.
    for (board::CommandType& type : types_) type.run = {};
  }

  [[nodiscard]] const std::vector<board::CommandType>& types() const { return types_; }

  /// `token` stands wherever a text may say anything.
  [[nodiscard]] board::Command make(std::mt19937_64& random, const std::string& token) const {
    const board::CommandType& type = types_[random() % types_.size()];
    board::Command command;
    command.kind = type.kind;
    command.actor = type.sender == board::Sender::house ? "system:test/declared" : "operator";
    if (random() % 8 == 0) command.actor = "anonymous";
    if (random() % 8 == 0) command.actor = "mandate:1";
    for (const fields::Field& field : type.body) {
      if (!field.required && random() % 2 == 0) continue;
      if (random() % 40 == 0) continue;
      if (field.personal()) {
        command.personal.push_back({field.name, "somebody's " + field.name});
      } else {
        command.body.set(field.name, value_of(field, random, token));
      }
    }
    return command;
  }

 private:
  Json value_of(const fields::Field& field, std::mt19937_64& random, const std::string& token) const {
    if (random() % 60 == 0) return Json(-1);  // of no type that says what it is
    const auto known = words_.find(field.name);
    if (known != words_.end()) return known->second[random() % known->second.size()];
    const std::string_view type = field.type->name();
    if (type == "integer") return static_cast<std::int64_t>(1 + random() % 12);
    if (type == "boolean") return random() % 2 == 0;
    if (type == "choice") return field.options[random() % field.options.size()].value;
    if (type == "instant") return "2026-03-02T10:00:00+08:00";
    if (type == "email") return "somebody@example.org";
    if (type == "object") return Json::object();
    if (type == "list") return Json::array();
    return field.low > 60 ? Json(to_hex(view_of(sha256(token)))) : Json(token);
  }

  Words words_;
  std::vector<board::CommandType> types_;
};

}  // namespace qipan::test
