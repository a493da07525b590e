#pragma once

#include <vector>

#include "board/command.hpp"
#include "pack/pack.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::cmd {

/// The commands that enter a pack's seed data: data/units.csv, people.csv, classes.csv, and <register>.csv or
/// .geojson for each installed register, whichever pack declares it. Every bad row is noted with file and
/// line. `password_hash`, when not empty, is given to all people (for demonstrations).
[[nodiscard]] std::vector<board::Command> seed_commands(const pack::Pack& pack,
                                                        const registers::Registers& registers,
                                                        const std::string& password_hash,
                                                        pack::Problems& problems);

/// Notes files of data/ whose rows go nowhere: of no register that is there.
void check_seed_files(const pack::Pack& pack, const registers::Registers& registers,
                      pack::Problems& problems);

/// Commands that add the rows of a CSV file to a register, or the features of a GeoJSON one: columns and
/// properties are the register's fields, and x, y (decimal degrees), unit.
[[nodiscard]] std::vector<board::Command> register_rows(const registers::Register& declared,
                                                        const std::string& path, std::string bytes,
                                                        pack::Problems& problems);

/// Then those of data/mandates.csv, which name entries by their keys: what stands there once the others are
/// in.
[[nodiscard]] std::vector<board::Command> mandate_commands(const pack::Pack& pack, Database& database,
                                                           pack::Problems& problems);

}  // namespace qipan::cmd
