"""The pages of the PDF look as they did when somebody last looked at them."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from symbackprop import derive
from tests.formats.sheets import KEPT, sheet
from tests.html.pictures import is_alike
from tests.pages import SPEC
from tests.test_pages import needed


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.slow
def test_the_pages_of_the_example(lang: str) -> None:
    drawn = sheet(derive(SPEC, lang=lang).to_pdf(), needed("pdftoppm"))
    kept = Image.open(KEPT / f"{lang}.png")
    assert is_alike(drawn, kept), "python -m tests.pages takes the pictures anew; look at them"
    assert not is_alike(ImageChops.offset(drawn, 0, 3), kept), "what is moved by a line is seen"
