"""A page as PDF by the TeX of this machine. A document can read and run nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from symbackprop._util.errors import MissingTool
from symbackprop._util.files import write_whole
from symbackprop.page.model import Page
from symbackprop.render.document import to_latex
from symbackprop.render.drawings import figure_files

TEX_OPTIONS = ("-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape")
SECONDS = 120
FIGURES = "figures"
RUNS = 1
"""One run is enough, as the page has no references; a table of contents takes another."""
PROBLEM = re.compile(r"^(?:!|[^\n:]+:\d+:) (.+)$", re.MULTILINE)


def pdf_by_tex(page: Page, engine: str, templates: Path | None) -> tuple[bytes, tuple[str, ...]]:
    """The PDF, and warnings; ``engine`` is latexmk, xelatex, lualatex or pdflatex.

    Raises ``MissingTool`` if the engine is not on this machine, or cannot make this page.
    """
    rendered = to_latex(page, templates=templates, figures=FIGURES)
    if engine == "pdflatex" and rendered.chinese:
        raise MissingTool("pdflatex", "cannot set Chinese", "take --engine xelatex, or the built-in typst")
    if engine == "pdflatex" and page.layout.font:
        raise MissingTool("pdflatex", "takes no font by its name", "take --engine xelatex, or the built-in typst")
    pdf, warnings = _tex(rendered.text, engine, rendered.chinese, figure_files(page, "pdf"), RUNS + page.layout.toc)
    return pdf, rendered.warnings + warnings


def _tex(
    source: str, engine: str, chinese: bool, figures: dict[str, str | bytes], runs: int
) -> tuple[bytes, tuple[str, ...]]:
    program = shutil.which(engine)
    if program is None:
        raise MissingTool(
            engine, "is not on this machine", "install a TeX, or leave --engine out for the built-in typst"
        )
    options = list(TEX_OPTIONS)
    if engine == "latexmk":
        options = ["-xelatex" if chinese else "-pdf", "-norc", *options[:3], "-latexoption=-no-shell-escape"]
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "page.tex").write_text(source, encoding="utf-8")
        for name, content in figures.items():
            write_whole(Path(directory) / FIGURES / name, content)
        environment = os.environ | {"openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
        try:
            for _ in range(runs):
                result = subprocess.run(  # noqa: S603 - a program of a closed list, on a file of ours
                    [program, *options, "page.tex"],
                    cwd=directory,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=SECONDS,
                    check=False,
                )
        except subprocess.TimeoutExpired:
            raise MissingTool(engine, f"took longer than {SECONDS} s", "try the built-in typst") from None
        pdf, log = Path(directory) / "page.pdf", Path(directory) / "page.log"
        text = (
            log.read_text(encoding="utf-8", errors="replace")
            if log.exists()
            else result.stdout.decode(errors="replace")
        )
        if result.returncode or not pdf.exists():
            found = PROBLEM.search(text)
            problem = found[1] if found else f"ended with code {result.returncode}"
            raise MissingTool(engine, problem, "is a package missing? the built-in typst needs none")
        return pdf.read_bytes(), log_warnings(text, engine)


def log_warnings(log: str, engine: str) -> tuple[str, ...]:
    """What a reader would see: characters that are missing, lines that stick out."""
    found = re.findall(r"^(Missing character: .+|Overfull \\hbox .+)$", log, re.MULTILINE)
    return tuple(f"{engine}: {line}" for line in dict.fromkeys(found))
