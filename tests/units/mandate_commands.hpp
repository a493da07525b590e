#pragma once

namespace qipan::test {

// What mandates open and what they do not, over the pack of support/firms.hpp.

// People: boss 1 (firm 1), clerk 2 (firm 1, `asking` alone), rival 3 (firm 2), safe 4.
inline constexpr const char* mandates_given = R"(
unit.give_mandate@person:4 | {"login":"boss","party":"firm:1","reason":"licence seen"} | {"person":1,"party":"firm:1","kinds":null,"until":null,"reason":"licence seen"}
unit.give_mandate@person:4 | {"login":"clerk","party":"firm:1","kinds":["asking"],"until":"2026-07-01T00:00:00Z","reason":"letter"} | {"person":2,"party":"firm:1","kinds":["asking"],"until":1782864000000000,"reason":"letter"}
unit.give_mandate | {"login":"rival","party":"firm:2","reason":"licence"} | has {"person":3,"party":"firm:2"}
unit.give_mandate@person:4 | {"login":"safe","party":"firm:1","reason":"mine"} | own-mandate login
unit.give_mandate@person:1 | {"login":"rival","party":"firm:1","reason":"friend"} | not-permitted 
unit.give_mandate | {"login":"boss","party":"firm:9","reason":"r"} | not-known party
unit.give_mandate | {"login":"boss","party":"site:1","reason":"r"} | not-known party
unit.give_mandate | {"login":"boss","party":"person:2","reason":"r"} | not-known party
unit.give_mandate | {"login":"nobody","party":"firm:1","reason":"r"} | not-known login
unit.give_mandate | {"login":"boss","party":"firm:1"} | field-required reason
unit.give_mandate | {"login":"rival","party":"firm:1","kinds":[],"reason":"r"} | mandate-kinds kinds
unit.give_mandate | {"login":"rival","party":"firm:1","kinds":["a","a"],"reason":"r"} | mandate-kinds kinds
unit.give_mandate | {"login":"rival","party":"firm:1","kinds":[1],"reason":"r"} | mandate-kinds kinds
unit.give_mandate | {"login":"rival","party":"firm:1","until":"2026-05-01T00:00:00Z","reason":"r"} | mandate-over until
unit.give_mandate | {"login":"boss","party":"firm:1","reason":"again"} | mandate-held login
)";

inline constexpr const char* mandates_used = R"(
# Opening: for one's own organisation alone, said or not, and where the type opens to parties.
case.create@mandate:1 | {"type":"asking","source":"hotline","fields":{"wish":"lower rent"}} | source-other source
case.create@mandate:1 | {"type":"asking","fields":{"wish":"lower rent"}} | has {"party":"firm:1","source":"party","fields":{"wish":"lower rent","firm":"firm:1"}}
case.create@mandate:2 | {"type":"asking","fields":{"wish":"more","firm":"firm:1"}} | has {"party":"firm:1"}
case.create@mandate:1 | {"type":"asking","fields":{"wish":"spy","firm":"firm:2"}} | party-other fields/firm
case.create@mandate:1 | {"type":"visit","fields":{}} | not-permitted type
case.create@mandate:9 | {"type":"asking","fields":{"wish":"w"}} | mandate-unknown
case.create@person:1 | {"type":"asking","fields":{"wish":"w"}} | not-permitted type
# The office opens one about an organisation.
case.create | {"type":"visit","fields":{"firm":"firm:1","finding":"exit blocked","thought":"they knew"}} | has {"party":"firm:1","source":"worker"}
case.create | {"type":"visit","fields":{"finding":"about nobody"}} | has {"party":null}
# Steps of a party: on its own cases, of its kinds, where it is asked; others are as if they were not there.
case.transition@mandate:1 | {"id":3,"transition":"explain","fields":{"reply":"cleared"}} | has {"transition":"explain","state":"explained"}
case.transition@mandate:2 | {"id":3,"transition":"explain","fields":{"reply":"cleared"}} | case-unknown id
case.transition@mandate:3 | {"id":3,"transition":"explain","fields":{"reply":"spy"}} | case-unknown id
case.transition@mandate:3 | {"id":99,"transition":"explain","fields":{"reply":"spy"}} | case-unknown id
case.transition@mandate:1 | {"id":4,"transition":"explain","fields":{"reply":"spy"}} | case-unknown id
case.transition@mandate:1 | {"id":3,"transition":"end"} | not-permitted transition
case.transition@person:1 | {"id":3,"transition":"explain","fields":{"reply":"as me"}} | not-permitted transition
case.comment@mandate:1 | {"id":3,"text":"t"} | not-permitted 
case.reveal@mandate:1 | {"id":3,"field":"firm","purpose":"to see"} | not-permitted 
register.change@mandate:1 | {"register":"firm","id":1,"values":{"name":"Better"}} | not-permitted 
# Whoever acts for an organisation is no person: nothing of an account opens.
unit.set_absence@mandate:1 | {"login":"boss","from":"2026-06-02T00:00:00Z","until":"2026-06-04T00:00:00Z","reason":"leave"} | not-permitted 
unit.set_contact@mandate:1 | {"login":"boss","email":null} | session-needed 
# A case becomes another's: theirs from here on, and the first one's no more.
case.transition | {"id":3,"transition":"correct","fields":{"firm":"firm:2"}} | has {"party":"firm:2","now":{"fields":{"firm":"firm:2"}}}
case.transition@mandate:1 | {"id":3,"transition":"explain","fields":{"reply":"mine no more"}} | case-unknown id
case.transition@mandate:3 | {"id":3,"transition":"explain","fields":{"reply":"ours"}} | has {"state":"explained"}
# Entries.
register.change | {"register":"site","id":1,"values":{"owner":"firm:2"},"reason":"sold"} | has {"party":"firm:2"}
# Ending.
unit.end_mandate@person:1 | {"mandate":1,"reason":"r"} | not-permitted 
unit.end_mandate@person:4 | {"mandate":77,"reason":"r"} | not-known mandate
unit.end_mandate@person:4 | {"mandate":1,"reason":"left"} | {"reason":"left"}
unit.end_mandate@person:4 | {"mandate":1,"reason":"left"} | not-known mandate
case.create@mandate:1 | {"type":"asking","fields":{"wish":"w"}} | mandate-unknown
# An organisation that is gone: no mandate for it, and its cases stay its own.
register.retire | {"register":"firm","id":2,"reason":"struck off"} | {"reason":"struck off"}
unit.give_mandate | {"login":"boss","party":"firm:2","reason":"r"} | not-known party
)";

}  // namespace qipan::test
