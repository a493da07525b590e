#!/usr/bin/env python3
"""Writes src/base/pinyin_order.inc: the Chinese characters of the basic block in the order of their pinyin, as ICU has it, and where each first letter begins.

  pinyin_order.py > src/base/pinyin_order.inc

The file is frozen: keys made from it stand in districts. A newer order is another version beside it. Needs Debian's python3-icu, which nothing else here does.
"""
import icu

collator = icu.Collator.createInstance(icu.Locale("zh@collation=pinyin"))
latin = icu.Transliterator.createInstance("Han-Latin; Latin-ASCII")
characters = sorted((chr(code) for code in range(0x4E00, 0xA000)), key=collator.getSortKey)
letters = [latin.transliterate(character)[0] for character in characters]
# Behind them stand a hundred that have no reading: they keep the order of their code points.
read = next((i for i in range(1, len(letters)) if letters[i] < letters[i - 1] or not "a" <= letters[i] <= "z"), len(letters))
print(f"// ICU {icu.ICU_VERSION} (Unicode {icu.UNICODE_VERSION}), by tools/pinyin_order.py; frozen as version 1.")
print("constexpr std::string_view pinyin_order =")
lines = ["".join(characters[i : min(i + 40, read)]) for i in range(0, read, 40)]
print("\n".join(f'    "{line}"' for line in lines) + ";")
print("/// How many characters stand before the first of each letter.")
begins = [next((i for i in range(read) if letters[i] >= letter), read) for letter in "abcdefghijklmnopqrstuvwxyz"]
print("constexpr std::array<std::size_t, 26> pinyin_begins = {" + ", ".join(map(str, begins)) + "};")
