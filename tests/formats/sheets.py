"""The example's PDF as pictures, all pages on a sheet for each language; ``python -m tests.pages`` takes them anew."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

KEPT = Path(__file__).parent / "pictures"
NAMES = {"zh": "document", "en": "document.en"}
COLUMNS, RESOLUTION, GREYS = 5, 36, 16


def sheet(pdf: bytes, program: str) -> Image.Image:
    """The pages side by side, as poppler's ``program`` draws them."""
    with TemporaryDirectory() as name:
        (Path(name) / "page.pdf").write_bytes(pdf)
        subprocess.run(
            [program, "-gray", "-r", str(RESOLUTION), "page.pdf", "page"], cwd=name, check=True, capture_output=True
        )
        pages = [Image.open(path).convert("L") for path in sorted(Path(name).glob("page-*.pgm"))]
    width, height = pages[0].size
    result = Image.new("L", (COLUMNS * width, -(-len(pages) // COLUMNS) * height), 255)
    for number, page in enumerate(pages):
        result.paste(page, (number % COLUMNS * width, number // COLUMNS * height))
    return result


def keep(lang: str, pdf: bytes, program: str) -> None:
    """Writes the sheet to compare with."""
    sheet(pdf, program).quantize(GREYS).save(KEPT / f"{lang}.png", optimize=True)
