#pragma once

/// Two registers, and what commands leave in them.
namespace qipan::test::registers {

inline constexpr const char* posts = R"(
name = "post"
title = { zh = "灯杆", en = "Post" }
key = "code"
geometry = "point"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
min = 2
max = 8
[[fields]]
name = "height"
type = "decimal"
title = { zh = "高度", en = "Height" }
min = 1
max = 40
[[fields]]
name = "lamps"
type = "integer"
title = { zh = "灯数", en = "Lamps" }
max = 9
[[fields]]
name = "lit"
type = "boolean"
title = { zh = "亮", en = "Lit" }
[[fields]]
name = "since"
type = "date"
title = { zh = "启用", en = "Since" }
[[fields]]
name = "kind"
type = "choice"
title = { zh = "类型", en = "Kind" }
options = ["led", "sodium"]
)";

inline constexpr const char* firms = R"(
name = "firm"
title = { zh = "企业", en = "Firm" }
key = "code"
[[fields]]
name = "code"
type = "credit_code"
title = { zh = "统一社会信用代码", en = "Credit code" }
required = true
[[fields]]
name = "licence"
type = "text"
title = { zh = "许可证号", en = "Licence" }
unique = true
[[fields]]
name = "lamp"
type = "reference"
title = { zh = "门前灯杆", en = "Lamp post at its door" }
to = ["post", "unit"]
[[fields]]
name = "capital"
type = "money"
title = { zh = "注册资本", en = "Capital" }
unit = "元"
[[fields]]
name = "trades"
type = "choices"
title = { zh = "业态", en = "Trades" }
options = [{ value = "food", title = { zh = "餐饮", en = "Food" } }, { value = "retail", title = { zh = "零售", en = "Retail" } }]
[[fields]]
name = "shops"
type = "rows"
title = { zh = "门店", en = "Shops" }
columns = [{ name = "street", type = "reference", to = ["unit"], title = { zh = "街道", en = "Street" } }, { name = "many", type = "integer", title = { zh = "数量", en = "How many" } }]
)";

inline constexpr const char* firm_cases = R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
register.add | {"register":"post","values":{"code":"P1"}} | {"unit":1,"values":{"code":"P1"}}
# Values are kept in the one form that they have, whatever the sender's.
register.add | {"register":"firm","values":{"trades":["retail","food"],"code":"91440704M3HETHHP2H","capital":1000000.50,"lamp":"post:1"}} | {"unit":1,"values":{"code":"91440704M3HETHHP2H","lamp":"post:1","capital":1000000.5,"trades":["food","retail"]}}
register.add | {"register":"firm","values":{"code":"91440704M3HETHHP2H"}} | entry-known values/code
register.add | {"register":"firm","values":{"code":"91440704M3HETHHP2X"}} | field-unfit values/code
register.add | {"register":"firm","values":{"code":"92440704MABXHAQG3R","capital":0.005}} | field-unfit values/capital
# What is referred to is there, in rows too.
register.add | {"register":"firm","values":{"code":"92440704MABXHAQG3R","lamp":"post:2"}} | reference-unknown values/lamp
register.add | {"register":"firm","values":{"code":"92440704MABXHAQG3R","lamp":"firm:1"}} | field-unfit values/lamp
register.add | {"register":"firm","values":{"code":"92440704MABXHAQG3R","shops":[{"street":"unit:1","many":2},{"street":"unit:9"}]}} | reference-unknown values/shops/1/street
register.add | {"register":"firm","values":{"code":"92440704MABXHAQG3R","shops":[{"street":"unit:1","many":1.5}]}} | field-unfit values/shops/0/many
register.add | {"register":"firm","values":{"code":"92440704MABXHAQG3R","licence":"A-1","shops":[{"many":2,"street":"unit:1"}]}} | {"unit":1,"values":{"code":"92440704MABXHAQG3R","licence":"A-1","shops":[{"street":"unit:1","many":2}]}}
# What may stand once, stands once among those that are not retired.
register.change | {"register":"firm","id":1,"values":{"licence":"A-1"}} | value-known values/licence
register.change | {"register":"firm","id":2,"values":{"licence":"A-1"}} | nothing-changes values
register.retire | {"register":"firm","id":2,"reason":"注销"} | {"reason":"注销"}
register.change | {"register":"firm","id":1,"values":{"licence":"A-1","trades":[]}} | {"was":{"values":{"licence":null,"trades":["food","retail"]}},"now":{"values":{"licence":"A-1","trades":null}}}
register.change | {"register":"firm","id":1,"values":{"capital":1000000.5}} | nothing-changes values
)";

/// People to be called, by the number of what they keep.
inline constexpr const char* keepers = R"(
name = "keeper"
title = { zh = "管护人", en = "Keepers" }
key = "code"
[[fields]]
name = "code"
type = "text"
title = { zh = "编号", en = "Code" }
required = true
[[fields]]
name = "contact"
type = "text"
title = { zh = "联系人", en = "Contact" }
sensitivity = "personal"
[[fields]]
name = "telephone"
type = "telephone"
title = { zh = "电话", en = "Telephone" }
sensitivity = "personal"
required = 'called'
[[fields]]
name = "called"
type = "boolean"
title = { zh = "需电话联系", en = "To be called" }
[[fields]]
name = "pictures"
type = "photos"
title = { zh = "照片", en = "Pictures" }
)";

inline constexpr const char* keeper_cases = R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | has {"code":"X"}
# In the clear, or by somebody else's reference, nothing comes in.
register.add | {"register":"keeper","values":{"code":"1","contact":"张三"}} | personal-not-sealed values/contact
register.add | {"register":"keeper","values":{"code":"1","contact":{"vault":"00","hash":"00"}}} | personal-not-sealed values/contact
register.add | {"register":"keeper","values":{"code":"1","called":true}} | field-required values/telephone
register.add | {"register":"keeper","values":{"code":"1","called":true},"sealed":{"values/telephone":"13800000001","values/contact":"张三"}} | has {"unit":1}
register.add | {"register":"keeper","values":{"code":"2","pictures":["0000000000000000000000000000000000000000000000000000000000000001"]}} | has {"unit":1}
register.add | {"register":"keeper","values":{"code":"3","pictures":["one"]}} | field-unfit values/pictures
# Seen one by one, with a purpose.
register.reveal | {"register":"keeper","id":1,"field":"contact"} | field-required purpose
register.reveal | {"register":"keeper","id":1,"field":"contact","purpose":"约时间"} | {"field":"contact","purpose":"约时间"}
register.reveal | {"register":"keeper","id":1,"field":"called","purpose":"约时间"} | reveal-field field
register.reveal | {"register":"keeper","id":2,"field":"contact","purpose":"约时间"} | reveal-field field
register.reveal | {"register":"keeper","id":9,"field":"contact","purpose":"约时间"} | entry-unknown id
register.change | {"register":"keeper","id":1,"values":{"contact":"李四"}} | personal-not-sealed values/contact
register.change | {"register":"keeper","id":1,"values":{},"sealed":{"values/contact":"李四"},"reason":"换人"} | has {"reason":"换人"}
register.change | {"register":"keeper","id":1,"values":{"telephone":null}} | field-required values/telephone
register.erase | {"register":"keeper","id":1,"field":"contact","purpose":"本人要求"} | {"field":"contact","purpose":"本人要求","now":{"values":{"contact":null}}}
register.erase | {"register":"keeper","id":1,"field":"contact","purpose":"本人要求"} | reveal-field field
register.reveal | {"register":"keeper","id":1,"field":"contact","purpose":"约时间"} | reveal-field field
register.retire | {"register":"keeper","id":1,"reason":"离职"} | {"reason":"离职"}
# What is retired is not changed any more, and still is erased.
register.erase | {"register":"keeper","id":1,"field":"telephone","purpose":"期满"} | has {"field":"telephone"}
)";

inline constexpr const char* cases = R"(
unit.create | {"code":"X","kind":"district","title_zh":"区","title_en":"District"} | {"code":"X","kind":"district","title_zh":"区","title_en":"District","parent":0,"calendar":""}
register.add | {"register":"post","values":{"code":"P1","height":8.5,"lit":true},"x":1131000000,"y":225000000} | {"unit":1,"values":{"code":"P1","height":8.5,"lit":true},"x":1131000000,"y":225000000}
register.add | {"register":"post","values":{"code":"P1"}} | entry-known values/code
register.add | {"register":"post","values":{"height":8}} | field-required values/code
register.add | {"register":"post","values":{"code":"P"}} | field-unfit values/code
register.add | {"register":"post","values":{"code":"杆"}} | field-unfit values/code
register.add | {"register":"post","values":{"code":"东海路东段南侧灯杆"}} | field-unfit values/code
register.add | {"register":"post","values":{"code":"P\u0007"}} | field-unfit values/code
register.add | {"register":"post","values":{"code":"P2","height":41}} | field-unfit values/height
register.add | {"register":"post","values":{"code":"P2","height":"8"}} | field-unfit values/height
register.add | {"register":"post","values":{"code":"P2","lamps":1.5}} | field-unfit values/lamps
register.add | {"register":"post","values":{"code":"P2","lit":1}} | field-unfit values/lit
register.add | {"register":"post","values":{"code":"P2","since":"2026-02-30"}} | field-unfit values/since
register.add | {"register":"post","values":{"code":"P2","kind":"neon"}} | field-unfit values/kind
register.add | {"register":"post","values":{"code":"P2","colour":"red"}} | field-unknown values/colour
register.add | {"register":"post","values":{"code":"P2"},"unit":"nowhere"} | unit-unknown unit
register.add | {"register":"post","values":{"code":"P2"},"geometry":[[0,0,1,0,1,1]]} | geometry-not-here geometry
register.add | {"register":"post","values":{"code":"P2"},"more":1} | field-unknown more
register.add | {"register":"post","values":["P2"]} | field-unfit values
register.change | {"register":"post","id":1,"values":{"height":9,"lit":true}} | {"was":{"values":{"height":8.5}},"now":{"values":{"height":9}}}
register.change | {"register":"post","id":1,"values":{"height":9}} | nothing-changes values
register.change | {"register":"post","id":1,"x":null,"y":null} | {"was":{"x":1131000000,"y":225000000},"now":{"x":null,"y":null}}
register.change | {"register":"post","id":1,"x":null} | longitude-outside x
register.change | {"register":"post","id":1,"geometry":null} | geometry-not-here geometry
register.change | {"register":"post","id":1,"x":1131000000,"y":225000000} | {"was":{"x":null,"y":null},"now":{"x":1131000000,"y":225000000}}
register.change | {"register":"post","id":1,"values":{"height":9.0}} | nothing-changes values
register.change | {"register":"post","id":1,"values":{"kind":null}} | nothing-changes values
register.change | {"register":"post","id":1,"values":{"kind":"led","height":null}} | {"was":{"values":{"height":9,"kind":null}},"now":{"values":{"height":null,"kind":"led"}}}
register.change | {"register":"post","id":1,"x":1131000000,"y":225000001} | {"was":{"y":225000000},"now":{"y":225000001}}
register.change | {"register":"post","id":1,"values":{"lamps":2},"x":1131000000,"y":225000001,"reason":"数过"} | {"was":{"values":{"lamps":null}},"now":{"values":{"lamps":2}},"reason":"数过"}
register.change | {"register":"post","id":1} | nothing-to-change values
register.change | {"register":"post","id":1,"values":{"code":null}} | field-required values/code
register.change | {"register":"post","id":2,"values":{"height":3}} | entry-unknown id
register.change | {"register":"post","values":{"height":3}} | field-required id
register.add | {"register":"post","values":{"code":"P2"}} | {"unit":1,"values":{"code":"P2"}}
register.change | {"register":"post","id":2,"values":{"code":"P1"}} | entry-known values/code
register.add | {"register":"post","values":{"code":"东海路南侧灯杆"}} | {"unit":1,"values":{"code":"东海路南侧灯杆"}}
register.retire | {"register":"post","id":2} | field-required reason
register.retire | {"register":"post","id":2,"reason":"拆除"} | {"reason":"拆除"}
register.retire | {"register":"post","id":2,"reason":"拆除"} | entry-retired id
register.change | {"register":"post","id":2,"values":{"height":3}} | entry-retired id
register.add | {"register":"post","values":{"code":"P2"}} | {"unit":1,"values":{"code":"P2"}}
)";

}  // namespace qipan::test::registers
