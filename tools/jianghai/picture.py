"""What a map of the town shows: land, river, ponds, parks, roads with names, railway, footprints with numbers, schools and markets."""
import json
import math

from .names import Namer
from .plane import ACROSS, PARTS_X, PARTS_Y, RIVER, UP, along, degrees, place, ring

BRIDGES = (4, 8, 12)
RINGS = ((3, "v"), (32, "v"), (2, "h"), (12, "h"))
OLD_TOWN = (0, 8, 4, 10)  # i and j, from and below
HIGH_TECH = (24, 36, 9, 14)
PONDS = (22, 34, 0, 3)


def within(area, i, j):
    return area[0] <= i < area[1] and area[2] <= j < area[3]


class Picture:
    """Features as lines of GeoJSON, of a town that the same generator draws the same each time."""

    def __init__(self, random, communities):
        self.random = random
        self.communities = communities  # (column, row) -> title_zh, title_en
        self.namer = Namer()
        self.lines = []
        self.parks = {(i, j) for i, j in ((5, 7), (6, 7), (11, 3), (14, 10), (15, 10), (17, 5), (18, 5), (24, 6), (25, 6), (29, 7), (10, 12), (33, 8), (28, 11))}

    def add(self, kind, geometry, **properties):
        self.lines.append(json.dumps({"type": "Feature", "properties": {"kind": kind, **properties}, "geometry": geometry}, ensure_ascii=False, separators=(",", ":")))

    def line(self, kind, points, **properties):
        self.add(kind, {"type": "LineString", "coordinates": [degrees(point) for point in along(points)]}, **properties)

    def area(self, kind, points, **properties):
        self.add(kind, {"type": "Polygon", "coordinates": [[degrees(point) for point in points]]}, **properties)

    def point(self, kind, i, j, **properties):
        self.add(kind, {"type": "Point", "coordinates": degrees(place(i, j))}, **properties)

    def ground(self):
        self.area("land", ring(0, ACROSS, 0, UP, 8))
        # The river is wider at its mouth, in the south.
        half = lambda j: 0.42 - 0.012 * j + 0.05 * math.sin(j)
        west = [(RIVER - half(j / 4), j / 4) for j in range(UP * 4 + 1)]
        east = [(RIVER + half(j / 4), j / 4) for j in range(UP * 4, -1, -1)]
        self.area("water", along(west + east + west[:1], 2), name="银洲河", name_en="Yinzhou River")
        self.line("waterline", [(RIVER, j) for j in range(UP + 1)], name="银洲河", name_en="Yinzhou River")
        for i in range(PONDS[0], PONDS[1]):
            for j in range(PONDS[2], PONDS[3]):
                for a, b in ((0.1, 0.1), (0.55, 0.1), (0.1, 0.55), (0.55, 0.55)):
                    if self.random.random() < 0.85:
                        self.area("water", ring(i + a, i + a + 0.36, j + b, j + b + 0.36, 4), pond=1)
        for i, j in sorted(self.parks):
            self.area("park", ring(i + 0.08, i + 0.92, j + 0.08, j + 0.92, 4))
            if self.random.random() < 0.4:
                self.area("water", ring(i + 0.35, i + 0.65, j + 0.35, j + 0.6, 6))

    def kind_of_road(self, at, direction):
        if (at, direction) in RINGS:
            return "ring"
        if direction == "h":
            return "primary" if at in BRIDGES else ("secondary" if at % PARTS_Y == 0 else "street")
        return "primary" if at % 12 == 6 else ("secondary" if at % PARTS_X == 0 else "street")

    def road(self, kind, points, bridge=False):
        zh, en = self.namer.name(kind) if kind != "ring" else ("环城路", "Ring Road")
        properties = {"class": kind, "name": zh, "name_en": en}
        if bridge:
            properties["bridge"] = 1
        self.line("road", points, **properties)

    def roads(self):
        for j in range(1, UP):
            kind = self.kind_of_road(j, "h")
            over = j in BRIDGES or j == 2
            pieces = [(0.3, RIVER - 0.6), (RIVER + 0.6, ACROSS - 0.3)] if not over else [(0.3, ACROSS - 0.3)]
            if kind in ("street", "secondary") and not over:
                pieces = [(0.3, 8), (8, 14), (14, RIVER - 0.6), (RIVER + 0.6, 28), (28, ACROSS - 0.3)]
            for start, end in pieces:
                self.road(kind, [(start, j), (end, j)])
        for i in range(1, ACROSS):
            if i == RIVER:
                for side in (-0.6, 0.6):
                    self.road("secondary", [(RIVER + side, 0.3), (RIVER + side, UP - 0.3)])
                continue
            kind = self.kind_of_road(i, "v")
            pieces = [(0.3, UP - 0.3)] if kind in ("ring", "primary") else [(0.3, 4), (4, 7), (7, 10), (10, UP - 0.3)]
            for start, end in pieces:
                if kind == "street" and within(PONDS, i, start + 1):
                    continue
                self.road(kind, [(i, start), (i, end)])
        for i in range(OLD_TOWN[0], OLD_TOWN[1], 2):
            for j in range(OLD_TOWN[2], OLD_TOWN[3]):
                self.road("lane", [(i + 0.05, j + 0.5), (i + 1.95, j + 0.5)])
        for j in BRIDGES:
            self.line("bridge", [(RIVER - 0.55, j), (RIVER + 0.55, j)], **{"class": "primary"})
        self.line("rail", [(-0.2, 11.2), (6, 10.6), (14, 10.9), (22, 11.6), (30, 12.4), (36.2, 12.7)])

    def building(self, i, j, width, height, number):
        turn = self.random.uniform(-0.008, 0.008)
        corners = [(i, j), (i + width, j + turn), (i + width - turn, j + height), (i, j + height - turn), (i, j)]
        properties = {"number": str(number)} if number else {}
        self.area("building", [place(*corner) for corner in corners], **properties)

    def block(self, i, j):
        """Footprints of one grid, along its south and north, numbered odd on one side and even on the other."""
        if (i, j) in self.parks or (within(PONDS, i, j) and self.random.random() < 0.9):
            return
        inset = 0.5 if i == RIVER else 0.12
        far = 0.5 if i == RIVER - 1 else 0.12
        if within(HIGH_TECH, i, j):
            across, up, fill = 3, 2, 0.8
        elif within(OLD_TOWN, i, j):
            across, up, fill = 8, 4, 0.93
        else:
            across, up, fill = 6, 4, 0.85
        number = self.random.randrange(1, 40, 2)
        width, height = (1 - inset - far) / across, 0.78 / up
        for row in range(up):
            for column in range(across):
                number += 2
                if self.random.random() > fill:
                    continue
                gap = self.random.uniform(0.72, 0.9)
                depth = self.random.uniform(0.5, 0.72)
                self.building(i + inset + column * width, j + 0.11 + row * height + (0.04 if row * 2 >= up else 0), width * gap, height * depth, number + row % 2)

    def places(self):
        for (column, row), (zh, en) in sorted(self.communities.items()):
            i, j = column * PARTS_X, row * PARTS_Y
            short = zh.replace("社区居委会", "").replace("村委会", "").replace("居委会", "")
            plain = en.replace(" Community", "").replace(" Village", "")
            self.point("place", i + 1.5, j + 0.5, **{"class": "school", "name": short + "小学", "name_en": plain + " School"})
            if (column + row) % 2 == 0:
                self.point("place", i + 2.5, j + 1.5, **{"class": "market", "name": short + "市场", "name_en": plain + " Market"})
            if (column * 3 + row) % 7 == 0:
                self.point("place", i + 0.5, j + 1.5, **{"class": "clinic", "name": short + "卫生站", "name_en": plain + " Clinic"})
        self.point("place", 14, 11.1, **{"class": "station", "name": "江海东站", "name_en": "Jianghai East Station"})

    def draw(self):
        self.ground()
        self.roads()
        for i in range(ACROSS):
            for j in range(UP):
                self.block(i, j)
        self.places()
        return self.lines
