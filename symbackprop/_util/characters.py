"""Which characters need a Chinese, Japanese or Korean font."""

from __future__ import annotations

import re

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]|[\U00020000-\U0003ffff]")


def needs_cjk(text: str) -> bool:
    """Whether a Chinese font is needed."""
    return CJK.search(text) is not None
