#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/verbs.hpp"

namespace qipan::cmd {

namespace {

/// What each epoch of the vault wraps, and since when it is there.
void tell(board::Vault& vault, std::size_t destroyed, Output& output) {
  Json epochs = Json::array();
  std::string lines;
  for (const auto& [number, values] : vault.counts()) {
    const auto known = vault.keys().epochs().find(number);
    const bool here = known != vault.keys().epochs().end();
    Json epoch = Json::object();
    epoch.set("epoch", number).set("values", values);
    epoch.set("made", here ? Json(format_instant(known->second.made)) : Json());
    epochs.push(std::move(epoch));
    lines += "epoch " + std::to_string(number) + ": " + std::to_string(values) + " values, " +
             (here ? "key of " + format_instant(known->second.made) : std::string("its key is not here")) +
             "\n";
  }
  output.result(Json::object()
                    .set("epochs", std::move(epochs))
                    .set("erased", static_cast<std::int64_t>(vault.keys().erased().size()))
                    .set("destroyed", static_cast<std::int64_t>(destroyed)),
                lines + std::to_string(vault.keys().erased().size()) +
                    " values are on the list of what was erased" +
                    (destroyed > 0 ? "; " + std::to_string(destroyed) + " keys were destroyed" : ""));
}

}  // namespace

int run_keys(const KeysOptions& options) {
  Output output(options.json);
  auto opened = board::District::open(options.data, make_engines);
  if (!opened) return output.problem(opened.error());
  board::District& district = **opened;
  board::Vault& vault = district.vault();
  if (options.turn) {
    if (const auto turned = vault.turn(district.clock().now()); !turned)
      return output.problem(turned.error());
  }
  constexpr std::size_t step = 1'000;
  for (std::size_t wrapped = step; (options.turn || options.ended_days) && vault.rewrap(step);
       wrapped += step)
    output.progress("wrapped anew: " + std::to_string(wrapped));
  std::size_t destroyed = 0;
  if (options.ended_days) {
    const auto gone = vault.destroy_ended(district.clock().now(), *options.ended_days * microseconds_per_day);
    if (!gone) return output.problem(gone.error());
    destroyed = *gone;
  }
  tell(vault, destroyed, output);
  return exit_done;
}

}  // namespace qipan::cmd
