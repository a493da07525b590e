"""The plane on which the town is laid out: whole numbers count unit grids, 36 across and 14 up; `place` bends it to what a town looks like."""
import math

COLUMNS, ROWS, PARTS_X, PARTS_Y = 9, 7, 4, 2
ACROSS, UP = COLUMNS * PARTS_X, ROWS * PARTS_Y
CENTRE_X, CENTRE_Y = 1_131_525_000, 225_410_000  # 1e-7 degrees
HALF_X, HALF_Y = 620_000, 484_000
RIVER = 20  # the line between two sub-districts that the river follows
# Waves of no two lengths alike, so that nothing repeats.
WAVES = ((1.0, 0.7, 0.3, 0.030), (0.6, 1.3, 2.1, 0.026), (2.1, 1.7, 4.0, 0.012), (3.1, 2.3, 1.2, 0.010), (4.3, 3.7, 5.1, 0.007))


def place(i, j):
    """Longitude and latitude in 1e-7 degrees of a point of the plane: a rounded square, bent by waves."""
    s, t = 2 * i / ACROSS - 1, 2 * j / UP - 1
    x = s * math.sqrt(1 - 0.27 * t * t)
    y = t * math.sqrt(1 - 0.27 * s * s)
    bend_x = sum(size * math.sin(math.pi * (a * s + b * t) + phase) for a, b, phase, size in WAVES)
    bend_y = sum(size * math.cos(math.pi * (b * s - a * t) + 1.7 * phase) for a, b, phase, size in WAVES)
    # The river winds, and what lies beside it with it.
    bend_x += 0.05 * math.sin(2.3 * math.pi * t + 0.4) * math.exp(-(((i - RIVER) / 6) ** 2))
    return CENTRE_X + round(HALF_X * (x + bend_x)), CENTRE_Y + round(HALF_Y * (y + bend_y))


def along(points, steps=6):
    """The way through points of the plane, with places between them, so that it bends as the plane does."""
    found = []
    for (i0, j0), (i1, j1) in zip(points, points[1:]):
        parts = max(1, math.ceil(max(abs(i1 - i0), abs(j1 - j0)) * steps))
        found += [place(i0 + (i1 - i0) * n / parts, j0 + (j1 - j0) * n / parts) for n in range(parts)]
    return found + [place(*points[-1])]


def ring(i0, i1, j0, j1, steps=3):
    """A rectangle of the plane, from its south-west corner counterclockwise; neighbours share every point of an edge."""
    return along([(i0, j0), (i1, j0), (i1, j1), (i0, j1), (i0, j0)], steps)


def degrees(point):
    return [round(point[0] / 1e7, 5), round(point[1] / 1e7, 5)]
