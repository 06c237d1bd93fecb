"""`make screenshots`: tell the first visit in a browser, at two widths and in both modes, and keep its pictures for the documents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "build" / "journeys"
KEPT = ROOT / "docs" / "images"
PAGES = ("landing", "create-drawing", "create-done", "library", "image")
STORY = "tests/journeys/test_first_picture.py"


def main() -> int:
    """Take them anew; the exit status of the story."""
    status = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", STORY], cwd=ROOT, check=False).returncode
    if status == 0:
        KEPT.mkdir(parents=True, exist_ok=True)
        for folder in sorted(TAKEN.iterdir()):
            for page in PAGES:
                with Image.open(folder / f"{page}.png") as shot:
                    shot.convert("RGB").save(KEPT / f"{page}-{folder.name}.webp", quality=82, method=6)
    return status


if __name__ == "__main__":
    sys.exit(main())
