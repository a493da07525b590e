#!/usr/bin/env python3
"""Makes the town of packs/jianghai: made up, not surveyed, with the real codes and names of its divisions.

Reads streets and communities from tools/jianghai/divisions.csv and writes packs/jianghai/data/units.csv with outlines (a community is four by two
unit grids of a plane that is bent to what a town looks like; its lines are the roads) and examples/maps/jianghai.geojsonl, what maps
show below everything else. The same input gives the same files. Unit grid codes are 15 digits: 6 region, 3 street, 3 community, 3 sequence.
"""
import csv
import json
import pathlib
import random

from jianghai.picture import Picture
from jianghai.plane import COLUMNS, PARTS_X, PARTS_Y, ROWS, ring

SOURCES = pathlib.Path(__file__).resolve().parent / "jianghai"
PACK = pathlib.Path(__file__).resolve().parent.parent / "packs/jianghai"
MAPS = PACK.parent.parent / "examples/maps"
STREET_COLUMNS = {"440704001": (0, 2), "440704004": (2, 5), "440704005": (5, COLUMNS)}


def outline(i0, i1, j0, j1):
    return json.dumps([[value for point in ring(i0, i1, j0, j1)[:-1] for value in point]], separators=(",", ":"))


def main():
    with open(SOURCES / "divisions.csv", encoding="utf-8") as file:
        divisions = list(csv.DictReader(file))
    rows = []
    for division in divisions:
        if division["kind"] == "community":
            continue
        rows.append([division["code"], division["parent"], division["kind"], division["title_zh"], division["title_en"], "", ""])
    named = {}
    for street, (first, last) in STREET_COLUMNS.items():
        communities = [d for d in divisions if d["parent"] == street]
        cells = [(column, row) for column in range(first, last) for row in range(ROWS)]
        assert len(communities) == len(cells), (street, len(communities), len(cells))
        for community, (column, row) in zip(communities, cells):
            named[column, row] = (community["title_zh"], community["title_en"])
            i0, j0 = column * PARTS_X, row * PARTS_Y
            rows.append([community["code"], street, "community", community["title_zh"], community["title_en"], "", outline(i0, i0 + PARTS_X, j0, j0 + PARTS_Y)])
            for part in range(PARTS_X * PARTS_Y):
                i, j = i0 + part % PARTS_X, j0 + part // PARTS_X
                rows.append([f"{community['code']}{part + 1:03d}", community["code"], "grid", f"{community['title_zh']}第{part + 1}网格", f"{community['title_en']} grid {part + 1}", "", outline(i, i + 1, j, j + 1)])
    with open(SOURCES / "departments.csv", encoding="utf-8") as file:
        for department in csv.DictReader(file):
            rows.append([department["code"], "440704", "department", department["title_zh"], department["title_en"], "", ""])
    with open(PACK / "data/units.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "parent", "kind", "title_zh", "title_en", "calendar", "geometry"])
        writer.writerows(rows)
    with open(MAPS / "jianghai.geojsonl", "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in Picture(random.Random(440704), named).draw())


if __name__ == "__main__":
    main()
