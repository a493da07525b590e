#pragma once

#include <string>
#include <vector>

namespace qipan::cmd {

/// Options of each verb as the command line gives them; each run function returns an exit code
/// (cmd/output.hpp).
struct InitOptions {
  std::string data;
  std::vector<std::string> packs;
  std::string origin = "qipan.example/district";
  std::string title_zh = "示例区";
  std::string title_en = "Example district";
  std::string password;  // for all seeded people; demonstrations only
  std::string founded;   // RFC 3339; empty for now
  bool json = false;
};
int run_init(const InitOptions& options);

struct InstallOptions {
  std::string data;
  std::vector<std::string> packs;  // put in force together
  bool json = false;
};
int run_install(const InstallOptions& options);

struct PasswordOptions {
  std::string data;
  std::string login;
  bool json = false;
  bool clear_second_factor = false;
};
/// Reads the new password from standard input.
int run_password(const PasswordOptions& options);

struct AppointOptions {
  std::string data;
  std::string login;
  std::string role = "administrator";
  bool json = false;
};
int run_appoint(const AppointOptions& options);

struct CheckOptions {
  std::vector<std::string> packs;
  bool refold_each_step = false;
  bool json = false;
};
int run_check(const CheckOptions& options);

struct DecideOptions {
  std::string model;
  std::string decision;      // empty for the last of the file
  std::string input = "{}";  // JSON, @FILE, or - for standard input
  std::string day;           // YYYY-MM-DD of the application; empty for today
  std::string replay;        // folder of a district
  bool explain = false;
  bool json = false;
};
int run_decide(const DecideOptions& options);

/// The API's description, OpenAPI 3.1, on standard output.
int run_openapi();

struct VerifyOptions {
  std::string data;
  bool rebuild = false;
  bool again = false;
  bool json = false;
};
int run_verify(const VerifyOptions& options);

struct ReceiptOptions {
  std::string data;
  std::string position;
  std::string file;  // to verify, or to write to
  std::string key;
  std::string audience = "internal";
  bool verify = false;
  bool show_key = false;
  bool json = false;
};
int run_receipt(const ReceiptOptions& options);

struct KeysOptions {
  std::string data;
  bool turn = false;
  std::optional<std::int64_t> ended_days;  // destroy the keys of epochs that ended so long ago
  bool json = false;
};
int run_keys(const KeysOptions& options);

struct BackupOptions {
  std::string data;
  std::string to;
  bool json = false;
};
int run_backup(const BackupOptions& options);

struct RewindOptions {
  std::string data;
  std::string to;
  std::string before;  // RFC 3339
  std::string reason;
  bool json = false;
};
int run_rewind(const RewindOptions& options);

struct RedactOptions {
  std::string data;
  std::string position;
  std::string part = "internal";
  std::string patch;  // JSON
  std::string reason;
  bool json = false;
};
int run_redact(const RedactOptions& options);

struct ImportOptions {
  std::string file;
  std::string map;
  std::string data;
  std::string told;  // file for what was refused, moved, rounded or doubted; empty: in the district's folder
  bool json = false;
};
int run_import_reports(const ImportOptions& options);

struct ImportObservationsOptions {
  std::vector<std::string> files;
  std::string map;
  std::string data;
  std::string told;
  bool json = false;
};
int run_import_observations(const ImportObservationsOptions& options);

struct ImportEntriesOptions {
  std::string register_name;
  std::string file;
  std::string data;
  std::string sheet;
  std::string crs = "wgs84";
  std::vector<std::string> match;  // "COLUMN=FIELD"
  bool forget_matches = false;
  bool change_known = false;
  bool only_good = false;
  bool preview = false;
  std::string told;
  bool json = false;
};
int run_import_entries(const ImportEntriesOptions& options);

struct UndoImportOptions {
  std::string id;
  std::string data;
  bool json = false;
};
int run_undo_import(const UndoImportOptions& options);

struct ExportOptions {
  std::string collection;
  std::string file;
  std::string data;
  std::string filter;
  std::string crs = "wgs84";
  bool json = false;
};
/// Everything that a filter finds of a register, as files that go in again.
int run_export(const ExportOptions& options);

}  // namespace qipan::cmd
