#!/usr/bin/env python3
"""Holds the JSON Schemas of fields against what the program itself took: a validator that shares no code with it.

  schema_check.py CASES           one JSON object a line: schema, value, fits; what a pattern cannot say is checked here again, by the standards' own formulas
  schema_check.py --suite DIR     the validator itself, by the JSON Schema test suite: how much of draft 2020-12 it passes
"""
import datetime
import decimal
import json
import pathlib
import re
import sys

import jsonschema
from jsonschema import validators

formats = jsonschema.FormatChecker(formats=())


@formats.checks("date")
def is_date(value):
    return not isinstance(value, str) or bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)) and day_exists(value)


def day_exists(text):
    try:
        datetime.date.fromisoformat(text)
        return True
    except ValueError:
        return False


@formats.checks("date-time")
def is_instant(value):
    if not isinstance(value, str):
        return True
    form = r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9])(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
    found = re.fullmatch(form, value, re.ASCII)
    return bool(found) and day_exists(found[1])


@formats.checks("credit_code")
def is_credit_code(value):
    """GB 32100-2015, annex A."""
    if not isinstance(value, str) or len(value) != 18:
        return not isinstance(value, str)
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    if any(sign not in signs for sign in value):
        return False
    total = sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(value[:17]))
    return signs.index(value[17]) == -total % 31


@formats.checks("organisation_code")
def is_organisation_code(value):
    """GB 11714-1997."""
    if not isinstance(value, str):
        return True
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", value):
        return False
    check = 11 - sum(int(sign, 36) * weight for sign, weight in zip(value, (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return value[8] == {10: "X", 11: "0"}.get(check, str(check))


@formats.checks("citizen_number")
def is_citizen_number(value):
    """GB 11643-1999: ISO 7064 MOD 11-2 over all eighteen gives 1; born on a day that exists."""
    if not isinstance(value, str):
        return True
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", value):
        return False
    total = 0
    for sign in value:
        total = (total * 2 + (10 if sign == "X" else int(sign))) % 11
    born = f"{value[6:10]}-{value[10:12]}-{value[12:14]}"
    return total == 1 and value[6:10] >= "1800" and day_exists(born)


def pattern(_, wanted, instance, __):
    """As ECMA 262 has it, where $ is the end and nothing else."""
    if isinstance(instance, str) and not re.search(re.sub(r"\$(?=$|[|)])", r"\\Z", wanted), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {wanted!r}")


def is_number(_, value):
    """Numbers are read as decimals, so that nothing is rounded on the way."""
    return isinstance(value, (int, decimal.Decimal)) and not isinstance(value, bool)


def is_integer(_, value):
    return is_number(_, value) and value == int(value)


decimal.getcontext().prec = 60
Checker = validators.extend(
    jsonschema.Draft202012Validator,
    {"pattern": pattern},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("number", is_number).redefine("integer", is_integer),
)


def hold(path):
    seen, apart, validator_of = 0, 0, {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        case = json.loads(line, parse_float=decimal.Decimal)
        key = json.dumps(case["schema"], default=float)
        if key not in validator_of:
            Checker.check_schema(json.loads(key))
            validator_of[key] = Checker(case["schema"], format_checker=formats)
        seen += 1
        if validator_of[key].is_valid(case["value"]) == case["fits"]:
            continue
        apart += 1
        print(f"apart: the program says {case['fits']}: {line[:600]}")
    print(f"schemas: {seen} values, {seen - apart} taken or refused alike")
    return 0 if seen > 0 and apart == 0 else 1


def suite(folder):
    """What needs documents from elsewhere fails, and counts as not passed."""
    passed = total = 0
    for path in sorted(pathlib.Path(folder).glob("tests/draft2020-12/*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            for one in group["tests"]:
                total += 1
                try:
                    passed += jsonschema.Draft202012Validator(group["schema"]).is_valid(one["data"]) == one["valid"]
                except Exception:
                    pass
    print(f"JSON Schema test suite, draft 2020-12: passed {passed} of {total} ({passed / max(total, 1):.1%})")
    return 0 if total > 0 and passed / total > 0.9 else 1


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--suite":
        sys.exit(suite(sys.argv[2]))
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(hold(sys.argv[1]))
