#!/usr/bin/env python3
"""Counts files of the Beijing Multi-Site Air Quality data set by themselves, to be held against what `qipan import observations` says: rows, cells
with a value, cells without one, values over the hourly limits of GB 3095 (class 2, greater than), and days whose mean of at least 20 hours is
over the daily limits of their own time (before 2031). Exact decimals; shares no code with the program.

    tools/count_observations.py FILE... [--against FIGURES.json]
"""
import collections
import csv
import decimal
import json
import sys

measures = ["PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "TEMP", "PRES", "DEWP", "RAIN", "wd", "WSPM"]
hourly = {"SO2": 500, "NO2": 200, "CO": 10000, "O3": 200}
daily = {"SO2": 150, "NO2": 80, "CO": 4000, "PM10": 150, "PM2.5": 75}
daily_from_2026_03 = dict(daily, **{"PM10": 120, "PM2.5": 60})

words = sys.argv[1:]
against = words[words.index("--against") + 1] if "--against" in words else None
files = [word for word in words if word != "--against" and word != against]
figures = {"rows": 0, "observations": 0, "missing": 0, "refused": 0}
over, over_means = {}, {}
for path in files:
    by_day = collections.defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            figures["rows"] += 1
            station = row["station"]
            over.setdefault(station, dict.fromkeys(hourly, 0))
            over_means.setdefault(station, dict.fromkeys(daily, 0))
            for measure in measures:
                if row[measure] in ("NA", ""):
                    figures["missing"] += 1
                    continue
                figures["observations"] += 1
                if measure == "wd":
                    continue
                value = decimal.Decimal(row[measure])
                if measure in hourly and value > hourly[measure]:
                    over[station][measure] += 1
                if measure in daily:
                    by_day[station, row["year"], row["month"], row["day"], measure].append(value)
    for (station, *date, measure), values in by_day.items():
        day = tuple(int(part) for part in date)
        table = daily if day < (2026, 3, 1) else daily_from_2026_03
        if len(values) >= 20 and sum(values) > table[measure] * len(values):
            over_means[station][measure] += 1
figures.update(over_limit=over, mean24h_over=over_means)
if against is None:
    print(json.dumps(figures))
    sys.exit(0)
told = json.load(open(against))
wrong = 0
for name, value in figures.items():
    if isinstance(value, dict):
        for station, counts in value.items():
            for measure, count in counts.items():
                # An hourly measure without an hourly limit is not told, and the other way round.
                said = told[name][station].get(measure)
                if said is not None and said != count:
                    print(f"{name} {station} {measure}: the program says {said}, the file {count}")
                    wrong += 1
                if said is None and count > 0:
                    print(f"{name} {station} {measure}: the program says nothing, the file {count}")
                    wrong += 1
    elif told[name] != value:
        print(f"{name}: the program says {told[name]}, the file {value}")
        wrong += 1
print(f"observations: {figures['rows']} rows, {figures['observations']} values, {figures['missing']} missing; {wrong} differences")
sys.exit(1 if wrong else 0)
