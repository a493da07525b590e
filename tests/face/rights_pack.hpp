#pragma once

// The pack of the matrix of rights: roles that may see this and that, and kinds with a field of every circle.

namespace qipan::test {

inline constexpr const char* roles_toml = R"(
[[roles]]
name = "m_all"
title = { zh = "全部", en = "All" }
grants = [ { resource = "case", actions = ["read"] }, { resource = "register", actions = ["read"] } ]
[[roles]]
name = "m_kind"
title = { zh = "一类", en = "One kind" }
grants = [ { resource = "case/m_case", actions = ["read", "comment"] }, { resource = "register/m_entry", actions = ["read"] } ]
[[roles]]
name = "m_kindred"
title = { zh = "同名开头", en = "Begins alike" }
grants = [ { resource = "case/m_cas", actions = ["read"] }, { resource = "register/m", actions = ["read"] } ]
[[roles]]
name = "m_other"
title = { zh = "别类", en = "Another kind" }
grants = [ { resource = "case/grid_event", actions = ["read"] }, { resource = "register/thing", actions = ["read"] } ]
[[roles]]
name = "m_sensitive"
title = { zh = "敏感", en = "Sensitive" }
grants = [ { resource = "case/m_case", actions = ["read", "read_sensitive"] },
  { resource = "register/m_entry", actions = ["read", "read_sensitive", "write"] } ]
[[roles]]
name = "m_reveal"
title = { zh = "查看", en = "Reveal" }
grants = [ { resource = "case/m_case", actions = ["read", "reveal", "erase"] } ]
[[roles]]
name = "m_none"
title = { zh = "无", en = "Nothing" }
grants = [ { resource = "unit", actions = ["manage"] } ]
)";

inline constexpr const char* case_toml = R"(
name = "m_case"
title = { zh = "试件", en = "Trial case" }
initial = "open"
[create]
roles = ["intake"]
fields = ["firm", "shown", "told", "result", "description", "reporter_telephone"]
[[fields]]
name = "firm"
type = "reference"
to = ["m_firm"]
party = true
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "told"
type = "text"
sensitivity = "party"
title = { zh = "告知", en = "Told" }
[[fields]]
name = "shown"
type = "text"
sensitivity = "public"
title = { zh = "公开", en = "Shown" }
[[fields]]
name = "result"
type = "text"
title = { zh = "内部", en = "Note" }
[[fields]]
name = "description"
type = "text"
sensitivity = "sensitive"
title = { zh = "敏感", en = "Secret" }
[[fields]]
name = "reporter_telephone"
type = "telephone"
sensitivity = "personal"
title = { zh = "电话", en = "Telephone" }
[[states]]
name = "open"
title = { zh = "开", en = "Open" }
[[states]]
name = "done"
title = { zh = "毕", en = "Done" }
final = true
[[transitions]]
name = "finish"
title = { zh = "办结", en = "Finish" }
from = ["open"]
to = "done"
roles = ["intake"]
fields = ["description", "result", "told"]
)";

inline constexpr const char* firm_toml = R"(
name = "m_firm"
title = { zh = "企业", en = "Firm" }
key = "code"
party_title = "code"
[[fields]]
name = "code"
type = "text"
sensitivity = "party"
title = { zh = "编号", en = "Code" }
required = true
[[fields]]
name = "opinion"
type = "text"
title = { zh = "评语", en = "Opinion" }
)";

inline constexpr const char* register_toml = R"(
name = "m_entry"
title = { zh = "试册", en = "Trial register" }
key = "code"
[[fields]]
name = "firm"
type = "reference"
to = ["m_firm"]
party = true
title = { zh = "企业", en = "Firm" }
[[fields]]
name = "hint"
type = "text"
sensitivity = "party"
title = { zh = "提示", en = "Hint" }
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
[[fields]]
name = "secret"
type = "text"
sensitivity = "sensitive"
title = { zh = "敏感", en = "Secret" }
)";

}  // namespace qipan::test
