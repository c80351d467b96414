"""Check yourself: the answers are what PyTorch-checked gradients and the update say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop import derive
from symbackprop.page.model import Bullets, Heading
from tests.networks import specs
from tests.test_pages import wide


def asked(spec: Any, lang: str = "en") -> tuple[Bullets, Bullets]:
    blocks = derive(spec, lang=lang).page.blocks
    last = max(k for k, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 1)
    questions, answers = (block for block in blocks[last:] if isinstance(block, Bullets))
    return questions, answers


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(), st.sampled_from(["zh", "en"]))
def test_every_question_has_an_answer(spec: dict[str, Any], lang: str) -> None:
    questions, answers = asked(spec, lang)
    assert 1 <= len(questions.items) == len(answers.items) <= 6


def test_a_nudge_changes_the_loss_as_the_gradient_says() -> None:
    """E at w + 0.001, computed anew, against the answer."""
    spec = wide([3, 4, 3], ["tanh", "softmax"])
    example = derive(spec, digits=12)
    gradients = example["dE/d" + example.derivation.network.output.weight].value
    i, j = max(((i, j) for i in range(4) for j in range(3)), key=lambda place: abs(gradients[place[0]][place[1]]))
    weights = spec["layer"][-1]["W"]
    moved = [list(row) for row in weights]
    moved[i][j] = str(Decimal(weights[i][j]) + Decimal("0.001"))
    other = derive(spec | {"layer": [spec["layer"][0], spec["layer"][1] | {"W": moved}]}, digits=12)
    change = other["E"].value - example["E"].value
    answer = repr(asked(spec)[1].items[1])
    told = derive(spec).shown.figure(f"dE/d{example.derivation.network.output.weight}", (i + 1, j + 1))
    assert abs(change - Decimal(told) / 1000) < abs(change) / 100
    assert f"{Decimal(told) / 1000:f}".rstrip("0") in answer


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_weight_that_stays_is_not_asked_about(lang: str) -> None:
    moving = asked(wide([3, 3], ["softmax"]), lang)
    resting = asked(wide([3, 3], ["softmax"]) | {"learning_rate": "0"}, lang)
    assert len(resting[0].items) == len(moving[0].items) - 1
