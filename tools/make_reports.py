#!/usr/bin/env python3
"""Makes examples/reports/synthetic.csv: invented reports in the shape of a 311 export, with its usual faults.

The same seed gives the same file. Nothing in it is anybody's: places lie on a lattice, names are made up.
"""
import csv
import pathlib
import random
from datetime import datetime, timedelta

TARGET = pathlib.Path(__file__).resolve().parent.parent / "examples/reports/synthetic.csv"
CLASSES = [("Cover missing", "Water", 1), ("Lamp out", "Power", 3), ("Refuse on the road", "Sanitation", 2), ("Pothole", "Roads", 14)]
HEADER = ["SRRecordID", "SRType", "MethodReceived", "CreatedDate", "SRStatus", "StatusDate", "DueDate", "CloseDate", "Agency",
          "Address", "Latitude", "Longitude"]


def text(moment):
    return moment.strftime("%m/%d/%Y %I:%M:%S %p") if moment else ""


def main():
    generator = random.Random(311)
    rows = []
    for number in range(600):
        name, agency, days = generator.choice(CLASSES)
        created = datetime(2018, 1, 1) + timedelta(seconds=generator.randrange(300 * 86400))
        due = created + timedelta(days=days) if generator.random() < 0.95 else None
        closed = created + timedelta(seconds=int(generator.expovariate(1 / (days * 43200)))) if generator.random() < 0.97 else None
        if due and closed and generator.random() < 0.02:
            closed = due  # done at the very second: on time
        status = "Closed" if closed else "Open"
        if generator.random() < 0.03:
            status += " (Duplicate)"
        place = (f"{39.2 + generator.random() / 10:.7f}", f"{-76.6 + generator.random() / 10:.7f}")
        fault = generator.random()
        if fault < 0.05:
            place = ("", "")
        elif fault < 0.12:
            place = ("39", "-77")
        rows.append([f"S{number:05d}", name, "Phone", text(created), status, text(closed or created), text(due), text(closed),
                     agency, f'{number} EXAMPLE ST, "UNIT" {number % 7}', *place])
    rows.append(["S90001", "Pothole", "Phone", "03/11/2018 02:30:00 AM", "Open", "", "", "", "Roads", "In the gap", "39.25", "-76.55"])
    rows.append(["S90002", "Pothole", "Phone", "11/04/2018 01:30:00 AM", "Closed", "11/04/2018 01:40:00 AM", "11/04/2018 01:35:00 AM",
                 "11/04/2018 01:40:00 AM", "Roads", "In the overlap", "39.25", "-76.55"])
    rows.append(["", "Pothole", "Phone", "01/02/2018 09:00:00 AM", "Open", "", "", "", "Roads", "No id", "39.25", "-76.55"])
    rows.append(["S90004", "", "Phone", "01/02/2018 09:00:00 AM", "Open", "", "", "", "Roads", "No class", "39.25", "-76.55"])
    rows.append(["S90005", "Pothole", "Phone", "yesterday", "Open", "", "", "", "Roads", "No time", "39.25", "-76.55"])
    with open(TARGET, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
