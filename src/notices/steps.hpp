#pragma once

#include "board/engine.hpp"
#include "notices/notices_engine.hpp"

namespace qipan::notices {

/// Messages that follow from a fact about a case, as notice.queue takes them; empty when nobody is told.
[[nodiscard]] Json messages_of(const board::Fact& fact, const Settings& settings, Database& database);

/// The commands of the engine; each decides one and records its facts.
[[nodiscard]] Result<void> decide_queue(board::Decision& decision);
[[nodiscard]] Result<void> decide_result(board::Decision& decision);
[[nodiscard]] Result<void> decide_retry(board::Decision& decision);
[[nodiscard]] Result<void> decide_test(board::Decision& decision);
[[nodiscard]] Result<void> decide_set_mail(board::Decision& decision);
[[nodiscard]] Result<void> decide_remove_mail(board::Decision& decision);
[[nodiscard]] Result<void> decide_add_webhook(board::Decision& decision);
[[nodiscard]] Result<void> decide_retire_webhook(board::Decision& decision);

}  // namespace qipan::notices
