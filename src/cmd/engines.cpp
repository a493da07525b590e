#include "cmd/engines.hpp"

#include "board/pack_engine.hpp"
#include "cases/cases_engine.hpp"
#include "notices/notices_engine.hpp"
#include "registers/registers_engine.hpp"
#include "rules/decision_model.hpp"
#include "saved/saved_engine.hpp"
#include "sensing/sensing_engine.hpp"
#include "units/units_engine.hpp"

namespace qipan::cmd {

expr::ModelLoader model_loader() {
  return rules::load_decisions;
}

std::vector<std::unique_ptr<board::Engine>> make_engines() {
  std::vector<std::unique_ptr<board::Engine>> engines;
  engines.push_back(std::make_unique<board::IdentityEngine>());
  engines.push_back(std::make_unique<board::PackEngine>());
  engines.push_back(std::make_unique<units::UnitsEngine>());
  engines.push_back(std::make_unique<registers::RegistersEngine>());
  engines.push_back(std::make_unique<sensing::SensingEngine>());
  engines.push_back(std::make_unique<cases::CasesEngine>(model_loader()));
  engines.push_back(std::make_unique<notices::NoticesEngine>());
  engines.push_back(std::make_unique<saved::SavedEngine>());
  return engines;
}

}  // namespace qipan::cmd
