"""Take pictures of a report: `python tests/screenshots.py REPORT.html FOLDER`.

Writes light and dark ones at the widths of a telephone and of a desk. Needs Chromium, no network.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.browser import missing, screenshot

HEIGHTS = {360: 16_000, 1280: 11_000}
"""Width -> height that holds the whole page, pixels."""


def main() -> int:
    if len(sys.argv) != 3 or not Path(sys.argv[1]).is_file():
        sys.stderr.write(__doc__ or "")
        return 2
    if missing():
        sys.stderr.write(f"no picture was taken: {missing()}\n")
        return 3
    page, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in HEIGHTS.items():
        for scheme in ("light", "dark"):
            file = folder / f"{page.stem}-{width}-{scheme}.png"
            screenshot(page, file, width, height, scheme=scheme)
            sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
