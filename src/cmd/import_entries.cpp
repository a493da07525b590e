#include <filesystem>

#include "base/crypto.hpp"
#include "base/file.hpp"
#include "cmd/engines.hpp"
#include "cmd/output.hpp"
#include "cmd/told_rows.hpp"
#include "cmd/verbs.hpp"
#include "registers/import.hpp"
#include "registers/kept_matches.hpp"
#include "registers/registers_engine.hpp"

namespace qipan::cmd {

namespace {

using registers::Import;
using registers::ImportFigures;
using registers::KeptMatches;

/// So many bad rows are told one by one; all of them stand in the file.
constexpr std::size_t problems_max = 1'000;

Result<std::map<std::string, std::string>> matches_said(const std::vector<std::string>& said) {
  std::map<std::string, std::string> match;
  for (const std::string& one : said) {
    const auto sign = one.rfind('=');
    if (sign == std::string::npos)
      return invalid("match-unfit", "--match", one, "COLUMN=FIELD, or COLUMN= to leave it out");
    match[one.substr(0, sign)] = one.substr(sign + 1);
  }
  return match;
}

std::string figures_text(const ImportFigures& figures) {
  std::string text = std::to_string(figures.rows) + " rows: " + std::to_string(figures.added) + " added";
  if (figures.changed > 0) text += ", " + std::to_string(figures.changed) + " changed";
  if (figures.same > 0) text += ", " + std::to_string(figures.same) + " said nothing new";
  if (figures.bad > 0) text += ", " + std::to_string(figures.bad) + " bad";
  return text;
}

/// One import from the command line.
class ImportRun {
 public:
  ImportRun(const ImportEntriesOptions& options, Output& output) : options_(options), output_(output) {}

  int run(board::Board& board, const registers::Register& declared) {
    auto import = ask(declared);
    if (!import) return output_.problem(import.error());
    const auto progress = [&](const char* what) {
      return [this, what](std::int64_t rows) {
        output_.progress(std::to_string(rows) + " rows " + what);
        return true;
      };
    };
    const Import::Tell tell = [this](const std::string& called, const Problem& problem) {
      note(called, problem);
    };
    board::BoardDecider decider(board);
    const auto looked = import->look(decider, tell, progress("looked at"));
    if (!looked) return output_.problem(looked.error());
    if (options_.preview) return end("", *looked, "would be ");
    if (looked->bad > 0 && !options_.only_good) return end("", *looked, "nothing was entered: ");
    const std::string id = to_hex(random_bytes(6));
    // Told before anything is entered: whatever ends it, what was entered can be taken back.
    const std::string note_path = options_.data + "/imports/" + id + ".import.json";
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(note_path).parent_path(), ignored);
    const Json begun = Json::object()
                           .set("import", id)
                           .set("register", declared.name)
                           .set("file", options_.file)
                           .set("actor", "operator");
    if (const auto kept = write_file(note_path, begun.dump() + "\n", 0600); !kept)
      return output_.problem(kept.error());
    if (!output_.json()) output_.line("import " + id + " begins");
    const auto entered = import->enter(decider, id, tell, progress("entered"));
    if (!entered || entered->stopped) {
      output_.line("import " + id + " ended early: `qipan import undo " + id +
                   "` takes back what was entered");
      return output_.problem(entered ? *entered->stopped : entered.error());
    }
    if (entered->added + entered->changed > 0)
      KeptMatches(options_.data + "/imports", declared.name).keep(import->header(), matched_);
    return end(id, *entered, "");
  }

 private:
  Result<Import> ask(const registers::Register& declared) {
    QIPAN_TRY(match, matches_said(options_.match));
    const auto system = geo::coordinate_system_called(options_.crs);
    if (!system) return invalid("crs-unknown", "--crs", options_.crs, "wgs84, cgcs2000, gcj02 or bd09");
    registers::ImportAsked asked{.path = options_.file,
                                 .sheet = options_.sheet,
                                 .match = match,
                                 .system = *system,
                                 .change_known = options_.change_known};
    const KeptMatches kept(options_.data + "/imports", declared.name);
    QIPAN_TRY(rows, tables::open_rows(asked.path, asked.sheet));
    if (match.empty() && !options_.forget_matches) asked.match = kept.of(rows->header());
    if (match.empty() && !asked.match.empty() && !output_.json())
      output_.line("columns are matched as they were before; --match says otherwise");
    matched_ = asked.match;
    QIPAN_TRY(import, Import::ask(declared, asked));
    if (!import.encoding().empty() && !output_.json())
      output_.line("read as " + import.encoding() + ": the file is no UTF-8");
    for (std::size_t at = 0; at < import.header().size(); ++at) {
      if (!import.matching().targets[at].empty()) continue;
      left_out_.push(import.header()[at]);
      if (!output_.json()) output_.line("left out: the column " + import.header()[at]);
    }
    return import;
  }

  void note(const std::string& called, const Problem& problem) {
    const auto space = called.find(' ');
    const int number = std::atoi(called.c_str() + (space == std::string::npos ? 0 : space + 1));
    told_.tell(options_.file, number, problem.field, problem.value, "bad",
               problem.code + ": " + problem.rule);
    if (problems_.size() >= problems_max) return;
    problems_.push_back(problem);
    problems_.back().field = options_.file + " " + called + " " + problem.field;
  }

  int end(const std::string& id, const ImportFigures& figures, const std::string& before) {
    const std::string path = options_.told.empty() ? told_path(options_.data, options_.file) : options_.told;
    if (const auto written = told_.write(path); !written) return output_.problem(written.error());
    const bool refused = figures.bad > 0 && (id.empty() || !options_.only_good);
    if (refused) {
      output_.line(before + figures_text(figures) + "; every bad row is in " + path +
                   (id.empty() ? "" : "; `qipan import undo " + id + "` takes back what was entered"));
      return output_.problems(problems_);
    }
    Json match = Json::object();
    for (const auto& [column, target] : matched_) match.set(column, target);
    Json json = registers::to_json(figures).set("register", options_.register_name);
    json.set("match", std::move(match)).set("left_out", left_out_);
    std::string text = before + figures_text(figures);
    if (!id.empty()) {
      json.set("import", id);
      text += "; import " + id + ", which `qipan import undo " + id + "` takes back";
    }
    if (figures.bad > 0) {
      json.set("told", path);
      text += "; every bad row is in " + path;
    }
    output_.result(json, text);
    return exit_done;
  }

  const ImportEntriesOptions& options_;
  Output& output_;
  std::map<std::string, std::string> matched_;
  Json left_out_ = Json::array();
  ToldRows told_;
  pack::Problems problems_;
};

}  // namespace

int run_import_entries(const ImportEntriesOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  auto& board = (*district)->board();
  const auto declared = registers::find_register(board.database(), options.register_name);
  if (!declared) {
    return output.problem({Problem::Kind::not_found, "register-unknown", "register", options.register_name,
                           "a register of an installed pack", ""});
  }
  return ImportRun(options, output).run(board, *declared);
}

int run_undo_import(const UndoImportOptions& options) {
  Output output(options.json);
  auto district = board::District::open(options.data, make_engines);
  if (!district) return output.problem(district.error());
  pack::Problems problems;
  const auto tell = [&](const std::string& called, const Problem& problem) {
    if (problems.size() >= problems_max) return;
    problems.push_back(problem);
    problems.back().field = called + " " + problem.field;
  };
  board::BoardDecider decider((*district)->board());
  const auto undone = registers::undo_import(decider, options.id, "operator", tell, {});
  if (!undone) return output.problem(undone.error());
  if (undone->stopped) return output.problem(*undone->stopped);
  const std::string text = std::to_string(undone->added) + " entries retired, " +
                           std::to_string(undone->changed) + " changed back, " + std::to_string(undone->bad) +
                           " left as they are";
  if (!problems.empty()) {
    output.line(text);
    return output.problems(problems);
  }
  output.result(registers::undone_to_json(*undone), text);
  return exit_done;
}

}  // namespace qipan::cmd
