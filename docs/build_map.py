"""Build `indicators/data/europe.json` from world-atlas (Natural Earth, public domain).

Usage: `npm install world-atlas@2`, `pip install shapely topojson pycountry` (build dependencies only), then
`python docs/build_map.py node_modules/world-atlas/countries-50m.json`.

The map is projected here (Lambert azimuthal equal area about 10° E 52° N, the projection of the
European statistics, on a sphere) and cut to a frame, so that the page draws plane coordinates: kilometres
east and north of the centre. Countries carry their ISO 3166-1 alpha-2 code as `id`; `markers` holds the
centres of those too small to be seen.
"""

import json
import sys
from math import asin, cos, degrees, radians, sin, sqrt
from pathlib import Path

import pycountry
import topojson
from shapely import make_valid
from shapely.geometry import Polygon, box, shape
from shapely.ops import unary_union

TARGET = Path(__file__).parent.parent / "indicators" / "data" / "europe.json"
CENTRE = 10.0, 52.0
RADIUS_KM = 6371.0
FRAME = box(-2150, -1960, 2130, 2300)
"""Iceland, Cyprus, the Canary Islands not; kilometres."""
SOURCE = "Natural Earth 1:50m (public domain), by way of world-atlas 2.0.2; see docs/build_map.py"
COUNTRIES = frozenset([
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "GB", "NO", "CH", "IS", "LI",
])  # fmt: skip
"""What is told apart; all other land is one background without borders."""
JOINED = {"AX": "FI", "N. Cyprus": "CY"}
"""Shapes of the source that belong to a country here."""
SMALL = ("LU", "MT")
"""Countries that get a marker."""
TOLERANCE_KM = 1.6
GRID = 4000
FAR = 60.0
"""Rings that lie wholly this many degrees from the centre cannot reach the frame and are not projected."""


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Lambert azimuthal equal area on a sphere (Snyder 1987, Map Projections: A Working Manual, p. 185)."""
    east, north = radians(longitude - CENTRE[0]), radians(latitude)
    middle = radians(CENTRE[1])
    inner = 1 + sin(middle) * sin(north) + cos(middle) * cos(north) * cos(east)
    factor = RADIUS_KM * sqrt(2 / max(inner, 1e-9))
    return (
        factor * cos(north) * sin(east),
        factor * (cos(middle) * sin(north) - sin(middle) * cos(north) * cos(east)),
    )


def distance(longitude: float, latitude: float) -> float:
    """Degrees between a point and the centre."""
    x, y = project(longitude, latitude)
    return degrees(2 * asin(min(1.0, sqrt(x * x + y * y) / RADIUS_KM / 2)))


def arcs(topology: dict) -> list[list[tuple[float, float]]]:
    """Arcs of a quantised topology in degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * kx + dx, y * ky + dy))
        found.append(line)
    return found


def rings(geometry: dict, lines: list) -> list[list[list[tuple[float, float]]]]:
    """Polygons of a geometry, each as its rings in degrees."""

    def ring(numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:
            line = lines[number] if number >= 0 else lines[~number][::-1]
            points += line[1:] if points else line
        return points

    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [[ring(numbers) for numbers in polygon] for polygon in polygons]


def code(geometry: dict) -> str:
    """ISO 3166-1 alpha-2 code of a country that is told apart; empty for all other land."""
    country = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
    found = country.alpha_2 if country else geometry["properties"]["name"]
    found = JOINED.get(found, found)
    return found if found in COUNTRIES else ""


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = arcs(topology)
    pieces: dict[str, list] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        for outer, *holes in rings(geometry, lines):
            if min(distance(*point) for point in outer) < FAR:
                plane = Polygon([project(*p) for p in outer], [[project(*p) for p in hole] for hole in holes])
                seen = make_valid(plane).intersection(FRAME)
                parts = getattr(seen, "geoms", [seen])
                kept = [part for part in parts if part.geom_type == "Polygon" and part.area]
                pieces.setdefault(code(geometry), []).extend(kept)
    features, centres = [], {}
    for name, parts in sorted(pieces.items()):
        whole = unary_union(parts)
        properties = {"code": name}
        features.append({"type": "Feature", "properties": properties, "geometry": whole.__geo_interface__})
        if name in SMALL:
            centres[name] = [round(value) for value in shape(whole).representative_point().coords[0]]
    built = topojson.Topology(
        {"type": "FeatureCollection", "features": features}, object_name="europe", prequantize=False,
        toposimplify=TOLERANCE_KM, topoquantize=GRID, prevent_oversimplify=True, winding_order="CW_CCW",
    ).to_dict()  # fmt: skip
    for geometry in built["objects"]["europe"]["geometries"]:
        geometry.pop("id", None)
        if name := geometry.pop("properties")["code"]:
            geometry["id"] = name
    built.pop("bbox", None)
    built["markers"] = centres
    built["source"] = SOURCE
    TARGET.write_text(json.dumps(built, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(features)} countries, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
