#!/usr/bin/env python3
"""Counts an export of reports by itself, sharing no code with Qipan, for comparing with `qipan import reports --json`.

usage: count_reports.py FILE.csv
Knows only Baltimore's columns, on purpose: it is the second opinion, not a second importer.
"""
import csv
import json
import sys
from datetime import datetime


def read_time(text):
    try:
        return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p")
    except ValueError:
        return None


def usable(row):
    try:
        latitude, longitude = float(row["Latitude"]), float(row["Longitude"])
    except ValueError:
        return False
    return latitude != 39 and -90 <= latitude <= 90 and -180 <= longitude <= 180


def main():
    rows, refusals, kept = 0, {}, []
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            reason = None
            if not row["SRRecordID"]:
                reason = "id-missing"
            elif not row["SRType"]:
                reason = "class-missing"
            elif read_time(row["CreatedDate"]) is None:
                reason = "created-unreadable"
            if reason:
                refusals[reason] = refusals.get(reason, 0) + 1
            else:
                kept.append(row)
    times = [(read_time(row["DueDate"]), read_time(row["CloseDate"])) for row in kept]
    print(json.dumps({
        "rows": rows,
        "cases": len(kept),
        "refused": rows - len(kept),
        "refusals": dict(sorted(refusals.items())),
        "created": len(kept),
        "closed": sum(closed is not None for _, closed in times),
        "due": sum(due is not None for due, _ in times),
        "late": sum(due is not None and closed is not None and closed > due for due, closed in times),
        "without_place": sum(not usable(row) for row in kept),
        "duplicates": sum("(Duplicate)" in row["SRStatus"] for row in kept),
    }, separators=(",", ":")))


if __name__ == "__main__":
    main()
