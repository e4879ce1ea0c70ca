"""What is on the app's screen, and how a person's finger gets at it: the semantics that Flutter puts into the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import FileChooser, FilePayload, Locator, Page, expect

from checklists.language import Language
from tests.journeys.in_chinese import in_chinese

SHORTLY_MS = 30_000
LOOKS = 20
# Frames that were drawn, not a time: on a busy machine a page that has not moved yet is taken for one that cannot,
# and what rolls a moment later loses the tap. A page that draws nothing is given up on after a second.
THREE_FRAMES = """() => new Promise(done => {
  let left = 3;
  const next = () => (left -= 1) ? requestAnimationFrame(next) : done();
  requestAnimationFrame(next);
  setTimeout(done, 1000);
})"""
# What can be tapped, written into, moved or looked at, and says nothing of itself to a screen reader.
UNNAMED = """() => {
  const roles = ["button", "link", "checkbox", "radio", "switch", "slider", "tab", "img", "dialog", "alertdialog"];
  const all = ["input", "textarea", "[flt-tappable]", ...roles.map(role => `[role=${role}]`)];
  const named = ({ ariaLabel, title, placeholder, textContent }) =>
    [ariaLabel, title, placeholder, textContent].some(words => words?.trim());
  return [...document.querySelectorAll(`flt-semantics-host :is(${all})`)]
    .filter(element => !named(element)).map(element => element.outerHTML.slice(0, 200));
}"""
QUESTION_KEY = re.compile(r", [A-Z]+\d+(#\d+)?$")


class Screen:
    """What one page of the app shows; what a step starts is to be waited for by what it shows then."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.language: Language = "en"

    def said(self, words: str) -> str:
        """Return the words as this screen says them; every step names them in English."""
        return words if self.language == "en" else in_chinese(words)

    def begins(self, words: str) -> re.Pattern[str]:
        """Return a pattern for a name that begins with `words`, as far as their first place to fill."""
        return begins(self.said(words).partition("{")[0])

    def button(self, name: str | re.Pattern[str]) -> Locator:
        name = self.said(name) if isinstance(name, str) else name
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str)).first

    def tap(self, name: str | re.Pattern[str]) -> None:
        """Click it; what belongs to a question is rolled into view first (`scroll_to` says why).

        Whatever else is on the screen by then has a name: so the journeys walk every screen they come by.
        """
        button = self.button(name)
        button.wait_for(state="attached")
        assert self.page.evaluate(UNNAMED) == []
        if isinstance(name, str) and QUESTION_KEY.search(name):
            self.scroll_to(button)
        button.click()

    def see(self, words: str) -> None:
        """A notice with a button is told as the name of its group, any other sentence as text."""
        words = self.said(words)
        told = self.page.get_by_text(words).or_(self.page.get_by_label(words))
        told.first.wait_for(state="attached", timeout=SHORTLY_MS)

    def see_button(self, name: str | re.Pattern[str]) -> None:
        self.button(name).wait_for(state="attached", timeout=SHORTLY_MS)

    def see_no_button(self, name: str | re.Pattern[str]) -> None:
        self.button(name).wait_for(state="detached", timeout=SHORTLY_MS)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.said(label), exact=True).first

    def write(self, label: str, words: str) -> None:
        field = self.field(label)
        self.scroll_to(field)
        self.begin_editing(field, field.click)
        field.fill(words)
        expect(field).to_have_value(words, timeout=SHORTLY_MS)

    def wake(self, field: Locator) -> None:
        """Have a field that was scrolled away say what stands in it: Flutter tells only once it has the focus."""
        if not field.input_value():
            self.begin_editing(field, field.focus)

    def begin_editing(self, field: Locator, enter: Callable[[], None]) -> None:
        """Enter a field; returns once Flutter's own editing has begun there, for it loses what is filled in before.

        Flutter sets the field up as it begins, this attribute among others.
        """
        if field.evaluate("field => field === document.activeElement"):
            return
        field.evaluate("field => field.setAttribute('autocorrect', 'not yet')")
        enter()
        expect(field).to_have_attribute("autocorrect", re.compile("^(on|off)$"), timeout=SHORTLY_MS)
        expect(field).to_be_focused(timeout=SHORTLY_MS)

    def scroll_to(self, field: Locator) -> None:
        """Roll the page until `field` is well inside it and stands still.

        A click that scrolls moves the semantics at once and Flutter's own page a frame later: a field is clicked by
        its place, so the pointer would land on whatever lay there before. A wheel asks Flutter, and the semantics
        follow.
        """
        view = self.page.viewport_size
        assert view is not None
        self.page.mouse.move(view["width"] / 2, view["height"] / 2)
        top, bottom = view["height"] * 0.2, view["height"] * 0.8
        place = self.still(field)
        for _ in range(LOOKS):
            if top < place < bottom:
                return
            self.page.mouse.wheel(0, round(place - view["height"] / 2))  # Firefox takes whole points alone
            before, place = place, self.still(field, moved_from=place)
            if place == before:  # the page ends here
                return

    def reach(self, below: Locator) -> None:
        """Roll on until `below` is in sight; one that Flutter draws anew meanwhile is looked for again."""
        for _ in range(LOOKS):
            below.wait_for(state="attached", timeout=SHORTLY_MS)
            try:
                below.scroll_into_view_if_needed(timeout=SHORTLY_MS)
            except PlaywrightError as error:
                if "not attached" not in error.message:
                    raise
            else:
                return
        raise AssertionError("what lies below is drawn anew again and again")

    def still(self, field: Locator, *, moved_from: float | None = None) -> float:
        """Return the height of the middle of `field` once it stays; where it is to move, once it has, if ever."""
        last = None
        for _ in range(LOOKS):
            box = field.bounding_box()
            middle = None if box is None else box["y"] + box["height"] / 2
            if middle is not None and middle == last and middle != moved_from:
                return middle
            last = middle
            self.page.evaluate(THREE_FRAMES)
        assert last is not None, "the field is not on the page"
        return last


def anywhere(words: str) -> str:
    """Return a pattern for `words` that Python and the browser read alike."""
    return re.sub(r"\W", ".", words)


def begins(words: str) -> re.Pattern[str]:
    return re.compile(f"^{anywhere(words)}")


def of(key: str) -> re.Pattern[str]:
    """Return a pattern for the name of anything that belongs to the question `key`."""
    return re.compile(f", {anywhere(key)}$")


def key_of(name: str) -> str:
    """Return the key of the question that a name says it belongs to; "" for none."""
    return name.rpartition(", ")[2]


def give(chooser: FileChooser, file: Path | FilePayload) -> None:
    chooser.set_files(file if isinstance(file, Path) else [file])
