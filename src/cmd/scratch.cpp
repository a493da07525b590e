#include "cmd/scratch.hpp"

#include "board/pack_engine.hpp"
#include "cmd/engines.hpp"
#include "cmd/seeds.hpp"

namespace qipan::cmd {

Scratch::Scratch(Instant start)
    : clock_(start),
      database_(":memory:", {.exclusive = true, .durability = Durability::relaxed}),
      vault_(":memory:", board::VaultKeys(std::string(32, 's')), {}) {
  auto engines = make_engines();
  log::Log::create_tables(database_);
  board::Board::create_tables(database_, engines);
  board_ = std::make_unique<board::Board>(database_, vault_, clock_, std::move(engines), "scratch");
}

void Scratch::install(const pack::Pack& pack, bool seeds, pack::Problems& problems) {
  const auto before = problems.size();
  std::ignore = board::check_pack(pack, board_->engines(), database_, problems);
  if (problems.size() != before) return;
  if (const auto outcome = board::install_packs(*board_, {&pack, 1}); !outcome)
    return void(problems.push_back(outcome.error()));
  if (!seeds) return;
  const registers::Registers registers = registers::load_registers(database_);
  check_seed_files(pack, registers, problems);
  enter(seed_commands(pack, registers, "", problems), pack, problems);
  enter(mandate_commands(pack, database_, problems), pack, problems);
}

void Scratch::enter(std::vector<board::Command> commands, const pack::Pack& pack, pack::Problems& problems) {
  board_->decide(commands, [&](std::size_t index, const board::Outcome& outcome) {
    if (outcome) return;
    Problem problem = outcome.error();
    problem.field = pack.name + "/data, " + commands[index].kind + " " +
                    shortened(commands[index].body.dump(), 120) + " " + problem.field;
    problems.push_back(std::move(problem));
  });
}

}  // namespace qipan::cmd
