#!/usr/bin/env python3
"""Makes the schematic district of packs/jianghai: a lattice, not a survey (示意).

Reads the real codes and names of streets and communities from tools/jianghai/divisions.csv and writes packs/jianghai/data/units.csv with
schematic outlines: each community a cell of a jittered 9 by 7 lattice, each of 8 unit grids a part of it. The same input
gives the same file. Unit grid codes are 15 digits: 6 region, 3 street, 3 community, 3 sequence.
"""
import csv
import json
import pathlib
import random

SOURCES = pathlib.Path(__file__).resolve().parent / "jianghai"
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "packs/jianghai/data"
COLUMNS, ROWS, PARTS_X, PARTS_Y = 9, 7, 4, 2
LEFT, BOTTOM, WIDTH, HEIGHT = 1_131_000_000, 225_000_000, 1_050_000, 820_000  # 1e-7 degrees
STREET_COLUMNS = {"440704001": (0, 2), "440704004": (2, 5), "440704005": (5, 9)}


def lattice(generator):
    """Jittered vertices shared by neighbours, so that grids meet without gaps."""
    across, up = COLUMNS * PARTS_X, ROWS * PARTS_Y
    step_x, step_y = WIDTH // across, HEIGHT // up
    points = {}
    for i in range(across + 1):
        for j in range(up + 1):
            edge_x, edge_y = i in (0, across), j in (0, up)
            points[i, j] = (
                LEFT + i * step_x + (0 if edge_x else generator.randint(-step_x // 5, step_x // 5)),
                BOTTOM + j * step_y + (0 if edge_y else generator.randint(-step_y // 5, step_y // 5)),
            )
    return points


def outline(points, i0, i1, j0, j1):
    ring = [points[i, j0] for i in range(i0, i1)]
    ring += [points[i1, j] for j in range(j0, j1)]
    ring += [points[i, j1] for i in range(i1, i0, -1)]
    ring += [points[i0, j] for j in range(j1, j0, -1)]
    return json.dumps([[value for point in ring for value in point]], separators=(",", ":"))


def main():
    with open(SOURCES / "divisions.csv", encoding="utf-8") as file:
        divisions = list(csv.DictReader(file))
    points = lattice(random.Random(440704))
    rows = []
    for division in divisions:
        if division["kind"] == "community":
            continue
        rows.append([division["code"], division["parent"], division["kind"], division["title_zh"], division["title_en"], "", ""])
    for street, (first, last) in STREET_COLUMNS.items():
        communities = [d for d in divisions if d["parent"] == street]
        cells = [(column, row) for column in range(first, last) for row in range(ROWS)]
        assert len(communities) == len(cells), (street, len(communities), len(cells))
        for community, (column, row) in zip(communities, cells):
            i0, j0 = column * PARTS_X, row * PARTS_Y
            rows.append([community["code"], street, "community", community["title_zh"], community["title_en"], "",
                         outline(points, i0, i0 + PARTS_X, j0, j0 + PARTS_Y)])
            for part in range(PARTS_X * PARTS_Y):
                i, j = i0 + part % PARTS_X, j0 + part // PARTS_X
                number = f"{part + 1:03d}"
                rows.append([community["code"] + number, community["code"], "grid",
                             f"{community['title_zh']}第{part + 1}网格", f"{community['title_en']} grid {part + 1}", "",
                             outline(points, i, i + 1, j, j + 1)])
    with open(SOURCES / "departments.csv", encoding="utf-8") as file:
        for department in csv.DictReader(file):
            rows.append([department["code"], "440704", "department", department["title_zh"], department["title_en"], "", ""])
    with open(FOLDER / "units.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "parent", "kind", "title_zh", "title_en", "calendar", "geometry"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
