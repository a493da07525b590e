#include "face/app/imports.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>

#include "base/crypto.hpp"
#include "base/fault_log.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "board/decider.hpp"
#include "pack/csv.hpp"
#include "registers/kept_matches.hpp"

namespace qipan::face {

namespace {

using State = ImportStatus::State;
using registers::Import;
using registers::ImportFigures;

constexpr std::array<std::string_view, 10> state_names = {"looking",  "unmatched", "unreadable", "looked",
                                                          "entering", "entered",   "stopped",    "undoing",
                                                          "undone",   "forgotten"};

bool works(State state) {
  return state == State::looking || state == State::entering || state == State::undoing;
}
/// Has its file still, and nothing entered.
bool is_open(State state) {
  return state == State::looking || state == State::unmatched || state == State::unreadable ||
         state == State::looked;
}

Problem not_now(const ImportStatus& status, std::string rule) {
  return {Problem::Kind::conflict, "import-state",      "state", std::string(name_of(status.state)),
          std::move(rule),         "look how far it is"};
}

/// Where the file lies is nobody's business who reads of it.
Problem without_path(Problem problem, const std::string& path, const std::string& called) {
  for (std::string* text : {&problem.field, &problem.value, &problem.rule})
    for (std::size_t at = text->find(path); !path.empty() && at != std::string::npos;
         at = text->find(path, at + called.size()))
      text->replace(at, path.size(), called);
  return problem;
}

/// What goes wrong is told row by row: the first ones in the status, all of them in a file, as far as that
/// goes.
class Faults {
 public:
  Faults(Spool& spool, std::string path, std::string called)
      : path_(std::move(path)), called_(std::move(called)) {
    if (auto opened = spool.open()) file_ = std::move(*opened);
    write("row,column,value,code,expected,remedy\r\n");
  }
  void tell(const std::string& row, const Problem& told) {
    const Problem problem = without_path(told, path_, called_);
    ++count_;
    if (first_.size() < ImportStatus::faults_shown) first_.push_back({row, problem});
    std::string line = pack::csv_cell(row);
    for (const std::string* cell :
         {&problem.field, &problem.value, &problem.code, &problem.rule, &problem.remedy})
      line += "," + pack::csv_cell(*cell);
    written_ += line.size();
    if (written_ <= Imports::faults_bytes_max) {
      write(line + "\r\n");
    } else if (written_ - line.size() <= Imports::faults_bytes_max) {
      write("…,,,,,\r\n");  // the number of all stands in the status
    }
  }
  void give(ImportStatus& status) {
    status.faults = first_;
    status.faults_count = count_;
    if (count_ > 0 && file_ && whole_ && file_->ready()) status.faults_file = file_;
  }

 private:
  void write(const std::string& text) { whole_ = whole_ && file_ && file_->write(text); }
  std::string path_;
  std::string called_;
  std::uint64_t written_ = 0;
  std::shared_ptr<Spooled> file_;
  bool whole_ = true;  // all that was told is in it
  std::vector<ImportStatus::Fault> first_;
  std::int64_t count_ = 0;
};

}  // namespace

std::string_view name_of(State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

struct Imports::Job {
  ImportStatus status;  // by the mutex of all
  bool stop = false;    // likewise
  // Of who works on it, one at a time.
  registers::Register declared;
  std::string path;
  std::optional<Import> import;
  ~Job() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove(path, ignored);
  }
};

/// Once an hour, whether anybody asks or not.
struct Imports::Sweep {
  explicit Sweep(boost::asio::thread_pool& pool) : timer(pool) {}
  boost::asio::steady_timer timer;
};

Imports::Imports(App& app)
    : app_(app),
      folder_(app.district().folder() + "/imports"),
      pool_(std::make_unique<boost::asio::thread_pool>(1)),
      sweep_(std::make_unique<Sweep>(*pool_)) {
  read_notes();
  sweep_hourly();
}

void Imports::sweep_hourly() {
  sweep_->timer.expires_after(std::chrono::hours(1));
  sweep_->timer.async_wait([this](const boost::system::error_code& ended) {
    if (ended) return;
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    forget_old();
    sweep_hourly();
  });
}

Imports::~Imports() {
  finish();
}

void Imports::finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    sweep_->timer.cancel();
  }
  pool_->join();
}

Result<Imports::JobPointer> Imports::job(const std::string& actor, const std::string& id) const {
  const auto found = jobs_.find(id);
  if (found != jobs_.end() && found->second->status.actor == actor) return found->second;
  return refuse({Problem::Kind::not_found, "import-unknown", "id", shortened(id), "an import of yours",
                 "see GET /api/v1/imports"});
}

/// Those that nobody goes on with for a day are forgotten with their files; of the others the faults are.
void Imports::forget_old() {
  const Instant yesterday = app_.district().clock().now() - microseconds_per_day;
  std::erase_if(jobs_, [&](const auto& one) {
    ImportStatus& status = one.second->status;
    if (status.begun >= yesterday || works(status.state)) return false;
    status.faults_file.reset();
    return is_open(status.state);
  });
}

Result<void> Imports::make_room(const std::string& actor) {
  forget_old();
  std::size_t open = 0;
  std::size_t own = 0;
  const ImportStatus* oldest = nullptr;
  for (const auto& [id, job] : jobs_) {
    const ImportStatus& status = job->status;
    const bool counts = is_open(status.state) || works(status.state);
    open += counts ? 1 : 0;
    own += counts && status.actor == actor ? 1 : 0;
    if (!counts && (oldest == nullptr || status.begun < oldest->begun)) oldest = &status;
  }
  if (own >= open_of_one_max || open >= open_max)
    return refuse({Problem::Kind::too_many, "too-many-imports", "", std::to_string(own),
                   "at most " + std::to_string(open_of_one_max) + " of one sender that are not ended",
                   "enter or stop one"});
  // Its note stays on disk.
  if (jobs_.size() >= kept_max && oldest != nullptr) jobs_.erase(std::string(oldest->id));
  return {};
}

void Imports::start(const JobPointer& job, State state, void (Imports::*work)(Job&)) {
  job->status.state = state;
  job->status.rows = 0;
  job->status.problem.reset();
  job->stop = false;
  boost::asio::post(*pool_, [this, job, work] {
    try {
      if (begins(*job)) (this->*work)(*job);
    } catch (const std::exception& error) {
      tell_fault("import", error.what());
      end(*job, State::stopped,
          Problem{Problem::Kind::unavailable, "internal-fault", "", "", "an import that the program foresaw",
                  "report it with the time"});
    }
  });
}

/// Of what entered nothing there is nothing to take back, and no note.
void Imports::back_to_looked(Job& job) const {
  job.status.state = State::looked;
  job.status.entered.reset();
  std::error_code ignored;
  std::filesystem::remove(folder_ + "/" + job.status.id + ".import.json", ignored);
}

/// What was stopped while it waited does nothing: a file that was looked at stays so.
bool Imports::begins(Job& job) {
  const std::lock_guard lock(mutex_);
  if (!job.stop && !stopping_) return true;
  if (job.status.state == State::entering) {
    back_to_looked(job);
  } else if (job.status.state == State::undoing) {
    job.status.state = State::stopped;
    std::ignore = note(job.status);
  }
  return false;
}

namespace {

void take_reading(ImportStatus& status, ImportReading reading) {
  if (reading.sheet) status.sheet = std::move(*reading.sheet);
  if (reading.crs) status.crs = std::move(*reading.crs);
  if (reading.change_known) status.change_known = *reading.change_known;
  if (reading.match) {
    status.match = std::move(*reading.match);
    status.match_kept = false;
  }
  status.looked.reset();
  status.faults.clear();
  status.faults_count = 0;
  status.faults_file.reset();
}

}  // namespace

Result<ImportStatus> Imports::begin(const std::string& actor, registers::Register declared,
                                    const std::string& file, std::string_view bytes, ImportReading reading) {
  auto job = std::make_shared<Job>();
  ImportStatus& status = job->status;
  status.id = to_hex(random_bytes(6));
  status.actor = actor;
  status.register_name = declared.name;
  status.file = file;
  status.begun = app_.district().clock().now();
  take_reading(status, std::move(reading));
  job->declared = std::move(declared);
  const std::string ending = lower_case(std::filesystem::path(file).extension().string());
  if (ending != ".csv" && ending != ".xlsx" && ending != ".geojson" && ending != ".json")
    return invalid("file-kind", "file", file, "a name that ends in .csv, .xlsx or .geojson");
  QIPAN_CHECK(make_folders(app_.spool().folder()));
  // Goes with the job, also where there is no room for it.
  job->path = app_.spool().folder() + "/" + status.id + ending;
  QIPAN_CHECK(write_file(job->path, bytes, 0600));
  const std::lock_guard lock(mutex_);
  QIPAN_CHECK(make_room(status.actor));
  jobs_.emplace(status.id, job);
  start(job, State::looking, &Imports::do_look);
  return status;
}

std::vector<ImportStatus> Imports::of(const std::string& actor) {
  std::vector<ImportStatus> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, job] : jobs_)
    if (job->status.actor == actor) all.push_back(job->status);
  std::sort(all.begin(), all.end(), [](const ImportStatus& a, const ImportStatus& b) {
    return std::tie(b.begun, b.id) < std::tie(a.begun, a.id);
  });
  return all;
}

Result<ImportStatus> Imports::find(const std::string& actor, const std::string& id) {
  const std::lock_guard lock(mutex_);
  QIPAN_TRY(found, job(actor, id));
  return found->status;
}

Result<ImportStatus> Imports::look(const std::string& actor, const std::string& id, ImportReading reading) {
  const std::lock_guard lock(mutex_);
  QIPAN_TRY(found, job(actor, id));
  if (!is_open(found->status.state) || works(found->status.state))
    return refuse(not_now(found->status, "one that was looked at, and entered nothing"));
  take_reading(found->status, std::move(reading));
  start(found, State::looking, &Imports::do_look);
  return found->status;
}

Result<ImportStatus> Imports::enter(const std::string& actor, const std::string& id, bool only_good) {
  const std::lock_guard lock(mutex_);
  QIPAN_TRY(found, job(actor, id));
  ImportStatus& status = found->status;
  if (status.state != State::looked) return refuse(not_now(status, "looked"));
  if (status.looked->bad > 0 && !only_good)
    return refuse({Problem::Kind::conflict, "rows-bad", "good_rows", std::to_string(status.looked->bad),
                   "no bad row, or good_rows = true", "mend the file, or enter its good rows"});
  // Before anything is entered: whatever ends it, what was entered can be taken back.
  status.state = State::entering;
  if (const auto noted = note(status); !noted) {
    status.state = State::looked;
    return refuse(noted.error());
  }
  start(found, State::entering, &Imports::do_enter);
  return status;
}

Result<ImportStatus> Imports::undo(const std::string& actor, const std::string& id) {
  const std::lock_guard lock(mutex_);
  QIPAN_TRY(found, job(actor, id));
  ImportStatus& status = found->status;
  const bool left = status.state == State::undone && status.undone && status.undone->bad > 0;
  if (status.state != State::entered && status.state != State::stopped && !left)
    return refuse(not_now(status, "entered or stopped"));
  if (status.entered && status.entered->added + status.entered->changed == 0)
    return refuse(not_now(status, "one that entered something"));
  status.state = State::undoing;
  std::ignore = note(status);
  start(found, State::undoing, &Imports::do_undo);
  return status;
}

Result<ImportStatus> Imports::stop(const std::string& actor, const std::string& id) {
  const std::lock_guard lock(mutex_);
  QIPAN_TRY(found, job(actor, id));
  found->stop = true;
  if (!is_open(found->status.state)) return found->status;
  // Whoever reads it still has it open.
  std::error_code ignored;
  std::filesystem::remove(found->path, ignored);
  jobs_.erase(id);
  ImportStatus gone = found->status;
  gone.state = State::forgotten;
  return gone;
}

void Imports::end(Job& job, State state, std::optional<Problem> problem) {
  const std::lock_guard lock(mutex_);
  job.status.state = state;
  job.status.problem.reset();
  if (problem) job.status.problem = without_path(std::move(*problem), job.path, job.status.file);
  if (is_open(state)) return;
  if (const auto noted = note(job.status); !noted) tell_fault("import", noted.error().line());
  std::error_code ignored;
  std::filesystem::remove(job.path, ignored);
}

registers::Import::Progress Imports::progress(Job& job) {
  return [this, &job](std::int64_t rows) {
    const std::lock_guard lock(mutex_);
    job.status.rows = rows;
    return !job.stop && !stopping_;
  };
}

Result<void> Imports::read_columns(Job& job, ImportStatus& status) {
  QIPAN_TRY(rows, tables::open_rows(job.path, status.sheet));
  status.header = rows->header();
  status.encoding = rows->told();
  status.targets.clear();
  if (status.match.empty()) {
    status.match = registers::KeptMatches(folder_, status.register_name).of(status.header);
    status.match_kept = !status.match.empty();
  }
  QIPAN_TRY(matching, registers::match_columns(job.declared, status.header, status.match));
  status.targets = matching.targets;
  const auto system = geo::coordinate_system_called(status.crs);
  if (!system) return invalid("crs-unknown", "crs", status.crs, "wgs84, cgcs2000, gcj02 or bd09");
  QIPAN_TRY(import, Import::ask(job.declared, {.path = job.path,
                                               .sheet = status.sheet,
                                               .match = status.match,
                                               .system = *system,
                                               .change_known = status.change_known,
                                               .actor = status.actor}));
  job.import.emplace(std::move(import));
  return {};
}

namespace {

/// Who may write an entry may not read it for that: what stands there is told to who may, and counted for
/// all.
bool shows(const board::Directory& directory, const ImportStatus& status,
           registers::Import::Difference& difference) {
  const std::string resource = board::resource_of("register", status.register_name);
  if (!directory.permit(status.actor, "read", resource, difference.unit)) return false;
  if (difference.sensitive && !directory.permit(status.actor, "read_sensitive", resource, difference.unit))
    difference.was = "[masked]";
  return true;
}

}  // namespace

void Imports::do_look(Job& job) {
  ImportStatus status;
  {
    const std::lock_guard lock(mutex_);
    status = job.status;
  }
  const auto read = read_columns(job, status);
  {
    const std::lock_guard lock(mutex_);
    job.status.header = status.header;
    job.status.targets = status.targets;
    job.status.encoding = status.encoding;
    job.status.match = status.match;
    job.status.match_kept = status.match_kept;
  }
  if (!read) {
    Problem problem = read.error();
    const bool columns =
        problem.code == "column-unknown" || problem.code == "column-missing" || problem.code == "match-unfit";
    return end(job, columns ? State::unmatched : State::unreadable, std::move(problem));
  }
  board::WriterDecider decider(app_.district(), app_.writer());
  Faults faults(app_.spool(), job.path, job.status.file);
  const auto snapshot = app_.recent_snapshot();
  const board::Directory& directory = snapshot->directory;
  std::vector<registers::Import::Difference> differences;
  std::int64_t differing = 0;
  const auto looked = job.import->look(
      decider, [&](const std::string& row, const Problem& problem) { faults.tell(row, problem); },
      progress(job),
      [&](registers::Import::Difference difference) {
        ++differing;
        if (differences.size() < ImportStatus::differences_shown && shows(directory, status, difference))
          differences.push_back(std::move(difference));
      });
  {
    const std::lock_guard lock(mutex_);
    faults.give(job.status);
    if (looked) job.status.looked = *looked;
    job.status.differences = std::move(differences);
    job.status.differences_count = differing;
  }
  end(job, looked ? State::looked : State::unreadable, looked ? std::nullopt : std::optional(looked.error()));
}

void Imports::do_enter(Job& job) {
  board::WriterDecider decider(app_.district(), app_.writer());
  Faults faults(app_.spool(), job.path, job.status.file);
  const auto entered = job.import->enter(
      decider, job.status.id,
      [&](const std::string& row, const Problem& problem) { faults.tell(row, problem); }, progress(job));
  {
    const std::lock_guard lock(mutex_);
    // What was bad before stays told where nothing else went wrong.
    ImportStatus now;
    faults.give(now);
    if (now.faults_count > 0) {
      job.status.faults = now.faults;
      job.status.faults_count = now.faults_count;
      job.status.faults_file = now.faults_file;
    }
    if (entered) job.status.entered = *entered;
  }
  if (entered && entered->added + entered->changed > 0)
    registers::KeptMatches(folder_, job.status.register_name).keep(job.status.header, job.status.match);
  if (entered && entered->stopped && entered->added + entered->changed == 0) {
    const std::lock_guard lock(mutex_);
    return back_to_looked(job);
  }
  job.import.reset();
  const std::optional<Problem> why = entered ? entered->stopped : std::optional(entered.error());
  end(job, why ? State::stopped : State::entered, why);
}

void Imports::do_undo(Job& job) {
  board::WriterDecider decider(app_.district(), app_.writer());
  Faults faults(app_.spool(), job.path, job.status.file);
  const auto undone = registers::undo_import(
      decider, job.status.id, job.status.actor,
      [&](const std::string& row, const Problem& problem) { faults.tell(row, problem); }, progress(job));
  {
    const std::lock_guard lock(mutex_);
    faults.give(job.status);
    if (undone) job.status.undone = *undone;
  }
  const std::optional<Problem> why = undone ? undone->stopped : std::optional(undone.error());
  end(job, why ? State::stopped : State::undone, why);
}

Result<void> Imports::note(const ImportStatus& status) const {
  Json json = Json::object()
                  .set("import", status.id)
                  .set("register", status.register_name)
                  .set("file", status.file)
                  .set("actor", status.actor)
                  .set("begun", format_instant(status.begun))
                  .set("sheet", status.sheet)
                  .set("crs", status.crs)
                  .set("change", status.change_known)
                  .set("state", name_of(status.state));
  QIPAN_CHECK(make_folders(folder_));
  return write_file(folder_ + "/" + status.id + ".import.json", json.dump() + "\n", 0600);
}

/// What entered something in an earlier run. What was at work then ended early.
void Imports::read_notes() {
  const auto files = files_under(folder_);
  if (!files) return;
  std::vector<JobPointer> found;
  for (const std::string& name : *files) {
    if (!name.ends_with(".import.json")) continue;
    const auto bytes = read_file(folder_ + "/" + name, std::size_t{1} << 16U);
    const auto json = bytes ? parse_json(*bytes) : Result<Json>(Json());
    if (!json || !json->is_object() || !(*json)["state"].is_text()) continue;  // the operator's
    auto job = std::make_shared<Job>();
    ImportStatus& status = job->status;
    status.id = json->text_or("import", "");
    status.register_name = json->text_or("register", "");
    status.file = json->text_or("file", "");
    status.actor = json->text_or("actor", "");
    status.begun = parse_instant(json->text_or("begun", "")).value_or(0);
    status.sheet = json->text_or("sheet", "");
    status.crs = json->text_or("crs", "wgs84");
    status.change_known = (*json)["change"] == Json(true);
    const std::string state = json->text_or("state", "");
    status.state = state == "entered" ? State::entered : state == "undone" ? State::undone : State::stopped;
    found.push_back(std::move(job));
  }
  std::sort(found.begin(), found.end(),
            [](const JobPointer& a, const JobPointer& b) { return a->status.begun > b->status.begun; });
  if (found.size() > kept_max) found.resize(kept_max);
  for (JobPointer& job : found) jobs_.emplace(job->status.id, std::move(job));
}

}  // namespace qipan::face
