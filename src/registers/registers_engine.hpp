#pragma once

#include "board/engine.hpp"
#include "registers/queries.hpp"

namespace qipan::registers {

/// Registers as the tables have them, read again only where they say otherwise than before.
class FoldedRegisters {
 public:
  [[nodiscard]] const Register& of(Database& database, std::string_view name);

 private:
  struct Known {
    std::string body;
    Register declared;
  };
  std::map<std::string, Known, std::less<>> all_;
};

/// Typed tables with history. A pack's new version
/// adds tables, fields and indexes; nothing is dropped or retyped.
class RegistersEngine final : public board::Engine {
 public:
  [[nodiscard]] std::string_view name() const override { return "register"; }
  [[nodiscard]] int fold_version() const override { return 10; }
  void create_tables(Database& database) const override;
  [[nodiscard]] bool folds(std::string_view kind) const override;
  [[nodiscard]] const std::vector<board::CommandType>& commands() const override { return commands_; }
  [[nodiscard]] const std::vector<board::FactType>& facts() const override;
  void fold(const board::Fact& fact, board::View& view) override;
  void check_pack(board::PackCheck& check) override;
  [[nodiscard]] std::vector<std::string> referred_kinds(const Json& steps) const override;
  [[nodiscard]] std::vector<std::string> declared_kinds(Database& database, const Json& steps) const override;
  [[nodiscard]] const log::FieldShares* shares_of(std::string_view subject_kind) const override;
  void named(const board::Command& command, Database& database,
             std::vector<std::string>& subjects) const override;
  void name_beside(Database& database, board::Beside& beside) const override;
  [[nodiscard]] std::vector<query::Collection> collections(Database& reader) const override;
  void reload(Database& database) override;

 private:
  std::vector<board::CommandType> declare();
  Result<const Register*> register_of(const board::Decision& decision) const;
  std::map<std::string, Register, std::less<>> registers_;
  std::map<std::string, log::FieldShares, std::less<>> shares_;
  FoldedRegisters folded_;
  std::vector<board::CommandType> commands_ = declare();
};

}  // namespace qipan::registers
