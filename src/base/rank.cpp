#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include "base/database.hpp"

// The nearest rank as an aggregate of SQL.

namespace qipan {

namespace {

/// Values of one group; SQLite keeps the pointer and asks for the end of it also where a statement is left.
struct Ranked {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> texts;
  std::int64_t percent = 0;
};

constexpr std::int64_t hundred = 100;

Ranked** ranked_in(sqlite3_context* context, bool makes) {
  return static_cast<Ranked**>(
      sqlite3_aggregate_context(context, makes ? static_cast<int>(sizeof(Ranked*)) : 0));
}

void take_ranked(sqlite3_context* context, int, sqlite3_value** values) {
  // Nothing is thrown through SQLite.
  try {
    Ranked** ranked = ranked_in(context, true);
    if (ranked == nullptr) return sqlite3_result_error_nomem(context);
    if (*ranked == nullptr) *ranked = new Ranked;
    (*ranked)->percent = sqlite3_value_int64(values[1]);
    const int type = sqlite3_value_type(values[0]);
    if (type == SQLITE_INTEGER) (*ranked)->numbers.push_back(sqlite3_value_int64(values[0]));
    if (type == SQLITE_TEXT)
      (*ranked)->texts.emplace_back(reinterpret_cast<const char*>(sqlite3_value_text(values[0])),
                                    static_cast<std::size_t>(sqlite3_value_bytes(values[0])));
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

/// Of n values the one at n × percent / 100, rounded up; numbers come before texts, as SQLite has them.
template <class Value>
const Value& at_rank(std::vector<Value>& values, std::int64_t place) {
  const auto wanted = values.begin() + place;
  std::nth_element(values.begin(), wanted, values.end());
  return *wanted;
}

void give_ranked(sqlite3_context* context) {
  Ranked** ranked = ranked_in(context, false);
  if (ranked == nullptr || *ranked == nullptr) return sqlite3_result_null(context);
  auto& [numbers, texts, percent] = **ranked;
  const auto count = static_cast<std::int64_t>(numbers.size() + texts.size());
  const std::int64_t place = std::max<std::int64_t>((count * percent + hundred - 1) / hundred, 1) - 1;
  const auto first_text = static_cast<std::int64_t>(numbers.size());
  if (count == 0) {
    sqlite3_result_null(context);
  } else if (place < first_text) {
    sqlite3_result_int64(context, at_rank(numbers, place));
  } else {
    const std::string& text = at_rank(texts, place - first_text);
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  delete *ranked;
}

}  // namespace

void Database::define_rank(const char* name) {
  // To define one again would end statements that run.
  if (!defined_.try_emplace(name, Defined{nullptr, this}).second) return;
  if (sqlite3_create_function_v2(handle_, name, 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, nullptr,
                                 take_ranked, give_ranked, nullptr) != SQLITE_OK)
    throw DatabaseError(name, sqlite3_extended_errcode(handle_));
}

}  // namespace qipan
