"""Makes the committed pages of the example anew: ``python -m tests.pages``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Literal

from symbackprop import derive
from symbackprop._util.files import write_whole

SPEC = Path("examples/document.toml")
FIGURE_FILES: tuple[Literal["svg", "pdf"], ...] = ("svg", "pdf")
PICTURE_PAGE, RESOLUTION = "1", "80"


def pages() -> dict[str, str | bytes]:
    """File name in ``output/`` → content: the spec's language, and English."""
    contents: dict[str, str | bytes] = {}
    for name, lang in (("document", "zh"), ("document.en", "en")):
        example = derive(SPEC, lang=lang)
        contents |= {
            f"{name}.md": example.to_markdown(figures=f"{name}-figures"),
            f"{name}.tex": example.to_latex(figures=f"{name}-figures"),
            f"{name}.pdf": example.to_pdf(),
        }
        for kind in FIGURE_FILES:
            files = example.figure_files(kind)
            contents |= {f"{name}-figures/{file}": content for file, content in files.items()}
    contents["document.json"] = derive(SPEC).to_json()
    return contents


def main() -> None:
    """Writes them, and the pictures: the README's if poppler is there, those of the HTML page if Chromium is."""
    for name, content in pages().items():
        write_whole(Path("output") / name, content)
    program = shutil.which("pdftoppm")
    if program:
        options = ["-png", "-singlefile", "-r", RESOLUTION, "-f", PICTURE_PAGE]
        subprocess.run([program, *options, "output/document.en.pdf", "docs/page"], check=True)
        from tests.formats import sheets

        for lang, stem in sheets.NAMES.items():
            sheets.keep(lang, Path("output", f"{stem}.pdf").read_bytes(), program)
    if shutil.which("chromium"):
        from tests.html import pictures

        pictures.main()


if __name__ == "__main__":
    main()
