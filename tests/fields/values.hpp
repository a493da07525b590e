#pragma once

namespace qipan::test {

/// `type; attributes | value | what is kept`, `=` being the value itself and `!` a refusal (as field-unfit,
/// unless another code stands behind it).
inline constexpr const char* field_values = R"(
text | "东海路" | =
text; max = 3 | "东海路" | =
text; max = 2 | "东海路" | !
text; min = 2 | "路" | !
text | "a\nb" | !
text | 7 | !
text | "" | =
long_text | "a\nb" | =
long_text | "a\u0007" | !
integer | 5 | =
integer | 1.0 | 1
integer | 1e3 | 1000
integer | 1.5 | !
integer | "5" | !
integer; min = 1; max = 9 | 0 | !
integer; max = 9 | 10 | !
integer; min = -999999999999999; max = 999999999999999 | -999999999999999 | =
decimal | 8.5 | =
decimal | 8.50 | 8.5
decimal; digits = 2 | 8.05 | =
decimal; digits = 2 | 8.055 | !
decimal; digits = 9; max = 999999 | 999998.999999999 | =
decimal | 1.00000000000000000000000000000000000001 | !
decimal; min = 1; max = 40 | 40.000001 | !
decimal | -0.000001 | =
decimal | 1e30 | !
money | 12.34 | =
money | 12.345 | !
money; digits = 4; unit = "万元" | 12.3456 | =
percent | 100 | =
percent | 100.01 | !
percent; max = 300 | 210.5 | =
boolean | true | =
boolean | 1 | !
choice; options = ["led", "sodium"] | "led" | =
choice; options = ["led", "sodium"] | "neon" | !
choice; options = ["led", "sodium"] | ["led"] | !
choices; options = ["a", "b", "c"] | ["c","a"] | ["a","c"]
choices; options = ["a", "b", "c"] | ["a","a"] | !
choices; options = ["a", "b", "c"] | ["d"] | !
choices; options = ["a", "b", "c"]; max = 1 | ["a","b"] | !
choices; options = ["a", "b", "c"]; min = 2 | ["a"] | !
date | "2024-02-29" | =
date | "2026-02-29" | !
date | "2026-2-9" | !
date | "0000-01-01" | !
instant | "2026-11-24T10:07:05+08:00" | "2026-11-24T02:07:05Z"
instant | "2026-11-24T02:07:05.5Z" | "2026-11-24T02:07:05.500000Z"
instant | "2026-11-24T02:07:05.1234567Z" | !
instant | "2026-11-24T02:07:05" | !
instant | "2026-11-24 02:07:05Z" | !
month | "2026-02" | =
month | "2026-13" | !
month | "2026-02-01" | !
year | 2026 | =
year | 1899 | !
year | "2026" | !
duration | "P1Y6M" | =
duration | "P18M" | "P1Y6M"
duration | "PT36H" | "P1DT12H"
duration | "P1Y2D" | !
duration | "-P1D" | !
duration | "PT0.0000000001S" | !
duration | "PT9999999999S" | !
duration | "PT999999999.999999999S" | "P11574DT1H46M39.999999999S"
duration | "P" | !
duration | "PT" | !
reference; to = ["enterprise"] | "enterprise:12" | =
reference; to = ["enterprise", "unit"] | "unit:3" | =
reference; to = ["enterprise"] | "unit:3" | !
reference; to = ["enterprise"] | "enterprise:012" | !
reference; to = ["enterprise"] | "enterprise:0" | !
reference; to = ["enterprise"] | "enterprise:" | !
reference; to = ["enterprise"] | 12 | !
place | [1131195000,225603000] | =
place | [1800000001,0] | !
place | [113.1,22.5] | !
place | [1131195000] | !
place | {"x":1131195000,"y":225603000} | !
line | [[1131195000,225603000],[1131195001,225603000]] | =
line | [[1131195000,225603000]] | !
line; max = 2 | [[0,0],[1,1],[2,2]] | !
area | [[[0,0],[10,0],[10,10],[0,0]]] | =
area | [[[0,0],[10,0]]] | !
area | [] | !
photos | ["0000000000000000000000000000000000000000000000000000000000000000"] | =
photos | ["0000"] | !
photos; max = 1 | ["0000000000000000000000000000000000000000000000000000000000000000","1000000000000000000000000000000000000000000000000000000000000000"] | !
files | [{"hash":"0000000000000000000000000000000000000000000000000000000000000000","name":"合同.pdf"}] | =
files | [{"name":"合同.pdf","hash":"0000000000000000000000000000000000000000000000000000000000000000"}] | [{"hash":"0000000000000000000000000000000000000000000000000000000000000000","name":"合同.pdf"}]
files | [{"hash":"0000000000000000000000000000000000000000000000000000000000000000","name":"../etc/passwd"}] | !
files | [{"hash":"0000000000000000000000000000000000000000000000000000000000000000"}] | !
files | ["0000000000000000000000000000000000000000000000000000000000000000"] | !
rows; columns = [{ name = "who", type = "text", title = { zh = "谁", en = "Who" }, required = true }, { name = "many", type = "integer", title = { zh = "数", en = "Many" } }] | [{"many":2,"who":"甲"}] | [{"who":"甲","many":2}]
rows; columns = [{ name = "who", type = "text", title = { zh = "谁", en = "Who" }, required = true }, { name = "many", type = "integer", title = { zh = "数", en = "Many" } }] | [{"many":2}] | ! field-required
rows; columns = [{ name = "who", type = "text", title = { zh = "谁", en = "Who" }, required = true }, { name = "many", type = "integer", title = { zh = "数", en = "Many" } }] | [{"who":"甲","more":2}] | ! field-unknown
rows; max = 1; columns = [{ name = "who", type = "text", title = { zh = "谁", en = "Who" } }] | [{"who":"甲"},{"who":"乙"}] | !
credit_code | "91350100M000100Y43" | =
credit_code | "91440704MUDQW7Y660" | =
credit_code | "91350100M000100Y4Z" | !
credit_code | "91110000600037342L" | !
credit_code | "91440704M0000I00X0" | !
credit_code | "91350100m000100y43" | !
organisation_code | "D2143569X" | =
organisation_code | "D21435690" | !
organisation_code | "D2143569-X" | !
project_code | "2105-440704-04-01-123456" | =
project_code | "2105-440704-04-01-12345" | !
division_code | "440704" | =
division_code | "440704005001" | =
division_code | "4407040050" | !
division_code | "040704" | !
telephone | "13800138000" | =
telephone | "12800138000" | !
telephone | "0750-3861234" | =
telephone | "0750-3861234-801" | =
telephone | "07503861234" | =
telephone | "+8613800138000" | =
telephone | "12345" | =
telephone | "4008001234" | =
telephone | "0750-38612" | !
telephone | "call me" | !
email | "a.b@c.example" | =
email | "a b@c.example" | !
email | "a@b..c" | !
email | "@b" | !
citizen_number | "11010519491231002X" | =
citizen_number | "440524188001010014" | =
citizen_number | "360426199101010072" | !
citizen_number | "440704199002300012" | !
citizen_number | "11010519491231002x" | !
serial_number; pattern = "QS{year}{number:4}" | "QS20260001" | =
serial_number; pattern = "QS{year}{number:4}" | 7 | !
)";

/// `type; attributes | place of the fault`.
inline constexpr const char* field_faults = R"(
colour | type
text; colour = "red" | colour
text; min = 5; max = 2 | min
text; max = 30000 | max
text; unit = "m" | unit
text; digits = 2 | digits
boolean; max = 3 | max
decimal; digits = 10 | digits
decimal; digits = 9; max = 1000000 | max
choice | options
choice; options = ["a", "a"] | options
choice; options = ["a;b"] | options
choices; options = ["[b"] | options
text; options = ["a"] | options
reference | to
reference; to = [] | to
rows | columns
rows; columns = [{ name = "a", type = "citizen_number", title = { zh = "甲", en = "A" } }] | type
rows; columns = [{ name = "a", type = "photos", title = { zh = "甲", en = "A" } }] | type
integer; sensitivity = "personal" | sensitivity
citizen_number; sensitivity = "internal" | sensitivity
serial_number | pattern
serial_number; pattern = "QS" | pattern
serial_number; pattern = "{number:3}"; required = true | required
rows; columns = [{ name = "a", type = "serial_number", pattern = "{number:3}", title = { zh = "甲", en = "A" } }] | type
text; pattern = "{number:3}" | pattern
text; visible = "y" | visible
rows; columns = [{ name = "a", type = "text", visible = "true", title = { zh = "甲", en = "A" } }] | visible
text; sensitivity = "secret" | sensitivity
)";

/// `type; attributes | values from the least to the greatest`.
inline constexpr const char* field_orders = R"(
text | ["2号","alpha","Beta","滨江","江海","江门","蓬江","外海"]
text | ["a","b","ba"]
decimal | [-1,0.5,8.5,10]
boolean | [false,true]
choice; options = ["low", "high"] | ["low","high"]
instant | ["2026-11-24T02:07:05Z","2026-11-24T02:07:05.500000Z","2026-11-24T02:07:06Z"]
duration | ["P6M","P1Y","PT2H","P1D"]
reference; to = ["enterprise", "unit"] | ["enterprise:9","enterprise:10","unit:1"]
date | ["1999-12-31","2026-01-01"]
)";

/// `type; attributes | value | FEEL over x | its value`.
inline constexpr const char* field_expressions = R"(
date | "2026-02-28" | x + duration("P1D") = date("2026-03-01") | true
date | "2026-02-28" | x < date("2026-03-01") | true
instant | "2026-02-28T00:00:00+08:00" | x = date and time("2026-02-27T16:00:00Z") | true
month | "2026-02" | x.year * 100 + x.month | 202602
year | 2026 | x + 1 | 2027
decimal | 8.5 | x * 2 | 17
percent | 12.5 | x / 100 | 0.125
boolean | true | not(x) | false
duration | "PT36H" | x > duration("P1D") | true
duration | "P18M" | x = duration("P1Y6M") | true
choices; options = ["a", "b"] | ["b"] | list contains(x, "b") | true
rows; columns = [{ name = "many", type = "integer", title = { zh = "数", en = "Many" } }] | [{"many":2},{"many":3}] | sum(x.many) | 5
rows; columns = [{ name = "day", type = "date", title = { zh = "日", en = "Day" } }] | [{"day":"2026-02-28"}] | x[1].day = date("2026-02-28") | true
text; sensitivity = "personal" | "甲" | x = null | true
)";

}  // namespace qipan::test
