#pragma once

#include <map>
#include <optional>

#include "board/engine.hpp"
#include "registers/declaration.hpp"

namespace qipan::registers {

/// Typed tables with history. Commands: register.add, register.change, register.retire. A pack's new version
/// adds tables, fields and indexes; nothing is dropped or retyped.
class RegistersEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "register"; }
  [[nodiscard]] int fold_version() const override { return 5; }
  void create_tables(Database& database) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override { return commands_; }
  [[nodiscard]] const std::vector<board::FactType>& facts() const override;
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(board::PackCheck& check) override;
  [[nodiscard]] std::vector<std::string> referred_kinds(const Json& steps) const override;
  [[nodiscard]] std::vector<std::string> declared_kinds(Database& database, const Json& steps) const override;
  [[nodiscard]] const log::FieldShares* shares_of(std::string_view subject_kind) const override;
  void reload(Database& database) override;

 private:
  std::vector<board::CommandType> declare();
  Result<const Register*> register_of(const board::Decision& decision) const;
  std::map<std::string, Register, std::less<>> registers_;
  std::map<std::string, log::FieldShares, std::less<>> shares_;
  std::vector<board::CommandType> commands_ = declare();
};

/// All registers that packs declared, by name.
using Registers = std::map<std::string, Register, std::less<>>;
[[nodiscard]] Registers load_registers(Database& database);
/// One of them, without reading the others.
[[nodiscard]] std::optional<Register> find_register(Database& database, std::string_view name);

}  // namespace qipan::registers
