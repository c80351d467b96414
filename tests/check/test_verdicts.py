"""No verdict changes unseen; ``python -m tests.verdicts`` says which did."""

from __future__ import annotations

import pytest

from tests.verdicts import net


@pytest.mark.parametrize("name", net.sample())
def test_a_sample_of_reports_is_as_it_was(name: str) -> None:
    assert net.hashed(net.report(name)) == net.kept()[name]


@pytest.mark.slow
def test_every_report_is_as_it_was() -> None:
    assert {name: net.hashed(net.report(name)) for name in net.names()} == net.kept()
