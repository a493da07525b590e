#!/usr/bin/env python3
"""Prints the figures that the demonstration's generator is fitted to, from a real export of 311 reports.

usage: fit_reports.py FILE.csv
Hours and weekdays of creation, how unequal the classes are, and how much of its time a report takes until it is closed (as
a share of the time from creation to due), each as whole numbers per thousand. docs/demo.md says how they are used.
"""
import csv
import sys
from collections import Counter
from datetime import datetime


def read_time(text):
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p") if text else None


def per_thousand(counts):
    total = sum(counts)
    return [round(1000 * count / total) for count in counts]


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    created = [read_time(row["CreatedDate"]) for row in rows]
    hours, days = Counter(t.hour for t in created), Counter(t.weekday() for t in created)
    print("hours    ", per_thousand([hours[h] for h in range(24)]))
    print("weekdays ", per_thousand([days[d] for d in range(7)]))
    classes = [count for _, count in Counter(row["SRType"] for row in rows).most_common(24)]
    print("classes  ", per_thousand(classes))
    shares = []
    for row, start in zip(rows, created):
        due, closed = read_time(row["DueDate"]), read_time(row["CloseDate"])
        if due and closed and due > start:
            shares.append((closed - start) / (due - start))
    shares.sort()
    print("handling ", [round(1000 * shares[min(len(shares) - 1, i * len(shares) // 20)]) for i in range(21)])
    print("duplicate", round(1000 * sum("Duplicate" in row["SRStatus"] for row in rows) / len(rows)))
    print("placeless", round(1000 * sum(row["Latitude"] in ("", "39") for row in rows) / len(rows)))


if __name__ == "__main__":
    main()
