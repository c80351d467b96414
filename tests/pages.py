"""Makes the committed pages of the example anew: ``python -m tests.pages``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from symbackprop import derive
from symbackprop.files import write_whole

SPEC = Path("examples/document.toml")
PICTURE_PAGE, RESOLUTION = "7", "80"


def pages() -> dict[str, str | bytes]:
    """File name in ``output/`` → content: the spec's language, and English."""
    contents: dict[str, str | bytes] = {}
    for name, lang in (("document", "zh"), ("document.en", "en")):
        example = derive(SPEC, lang=lang)
        contents |= {
            f"{name}.md": example.to_markdown(),
            f"{name}.tex": example.to_latex(),
            f"{name}.pdf": example.to_pdf(),
        }
    contents["document.json"] = derive(SPEC).to_json()
    return contents


def main() -> None:
    """Writes them, and the README's picture if poppler is there."""
    for name, content in pages().items():
        write_whole(Path("output") / name, content)
    program = shutil.which("pdftoppm")
    if program:
        options = ["-png", "-singlefile", "-r", RESOLUTION, "-f", PICTURE_PAGE]
        subprocess.run([program, *options, "output/document.en.pdf", "docs/page"], check=True)


if __name__ == "__main__":
    main()
