#include <sys/stat.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>

#include "base/database.hpp"
#include "base/fault_log.hpp"
#include "cmd/bench.hpp"
#include "cmd/demo.hpp"
#include "cmd/output.hpp"
#include "cmd/serve.hpp"
#include "cmd/verbs.hpp"

namespace {

using namespace qipan::cmd;

/// Adds verbs to the program; each keeps its options and sets `run` when it is chosen.
class Program {
 public:
  Program() : app_("Qipan 棋盘: the digital side of a district, one program over one tamper-evident log") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", QIPAN_VERSION);
    app_.footer(
        "Exit codes: 0 done, 1 refused, 2 wrong words, 3 disk, file or port unusable. Every verb takes "
        "--help and --json.");
    add_init();
    add_install();
    add_password();
    add_appoint();
    add_check();
    add_decide();
    add_openapi();
    add_verify();
    add_receipt();
    add_keys();
    add_backup();
    add_rewind();
    add_redact();
    add_import();
    add_export();
    add_serve();
    add_bench();
    add_demo();
  }

  int main(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? exit_done : exit_usage;
    }
    return run_();
  }

 private:
  CLI::App* verb(const std::string& name, const std::string& what, bool& json) {
    CLI::App* sub = app_.add_subcommand(name, what);
    sub->add_flag("--json", json, "print one JSON object as the result");
    return sub;
  }

  void add_init() {
    CLI::App* sub = verb("init", "make a district in a new data folder and install packs", init_.json);
    sub->add_option("--data", init_.data, "folder of the district")->required();
    sub->add_option("--pack", init_.packs, "folder of a pack; several, in any order")->required();
    sub->add_option("--origin", init_.origin,
                    "name that the log signs with, such as qipan.example.gov.cn/jianghai");
    sub->add_option("--title-zh", init_.title_zh, "Chinese name of the district");
    sub->add_option("--title-en", init_.title_en, "English name of the district");
    sub->add_option("--founded", init_.founded,
                    "time of the log's first fact, RFC 3339: earlier than now for replays");
    sub->add_option("--demo-password", init_.password,
                    "password for all people of the packs: for demonstrations only");
    sub->callback([this] { run_ = [this] { return run_init(init_); }; });
  }

  void add_install() {
    CLI::App* sub = verb(
        "install", "put packs in force together, or newer versions of them, in a district that does not run",
        install_.json);
    sub->add_option("--data", install_.data, "folder of the district")->required();
    sub->add_option("packs", install_.packs, "folders of packs")->required();
    sub->callback([this] { run_ = [this] { return run_install(install_); }; });
  }

  void add_appoint() {
    CLI::App* sub =
        verb("appoint",
             "give a person a post at the district itself, made new if unknown, with a password read from "
             "standard input: the way in where nobody can log in",
             appoint_.json);
    sub->add_option("--data", appoint_.data, "folder of the district")->required();
    sub->add_option("login", appoint_.login, "who")->required();
    sub->add_option("--role", appoint_.role, "a role of an installed pack (administrator)");
    sub->callback([this] { run_ = [this] { return run_appoint(appoint_); }; });
  }

  void add_password() {
    CLI::App* sub = verb("password", "set a person's password, read from standard input", password_.json);
    sub->add_option("--data", password_.data, "folder of the district")->required();
    sub->add_option("login", password_.login, "whose")->required();
    sub->add_flag("--clear-second-factor", password_.clear_second_factor,
                  "take the second factor away too, as where the telephone is lost");
    sub->callback([this] { run_ = [this] { return run_password(password_); }; });
  }

  void add_check() {
    CLI::App* sub =
        verb("check", "check packs whole and play their scenarios, on a board in memory", check_.json);
    sub->add_option("packs", check_.packs, "folders of packs, with those they need")->required();
    sub->add_flag("--refold-each-step", check_.refold_each_step,
                  "after each step fold the log anew and compare");
    sub->callback([this] { run_ = [this] { return run_check(check_); }; });
  }

  void add_decide() {
    CLI::App* sub =
        verb("decide", "ask a DMN model, or what it would have said of past decisions", decide_.json);
    sub->add_option("model", decide_.model, "the .dmn file; parameters are read beside its rules/ folder")
        ->required();
    sub->add_option("--decision", decide_.decision, "name of the decision; the file's last by itself");
    sub->add_option("--input", decide_.input, "inputs as a JSON object; @FILE; or - for standard input");
    sub->add_option("--day", decide_.day,
                    "day of the application, YYYY-MM-DD: which parameters are in force");
    sub->add_flag("--explain", decide_.explain, "every step, and what would have led elsewhere");
    sub->add_option("--replay", decide_.replay,
                    "folder of a district: compare with the decisions in its log");
    sub->callback([this] { run_ = [this] { return run_decide(decide_); }; });
  }

  void add_openapi() {
    CLI::App* sub = verb("openapi", "print the description of the API, OpenAPI 3.1", openapi_json_);
    sub->callback([this] { run_ = [] { return run_openapi(); }; });
  }

  void add_verify() {
    CLI::App* sub = verb("verify", "hash the log again, fold it into a new database and compare every table",
                         verify_.json);
    sub->add_option("--data", verify_.data, "folder of the district")->required();
    sub->add_flag("--rebuild", verify_.rebuild, "make the views anew first");
    sub->add_flag("--again", verify_.again,
                  "decide every command again from what its sender said, and compare its facts");
    sub->callback([this] { run_ = [this] { return run_verify(verify_); }; });
  }

  void add_receipt() {
    CLI::App* sub =
        verb("receipt", "make a receipt of a fact, or verify one without the server", receipt_.json);
    sub->require_subcommand(1);
    CLI::App* make = sub->add_subcommand("make", "write the receipt of one fact");
    make->add_option("--data", receipt_.data, "folder of the district")->required();
    make->add_option("position", receipt_.position, "position of the fact in the log")
        ->required()
        ->check(CLI::NonNegativeNumber);
    make->add_option("--out", receipt_.file, "file to write");
    add_audience(make, "--for", receipt_.audience, "who it is for: narrower parts are withheld");
    CLI::App* verify = sub->add_subcommand("verify", "check a receipt file; needs no district");
    verify->add_option("file", receipt_.file, "the receipt")->required();
    verify->add_option("--key", receipt_.key, "the log key that you trust, as the district publishes it");
    CLI::App* key = sub->add_subcommand("key", "print the log key of a district");
    key->add_option("--data", receipt_.data, "folder of the district")->required();
    for (CLI::App* one : {make, verify, key})
      one->add_flag("--json", receipt_.json, "print one JSON object as the result");
    verify->callback([this] { receipt_.verify = true; });
    key->callback([this] { receipt_.show_key = true; });
    sub->callback([this] { run_ = [this] { return run_receipt(receipt_); }; });
  }

  void add_keys() {
    CLI::App* sub =
        verb("keys", "the epochs of a district's vault; what was erased and the keys that open old backups",
             keys_.json);
    sub->add_option("--data", keys_.data, "folder of the district, not served just now")->required();
    sub->add_flag("--turn", keys_.turn, "begin a new epoch and wrap all values anew");
    sub->add_option("--destroy-ended", keys_.ended_days,
                    "destroy keys of epochs that ended so many days ago: older backups open no more")
        ->check(CLI::Range(0, 36'500));
    sub->callback([this] { run_ = [this] { return run_keys(keys_); }; });
  }

  void add_backup() {
    CLI::App* sub =
        verb("backup", "copy a district into a new folder, running or not; never its keys", backup_.json);
    sub->add_option("--data", backup_.data, "folder of the district")->required();
    sub->add_option("--to", backup_.to, "new folder")->required();
    sub->callback([this] { run_ = [this] { return run_backup(backup_); }; });
  }

  static void add_audience(CLI::App* sub, const std::string& name, std::string& audience,
                           const std::string& what) {
    sub->add_option(name, audience, what)
        ->check(CLI::IsMember({"everybody", "party", "internal", "sensitive"}))
        ->capture_default_str();
  }

  void add_redact() {
    CLI::App* sub = verb("redact",
                         "take a part of a fact out of a stopped district's log for good; roots and receipts "
                         "hold as before",
                         redact_.json);
    sub->add_option("--data", redact_.data, "folder of the district")->required();
    sub->add_option("position", redact_.position, "position of the fact in the log")
        ->required()
        ->check(CLI::NonNegativeNumber);
    add_audience(sub, "--part", redact_.part, "the part to take out");
    sub->add_option("--patch", redact_.patch,
                    "what stands instead, as a JSON merge patch of the part (null takes a member out, inside "
                    "one it empties it), say "
                    "{\"fields\":{\"description\":\"[removed]\"}}")
        ->required();
    sub->add_option("--reason", redact_.reason, "why; it stands in the log")->required();
    sub->callback([this] { run_ = [this] { return run_redact(redact_); }; });
  }

  void add_rewind() {
    CLI::App* sub = verb("rewind",
                         "copy a stopped district as it stood before a time: the way back where a "
                         "wrong clock wrote into it",
                         rewind_.json);
    sub->add_option("--data", rewind_.data, "folder of the district; it stays as it is")->required();
    sub->add_option("--before", rewind_.before,
                    "what was written then or later is left out, as "
                    "2026-11-25T10:00:00+08:00")
        ->required();
    sub->add_option("--to", rewind_.to, "new folder")->required();
    sub->add_option("--reason", rewind_.reason, "why; it stands in the log")->required();
    sub->callback([this] { run_ = [this] { return run_rewind(rewind_); }; });
  }

  void add_import() {
    CLI::App* sub = app_.add_subcommand(
        "import", "enter real data: an archive of reports, measurements, or entries of a register");
    sub->require_subcommand(1);
    CLI::App* reports =
        sub->add_subcommand("reports", "turn a CSV export of reports into cases, with the file's own clock");
    reports->add_option("file", import_.file, "the CSV file")->required();
    reports->add_option("--map", import_.map, "MAP.toml: what the columns mean")->required();
    reports->add_option("--data", import_.data, "folder of a district with the pack reports-archive")
        ->required();
    reports->add_option(
        "--told", import_.told,
        "file for the rows that were refused, moved, rounded or doubted (DIR/imports/NAME.told.csv)");
    reports->add_flag("--json", import_.json, "print one JSON object as the result");
    reports->callback([this] { run_ = [this] { return run_import_reports(import_); }; });
    CLI::App* observations = sub->add_subcommand(
        "observations",
        "turn CSV files of measurements into observations, one for each cell that has a value");
    observations->add_option("files", observations_.files, "the CSV files")->required();
    observations->add_option("--map", observations_.map, "MAP.toml: what the columns mean")->required();
    observations->add_option("--data", observations_.data, "folder of a district with the pack sensing")
        ->required();
    observations->add_flag("--json", observations_.json, "print one JSON object as the result");
    observations->add_option(
        "--told", observations_.told,
        "file for the rows that were refused, rounded or doubted (DIR/imports/NAME.told.csv)");
    observations->callback([this] { run_ = [this] { return run_import_observations(observations_); }; });
    add_import_entries(*sub);
  }

  void add_import_entries(CLI::App& above) {
    CLI::App* entries = above.add_subcommand("entries",
                                             "enter the rows of a CSV, workbook or GeoJSON file into a "
                                             "register: looked at whole first, every bad row named");
    entries->add_option("register", entries_.register_name, "name of the register")->required();
    entries->add_option("file", entries_.file, "a .csv (UTF-8 or GB18030), .xlsx or .geojson file")
        ->required();
    entries->add_option("--data", entries_.data, "folder of the district")->required();
    entries->add_option("--match", entries_.match,
                        "COLUMN=FIELD for a column that is called otherwise, COLUMN= to leave it out; kept "
                        "for the next file with these columns");
    entries->add_flag("--forget-matches", entries_.forget_matches, "match by name and title alone");
    entries->add_option("--sheet", entries_.sheet, "sheet of a workbook (the first that is shown)");
    entries->add_option("--crs", entries_.crs, "what places are told in: wgs84, cgcs2000, gcj02 or bd09");
    entries->add_flag("--change", entries_.change_known, "change the entry where a row's key is known");
    entries->add_flag("--good-rows", entries_.only_good, "enter the good rows although others are bad");
    entries->add_flag("--preview", entries_.preview, "look only, write nothing");
    entries->add_option("--told", entries_.told, "file for the bad rows (DIR/imports/NAME.told.csv)");
    entries->add_flag("--json", entries_.json, "print one JSON object as the result");
    entries->callback([this] { run_ = [this] { return run_import_entries(entries_); }; });
    CLI::App* undo =
        above.add_subcommand("undo", "take back what an import entered, as far as nobody changed it since");
    undo->add_option("id", undo_.id, "what the import was told as")->required();
    undo->add_option("--data", undo_.data, "folder of the district")->required();
    undo->add_flag("--json", undo_.json, "print one JSON object as the result");
    undo->callback([this] { run_ = [this] { return run_undo_import(undo_); }; });
  }

  void add_export() {
    CLI::App* sub =
        verb("export", "write a register's entries to a file that can be imported again", export_.json);
    sub->add_option("register", export_.collection, "name of the register")->required();
    sub->add_option("file", export_.file, "a .csv or .geojson file to make")->required();
    sub->add_option("--data", export_.data, "folder of the district")->required();
    sub->add_option("--filter", export_.filter, "CQL2: those that it holds for (docs/querying.md)");
    sub->add_option("--crs", export_.crs, "what places are told in: wgs84, cgcs2000, gcj02 or bd09");
    sub->callback([this] { run_ = [this] { return run_export(export_); }; });
  }

  void add_serve() {
    CLI::App* sub = verb("serve", "serve a district's API and pages until SIGTERM", serve_.json);
    sub->add_option("--data", serve_.data, "folder of the district")->required();
    sub->add_option("--address", serve_.server.address, "address to listen on");
    sub->add_option("--port", serve_.server.port, "port to listen on; 0 for any free one");
    sub->add_option("--web", serve_.web, "folder of the built pages");
    sub->add_option("--connections", serve_.server.connections_max, "connections at once at most");
    sub->add_flag("--trust-proxy", serve_.server.trust_proxy,
                  "take the client's address from X-Forwarded-For of a proxy on this machine");
    sub->add_option("--proxy", serve_.server.proxies,
                    "address of a proxy on another machine that says so too; may be given again");
    sub->add_flag("--secure-cookies", serve_.secure_cookies,
                  "send cookies over HTTPS only: set it behind a TLS proxy");
    sub->add_option("--scanner", serve_.scanner,
                    "socket of clamd, which every uploaded file is shown to before it is kept");
    sub->add_option("--map", serve_.map,
                    "file of GeoJSON that all maps show below everything else (docs/operation.md)");
    sub->add_option("--map-key-file", serve_.map_key_file,
                    "file with the key of the national map service (天地图): the map then has a base map");
    sub->add_option("--map-server", serve_.map_server, "another address of that service");
    sub->add_option("--login-provider", serve_.provider,
                    "file (TOML) that names the house's login service, by OpenID Connect");
    const std::map<std::string, qipan::face::SecondFactor> who = {
        {"nobody", qipan::face::SecondFactor::nobody},
        {"administrators", qipan::face::SecondFactor::administrators},
        {"everybody", qipan::face::SecondFactor::everybody}};
    sub->add_option("--second-factor", serve_.second_factor, "who must have one (administrators)")
        ->transform(CLI::CheckedTransformer(who));
    sub->add_option("--idle-minutes", serve_.idle_minutes,
                    "after which a page asks for the password again; 0: never")
        ->check(CLI::Range(0, 720))
        ->capture_default_str();
    sub->add_option("--log", serve_.log,
                    "file to append a JSON line to for each request; - for standard error");
    sub->add_option("--backups-kept", serve_.backups_kept_days,
                    "days after which no backup is kept: what was erased is then gone from all of them")
        ->check(CLI::Range(1, 36'500))
        ->capture_default_str();
    sub->add_option("--webhook-near", serve_.webhooks_near,
                    "address of this machine or its link that webhooks may go to, such as 127.0.0.1");
    sub->add_flag("--confirm-clock", serve_.confirm_clock,
                  "the machine's clock is right, though the newest fact lies more than 31 days back");
    sub->add_flag("--no-limits", serve_.no_limits, "no rate limits on anonymous requests: for benchmarks");
    sub->callback([this] { run_ = [this] { return run_serve(serve_); }; });
  }

  void add_bench() {
    CLI::App* sub = app_.add_subcommand("bench", "parts of `make bench`");
    sub->require_subcommand(1);
    CLI::App* load =
        sub->add_subcommand("load", "run whole lifecycles of cases over HTTP against a running server");
    load->add_option("--port", bench_.port, "port of the server on this machine")->required();
    load->add_option("--login", bench_.login, "who files, dispatches and closes");
    load->add_option("--handler", bench_.handler, "who resolves");
    load->add_option("--password", bench_.password, "the password");
    load->add_option("--connections", bench_.connections, "connections at once")->check(CLI::Range(1, 1000));
    load->add_option("--cases", bench_.cases, "lifecycles to run")->check(CLI::PositiveNumber);
    CLI::App* preload =
        sub->add_subcommand("preload", "put closed cases into a district, in batches, without HTTP");
    preload->add_option("--data", bench_.data, "folder of the district")->required();
    preload->add_option("--cases", bench_.cases, "how many")->check(CLI::PositiveNumber);
    preload->add_flag("--open", bench_.open, "leave them dispatched instead of closing them");
    CLI::App* floor = sub->add_subcommand(
        "floor", "the rows of a district's newest batches into bare SQLite, in the same groups");
    floor->add_option("--data", bench_.data, "folder of the district that a load was run on")->required();
    floor->add_option("--from", bench_.from, "first position of that load")->required();
    CLI::App* fold = sub->add_subcommand("fold", "fold a district's log into a new database beside it");
    fold->add_option("--data", bench_.data, "folder of a district that nothing serves")->required();
    fold->callback([this] { run_ = [this] { return run_bench_fold(bench_); }; });
    CLI::App* observe = sub->add_subcommand("observe", "send observations over HTTP to a running server");
    observe->add_option("--port", bench_.port, "port of the server on this machine")->required();
    observe->add_option("--login", bench_.login, "who may observe");
    observe->add_option("--password", bench_.password, "the password");
    observe->add_option("--connections", bench_.connections, "connections at once")
        ->check(CLI::Range(1, 1000));
    observe->add_option("--requests", bench_.cases, "requests to send")->check(CLI::PositiveNumber);
    observe->add_option("--values", bench_.values, "values a request")->check(CLI::Range(1, 20'000));
    observe->add_option("--streams", bench_.streams, "streams they are of")->check(CLI::Range(1, 1'000'000));
    observe->add_option("--first", bench_.from, "number of the first of them")->required();
    observe->add_option("--offset", bench_.offset, "seconds by which their times are moved");
    observe->add_flag("--spread", bench_.spread, "each value of another stream");
    observe->add_flag(
        "--lines", bench_.lines,
        "a line of JSON a series to /api/v1/import without a login, as VictoriaMetrics takes them");
    CLI::App* streams = sub->add_subcommand("streams", "enter streams for `bench observe`");
    streams->add_option("--data", bench_.data, "folder of the district")->required();
    streams->add_option("--streams", bench_.streams, "how many")->check(CLI::Range(1, 1'000'000));
    streams->add_option("--things", bench_.things, "things that they are spread over")
        ->check(CLI::Range(1, 100'000));
    CLI::App* observe_floor = sub->add_subcommand(
        "observe-floor", "the values of a district's newest batches into bare SQLite, in the same groups");
    observe_floor->add_option("--data", bench_.data, "folder of the district that a load was run on")
        ->required();
    observe_floor->add_option("--from", bench_.from, "first position of that load")->required();
    observe->callback([this] { run_ = [this] { return run_bench_observe(bench_); }; });
    streams->callback([this] { run_ = [this] { return run_bench_streams(bench_); }; });
    observe_floor->callback([this] { run_ = [this] { return run_bench_observe_floor(bench_); }; });
    for (CLI::App* one : {floor, fold, observe_floor})
      one->add_option("--floor-dir", bench_.floor_folder,
                      "where the bare file is made, say on a memory disk; the district's folder without it");
    for (CLI::App* one : {load, preload, floor, fold, observe, streams, observe_floor})
      one->add_flag("--json", bench_.json, "print one JSON object as the result");
    load->callback([this] { run_ = [this] { return run_bench_load(bench_); }; });
    preload->callback([this] { run_ = [this] { return run_bench_preload(bench_); }; });
    floor->callback([this] { run_ = [this] { return run_bench_floor(bench_); }; });
  }

  void add_demo() {
    CLI::App* sub =
        verb("demo", "fill a fresh district with invented reports, play its last day live, and serve",
             demo_.serve.json);
    sub->add_option("--data", demo_.serve.data, "folder of a fresh district")->required();
    sub->add_option("--port", demo_.serve.server.port, "port to listen on");
    sub->add_option("--air", demo_.air, "file of measurements that happen again at the district's stations");
    sub->add_option("--air-map", demo_.air_map, "how that file is read (docs/importing-observations.md)");
    sub->add_option("--web", demo_.serve.web, "folder of the built pages");
    sub->add_option("--map", demo_.serve.map, "file of GeoJSON that all maps show below everything else");
    sub->add_option("--days", demo_.days, "days before the last one")->check(CLI::Range(0, 365));
    sub->add_option("--live-seconds", demo_.live_seconds, "seconds in which the last day plays")
        ->check(CLI::Range(1, 86'400));
    sub->add_option("--reports", demo_.reports_a_day, "reports a day")->check(CLI::Range(1, 100'000));
    sub->add_option("--seed", demo_.seed, "the same seed invents the same reports");
    sub->add_flag("--exit-when-ready", demo_.exit_when_ready, "end instead of serving: for tests");
    sub->callback([this] { run_ = [this] { return run_demo(demo_); }; });
  }

  CLI::App app_;
  std::function<int()> run_;
  InitOptions init_;
  InstallOptions install_;
  PasswordOptions password_;
  AppointOptions appoint_;
  CheckOptions check_;
  DecideOptions decide_;
  bool openapi_json_ = false;  // it is JSON whatever is said
  VerifyOptions verify_;
  KeysOptions keys_;
  ReceiptOptions receipt_;
  BackupOptions backup_;
  RewindOptions rewind_;
  RedactOptions redact_;
  ImportOptions import_;
  ImportEntriesOptions entries_;
  UndoImportOptions undo_;
  ExportOptions export_;
  ImportObservationsOptions observations_;
  ServeOptions serve_;
  DemoOptions demo_;
  BenchOptions bench_;
};

}  // namespace

int main(int argc, char** argv) {
  // A district holds what only its operator may read; so does all that is written for it.
  ::umask(0077);
  qipan::tell_faults_to([](const std::string& line) { std::cerr << line + "\n"; });
  try {
    return Program().main(argc, argv);
  } catch (const qipan::DatabaseError& error) {
    std::cerr << "qipan: " << error.what() << "; check rights and free space\n";
    return exit_unusable;
  } catch (const std::exception& error) {
    std::cerr << "qipan: " << error.what() << '\n';
    return exit_unusable;
  }
}
