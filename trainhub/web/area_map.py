"""A schematic map of a municipality and its surroundings, with numbers in bands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from trainhub.core.i18n import Text, _, render
from trainhub.places.queries import map_paths, nearest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from trainhub.matching.search import Nearby, Surroundings
    from trainhub.places.models import Municipality

AROUND = 9
WIDTH, HEIGHT = 480.0, 420.0
MARGIN = 24.0
MANY = 10
POINT = re.compile(r"(-?\d+(?:\.\d+)?)[ ,](-?\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Shape:
    """One municipality on the map: its outline, where its name stands, its number in words, its tone (0 to 3)."""

    name: str
    path: str
    x: float
    y: float
    words: str
    tone: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The map: its shapes and how they are put into the picture."""

    shapes: tuple[Shape, ...]
    transform: str
    rows: tuple[tuple[str, str], ...]


def area_map(session: Session, own: Municipality, around: Surroundings, locale: str) -> AreaMap | None:
    """The municipality with its neighbours; None when its outline is not known. One query."""
    shown = [own, *(other for other, _km in nearest(session, own, limit=AROUND))]
    shown = [one for one in shown if one.gm_code in map_paths()]
    if own not in shown:
        return None
    found = {one.gm_code: one for one in around.numbers}
    boxes = [_box(one.gm_code) for one in shown]
    west, north = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, south = max(box[2] for box in boxes), max(box[3] for box in boxes)
    scale = min((WIDTH - 2 * MARGIN) / (east - west), (HEIGHT - 2 * MARGIN) / (south - north))
    left = (WIDTH - scale * (east - west)) / 2 - scale * west
    top = (HEIGHT - scale * (south - north)) / 2 - scale * north
    shapes = []
    for one, (x1, y1, x2, y2) in zip(shown, boxes, strict=True):
        words, tone = _number(found.get(one.gm_code))
        x, y = left + scale * (x1 + x2) / 2, top + scale * (y1 + y2) / 2
        shapes.append(
            Shape(one.name, map_paths()[one.gm_code], round(x, 1), round(y, 1), render(words, locale), tone, one is own)
        )
    others = [
        (one.name, render(_number(one)[0], locale))
        for one in around.numbers
        if one.gm_code not in {m.gm_code for m in shown}
    ]
    listed = [(shape.name, shape.words) for shape in shapes if shape.tone or around.is_complete]
    rows = (*listed, *others)
    return AreaMap(tuple(shapes), f"translate({left:.2f} {top:.2f}) scale({scale:.3f})", rows)


def _number(nearby: Nearby | None) -> tuple[Text, int]:
    """The band in words and in tone: nobody, fewer than five, five to nine, ten or more."""
    if nearby is None:
        return _("nobody"), 0
    if nearby.number is None:
        return _("fewer than 5"), 1
    return (_("5 to 9"), 2) if nearby.number < MANY else (_("10 or more"), 3)


@cache
def _box(gm_code: str) -> tuple[float, float, float, float]:
    points = [(float(x), float(y)) for x, y in POINT.findall(map_paths()[gm_code])]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)
