"""An HTML page in Chromium: it fits a phone, needs no script, can be used without a mouse, and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from symbackprop import derive
from tests.html.browser import chromium, shown
from tests.html.pages import EXAMPLE, page, report, written

SMALL = "examples/regression.toml"
PHONE = 390


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def wide(*widths: int) -> str:
    """The page of a network with these widths."""
    pairs = list(pairwise(widths))
    layers = [
        {"activation": "tanh", "W": [[f"0.{i + j + 1}" for j in range(to)] for i in range(source)], "b": ["0.25"] * to}
        for source, to in pairs
    ]
    layers[-1]["activation"] = "softmax"
    target = ["1", *["0"] * (widths[-1] - 1)]
    spec = {
        "input": ["0.5"] * widths[0],
        "target": target,
        "learning_rate": "0.1",
        "loss": "cross_entropy",
        "layer": layers,
    }
    return derive(spec, notation="nielsen").to_html()


TEXTS: dict[str, Callable[[], str]] = {
    "English": page,
    "Chinese": lambda: page(lang="zh"),
    "large": lambda: wide(30, 20, 10),
    "report": report,
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.slow
def test_nothing_is_wider_than_a_phone(browser: Browser, tmp_path: Path, name: str) -> None:
    """What is wide moves inside its own box. Nothing is fetched, and the console is silent."""
    with shown(browser, written(tmp_path, TEXTS[name]()), PHONE) as view:
        assert view.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert view.evaluate("[...document.querySelectorAll('.wide')].some((box) => box.scrollWidth > box.clientWidth)")


def test_without_a_script_everything_is_there(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page()), java_script_enabled=False) as view:
        assert view.locator("details:not([open])").count() == 0
        assert view.locator("button:visible").count() == 0
        assert view.locator(".hint:visible").count() == 0
        expect(view.get_by_text("A sample")).to_be_visible()
        expect(view.get_by_text("a gradient always has the shape")).to_be_visible()
        expect(view.locator("math").last).to_be_visible()


@pytest.mark.slow
def test_axe_has_nothing_to_say_about_a_page(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page(SMALL)), bypass_csp=True) as view:
        assert violations(view) == []


def test_axe_has_nothing_to_say_about_an_open_answer(browser: Browser, tmp_path: Path) -> None:
    """Here in Chinese, on a phone, in the dark."""
    with shown(browser, written(tmp_path, page(SMALL, "zh")), PHONE, "dark", bypass_csp=True) as view:
        view.locator(".equation [data-q]").nth(8).click()
        expect(view.get_by_role("dialog")).to_be_visible()
        assert violations(view) == []


@pytest.mark.slow
def test_axe_has_nothing_to_say_about_a_report(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, report()), bypass_csp=True) as view:
        assert violations(view) == []


def violations(view: Page) -> list[str]:
    found = Axe().run(view).response["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html']}" for v in found]


# --- where a number comes from ----------------------------------------------------------------------------------------


def entry(view: Page, address: str) -> str:
    """A selector for the elements that show an entry."""
    number = view.evaluate("(address) => records.findIndex((record) => record[0] === address)", address)
    assert number >= 0, address
    return f'main :is([data-q="f{number}"], [data-q="b{number}"], [data-q="p{number}"], [data-q="o{number}"])'


def lit(view: Page, name: str) -> set[str]:
    """The addresses of what is lit up as this."""
    return set(
        view.evaluate(
            "(name) => [...document.querySelectorAll('main .' + name)].map((e) => records[numberOf(e)][0])", name
        )
    )


def test_pointing_at_a_number_shows_where_it_comes_from_and_where_it_goes(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page())) as view:
        view.locator(entry(view, "h2_in[1]")).last.hover()
        assert lit(view, "same") == {"h2_in[1]"}
        weights = {f"W_jk[{j},1]" for j in (1, 2, 3)}
        assert lit(view, "from") == {"h1_out[1]", "h1_out[2]", "h1_out[3]", "b_k[1]"} | weights
        assert lit(view, "to") == {"h2_out[1]"}
        assert view.locator("main .same").count() == view.locator(entry(view, "h2_in[1]")).count()
        expect(view.locator("#key")).to_be_visible()
        view.mouse.move(1, 1)
        assert lit(view, "same") == set()


def test_pointing_at_a_number_lights_up_the_figures_too(browser: Browser, tmp_path: Path) -> None:
    """The units and the lines of the network, forward and backward."""
    with shown(browser, written(tmp_path, page())) as view:
        view.locator(entry(view, "h2_in[2]")).last.hover()
        assert view.locator("svg text.same").count() >= 1
        assert view.locator("svg path.from").count() == 3
        view.locator(entry(view, "dE/dW_kl[1,1]")).last.hover()
        assert view.locator("svg path.same").count() == 1


def test_pointing_at_an_array_shows_all_of_its_entries(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page())) as view:
        view.locator(entry(view, "h1_in")).first.hover()
        assert lit(view, "same") == {"h1_in", "h1_in[1]", "h1_in[2]", "h1_in[3]"}
        assert {"x", "x[1]", "W_ij", "W_ij[2,3]", "b_j", "b_j[3]"} <= lit(view, "from")


def test_a_click_on_an_entry_opens_its_derivation(browser: Browser, tmp_path: Path) -> None:
    """Law, symbols, numbers, result; from there to what it is made of, and back."""
    with shown(browser, written(tmp_path, page())) as view:
        view.locator(entry(view, "dE/dW_kl[2,3]")).last.click()
        dialog = view.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(dialog.locator("code")).to_have_text("dE/dW_kl[2,3]")
        rows = ["".join(text.split()) for text in dialog.locator("mtable.lines > mtr").all_text_contents()]
        assert rows == ["∂E∂Wkl=∂E∂Oin,l·h2out,k", "∂E∂Wk2l3=∂E∂Oin,3·h2out,2", "=0.82628·0.94048", "=0.77710"]
        dialog.locator("mtable.lines > mtr").nth(2).locator("mn").last.click()
        expect(dialog.locator("code")).to_have_text("h2_out[2]")
        dialog.get_by_role("button", name="Back").click()
        expect(dialog.locator("code")).to_have_text("dE/dW_kl[2,3]")
        dialog.get_by_role("button", name="W_kl'[2,3]").click()
        expect(dialog.locator("code")).to_have_text("W_kl'[2,3]")
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_be_hidden()


def test_every_answer_can_be_shown(browser: Browser, tmp_path: Path) -> None:
    """Each record of the page fills the dialog with formulas that name no record by its number any more."""
    with shown(browser, written(tmp_path, page(EXAMPLE, "zh", "zhou"))) as view:
        bodies = view.evaluate(
            "records.slice(0, shown).map((_, number) => { show(number); return byId('answer-body').textContent; })"
        )
        assert len(bodies) > 150
        assert all(body and not set("«§¶¤") & set(body) for body in bodies)


def test_the_keyboard_reaches_every_number(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page())) as view:
        first = view.locator(".equation > .wide").first
        for _ in range(60):
            view.keyboard.press("Tab")
            if first.evaluate("(box) => box === document.activeElement"):
                break
        expect(first).to_be_focused()
        expect(view.locator("#status")).to_have_text("x")
        view.keyboard.press("ArrowRight")
        expect(view.locator("#status")).to_have_text("x[1] = 0.1")
        assert lit(view, "same") == {"x[1]"}
        view.keyboard.press("Enter")
        expect(view.get_by_role("dialog")).to_be_visible()
        expect(view.get_by_role("button", name="Close")).to_be_focused()
        view.keyboard.press("Escape")
        expect(view.get_by_role("dialog")).to_be_hidden()
        expect(first).to_be_focused()
        view.keyboard.press("End")
        expect(view.locator("#status")).to_have_text("lr = 0.01")


# --- folding, copying, printing ---------------------------------------------------------------------------------------


def test_sections_fold_and_a_link_opens_them(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page(SMALL))) as view:
        answers = view.get_by_text("a gradient always has the shape")
        expect(answers).to_be_hidden()
        view.get_by_text("The answers:").click()
        expect(answers).to_be_visible()
        view.get_by_role("button", name="Fold all sections").click()
        assert view.locator("section > details[open]").count() == 0
        view.locator("nav a").last.click()
        assert view.locator("section").last.locator("> details[open]").count() == 1
        view.emulate_media(media="print")
        view.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert view.locator("details:not([open])").count() == 0


def test_a_formula_is_copied_as_latex(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, written(tmp_path, page(SMALL)), permissions=["clipboard-read", "clipboard-write"]) as view:
        view.locator(".equation").first.hover()
        view.locator(".copy").first.click()
        expect(view.locator("#status")).to_have_text("Copied")
        assert view.evaluate("navigator.clipboard.readText()").startswith(r"\begin{aligned}")
