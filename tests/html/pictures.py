"""Pictures of the example's HTML page, kept to be compared: ``python -m tests.html.pictures`` takes them anew."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.html.browser import Theme, chromium, shown
from tests.html.pages import page, written

KEPT = Path(__file__).parent / "pictures"
DOCS = {"answer": Path("docs/html.png"), "network": Path("docs/html-network.png")}
WIDTHS, HEIGHT = (390, 800, 1400), 2600
ASKED, POINTED = "dE/dW_kl[1,1]", "h2_in[2]"
SCREEN = {"width": 1280, "height": 820}
COLOURS = 128
BLOCK = 8
MOST_MEAN, MOST_BLOCK, MOST_BLOCKS = 3.0, 30.0, 0.01
"""Of 255 levels: the mean difference, that of a block of pixels that counts as different, and how many blocks may be so.
Another version of Chromium draws the edges of letters differently; a bracket that is missing or a line elsewhere is more."""


def tops(browser: Browser, directory: Path) -> Iterator[tuple[str, Image.Image]]:
    """The first screens of the page at each width in each theme, at half size."""
    for width in WIDTHS:
        with shown(browser, written(directory, page()), width) as view:
            for theme in get_args(Theme):
                view.emulate_media(color_scheme=theme)
                yield f"{width}-{theme}", top(view)


def top(view: Page) -> Image.Image:
    """The first screens of a page, at half size."""
    width = view.viewport_size["width"] if view.viewport_size else WIDTHS[0]
    clip = {"x": 0, "y": 0, "width": width, "height": HEIGHT}
    return taken(view, clip=clip, full_page=True).resize((width // 2, HEIGHT // 2))


def screens(browser: Browser, directory: Path) -> Iterator[tuple[str, Image.Image]]:
    """A screen with a number of the network's picture pointed at, and one with an answer open."""
    number = "(address) => records.findIndex((record) => record[0] === address)"
    with shown(browser, written(directory, page()), viewport=SCREEN) as view:
        view.locator(f'svg [data-q="f{view.evaluate(number, POINTED)}"]').first.hover()
        yield "network", taken(view)
        element = view.locator(f'main mn[data-q="b{view.evaluate(number, ASKED)}"]').last
        element.evaluate("(e) => e.scrollIntoView({ block: 'center' })")
        element.click()
        expect(view.get_by_role("dialog")).to_be_visible()
        yield "answer", taken(view)


def taken(view: Page, **options: Any) -> Image.Image:
    """A picture of what is seen."""
    return Image.open(BytesIO(view.screenshot(**options))).convert("RGB")


def few(picture: Image.Image) -> Image.Image:
    """The picture in few colours, each of them near to one of its own."""
    return picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)


def is_alike(first: Image.Image, second: Image.Image) -> bool:
    """Whether nobody would see a difference but in the edges of letters."""
    if first.size != second.size:
        return False
    a, b = (np.asarray(picture.convert("RGB"), dtype=float) for picture in (first, second))
    rows, columns = (size // BLOCK * BLOCK for size in a.shape[:2])
    means = [
        x[:rows, :columns].reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK, 3).mean(axis=(1, 3)) for x in (a, b)
    ]
    blocks = np.abs(means[0] - means[1]).max(axis=2)
    return bool(np.abs(a - b).mean() <= MOST_MEAN and (blocks > MOST_BLOCK).mean() <= MOST_BLOCKS)


def main() -> None:
    """Takes them all."""
    with chromium() as browser, TemporaryDirectory() as directory:
        for name, picture in tops(browser, Path(directory)):
            few(picture).save(KEPT / f"{name}.png", optimize=True)
        for name, picture in screens(browser, Path(directory)):
            picture.save(DOCS[name], optimize=True)


if __name__ == "__main__":
    main()
