#pragma once

#include "board/board.hpp"
#include "board/group.hpp"

namespace qipan::board {

/// About how many bytes a command will have in its batch.
[[nodiscard]] std::size_t bytes_of(const log::CommandRecord& command);

/// One command on its way into a group.
class Deciding final : public Decision {
 public:
  /// The command's record is the group's `index`th.
  Deciding(Board& board, Group& group, const Command& command, Instant at, std::size_t index)
      : board_(board), group_(group), command_(command), at_(at), index_(index) {
    noted_before_ = board_.directory_.note_stood_in_for(&stood_in_for_);
  }
  Deciding(const Deciding&) = delete;
  Deciding& operator=(const Deciding&) = delete;
  ~Deciding() override { board_.directory_.note_stood_in_for(noted_before_); }

  [[nodiscard]] const Command& command() const override { return command_; }
  [[nodiscard]] Instant at() const override { return at_; }
  [[nodiscard]] Database& database() override { return board_.database_; }
  [[nodiscard]] const Directory& directory() override { return board_.directory(at_); }
  [[nodiscard]] const std::vector<std::unique_ptr<Engine>>& engines() const override {
    return board_.engines_;
  }
  [[nodiscard]] expr::Value referred(std::string_view subject) override {
    return board_.referred_.values_of(subject, board_.database_, directory(), board_.engines_);
  }
  Position record(std::string_view kind, std::string_view subject, Json body) override;
  Position record_block(std::string_view kind, std::string_view subject, Bytes block) override;
  void answer(Json answer) override { group_.batch.commands[index_].answer = answer.dump(); }

  /// Of its facts, as they are read again.
  [[nodiscard]] const std::vector<Json>& bodies() const { return bodies_; }
  /// Whether all that was recorded can be read back; else the command is refused.
  [[nodiscard]] bool fits() const { return fits_; }

 private:
  Position add(const FactType& type, log::FactRecord fact, Json body);

  Board& board_;
  Group& group_;
  const Command& command_;
  Instant at_;
  std::size_t index_;
  std::vector<Json> bodies_;
  bool fits_ = true;
  std::set<PersonId> stood_in_for_;
  std::set<PersonId>* noted_before_;
};

}  // namespace qipan::board
