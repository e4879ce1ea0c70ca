"""An assessor with the app open: every step by what the screen says, any question answered by its kind.

The steps name what they tap in English, whatever the screen speaks (in_chinese.py). What is asked comes from the form
itself, so a new question needs no new step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from checklists.forms.evidence_kinds import KEEPERS, NOTE, Keeper
from checklists.forms.form import Kind, MeasurementItem, MeasurementKind
from checklists.language import Language, in_language
from checklists.record.assessment import NOT_APPLICABLE, AnswerValue
from checklists.record.fitting import failed
from checklists.record.sheet import Item, SheetSection
from fieldapp.language import NAMES as LANGUAGE_NAMES
from tests.journeys.answers import EVIDENCE, WORDS, Meant, Shown, WrongAnswerError, answer_for, said
from tests.journeys.in_chinese import half
from tests.journeys.screen import LOOKS, SHORTLY_MS, Screen, anywhere, begins, give, key_of, of

LOOK_AGAIN_MS = 100
NAMES = "all => all.map(e => e.getAttribute('aria-label') ?? e.textContent)"
FIELDS = "all => all.map(e => [e.getAttribute('aria-label') ?? '', e.value])"


class Assessor(Screen):
    """Steps of one person on one page; each returns when the screen shows that it is done.

    Whatever is answered or written is noted in `meant`, and `check` compares it with the whole of what the screen says.
    """

    def __init__(self, page: Page, picture: Path) -> None:
        super().__init__(page)
        self.picture = picture
        self.meant: dict[str, Meant] = {}  # by the key of its item

    # -- the visits list

    def enrol(self) -> None:
        """The printed link has filled the form in already."""
        self.tap("Enrol this phone")
        self.see_list()

    def see_list(self) -> None:
        self.see_button("Refresh")

    def tile(self, *says: str, is_open: bool = False) -> Locator:
        """The first visit whose tile says all of these: an entrant, a channel; only one that serves now."""
        not_shut = r"(?![\s\S]*\bopens\b)" if is_open else ""
        wanted = "".join(rf"(?=[\s\S]*{anywhere(self.said(words))})" for words in says)
        return self.button(re.compile(f"^{not_shut}{wanted}"))

    def open_visit(self, *says: str, is_open: bool = False) -> str:
        """Open the first visit whose tile says so; returns its entrant."""
        tile = self.tile(*says, is_open=is_open)
        tile.wait_for(state="attached", timeout=SHORTLY_MS)
        entrant = (tile.text_content() or tile.get_attribute("aria-label") or "").splitlines()[0]
        tile.click()
        self.see_button(self.begins("Review"))
        return entrant

    def back(self) -> None:
        self.tap("Back")

    def phones_back(self) -> None:
        """The key or gesture of the phone itself, which is the browser's Back."""
        self.page.evaluate("history.back()")

    # -- one visit

    def log_try(self, outcome: str, then: str) -> None:
        self.tap("Log a try")
        self.tap(outcome)
        self.see(then)

    def mark(self, mark: MeasurementItem) -> None:
        """Put one mark down, as the assessor does while it happens."""
        label = in_language(mark.label, "en")
        match mark.kind:
            case MeasurementKind.STAMP | MeasurementKind.STAMP_PLACE:
                self.tap(f"Stamp {label}")
                self.see_button(self.begins(f"Correct {label} {{time}}"))
            case MeasurementKind.STAMP_CHOICE:
                chosen = f"{label}: {in_language(mark.options[0].label, 'en')}"
                self.tap(chosen)
                expect(self.button(chosen)).to_have_attribute("aria-current", "true")
            case MeasurementKind.INTEGER:
                self.tap(f"More: {label}")
                self.see(f"{label}: 1")
            case MeasurementKind.INTEGER_PAIR:
                names = [half(part) for part in label.split("/")]
                names = names if len(names) == 2 else [f"{label} 1", f"{label} 2"]
                for name in reversed(names):
                    self.tap(f"More: {name}")
                    self.see(f"{name}: 1")
            case MeasurementKind.SPANS:
                self.tap(f"Start {label}")
                self.tap(f"End {label}")
                self.see_button(f"Start {label}")
            case MeasurementKind.CODED:
                self.write(label, "Agent 3, morning")

    def mark_all(self, marks: Iterable[MeasurementItem]) -> None:
        for mark in marks:
            self.mark(mark)

    def open_section(self, section: SheetSection) -> None:
        """Open the questions at `section`; returns when they are drawn to the last one."""
        self.tap(begins(in_language(section.title, self.language)))
        self.see_button("All sections")
        self.see_button("Review and finish")

    # -- one section

    def check(self, section: SheetSection) -> None:
        """Every item of the open section shows what was meant, and nothing else is chosen or written there."""
        keys = {item.key for item in section.items}
        meant = [self.meant.get(key, Meant()) for key in sorted(keys)]
        wanted = Shown(
            {one.chosen for one in meant if one.chosen},
            {label: words for one in meant for label, words in one.written.items()},
            sum(one.by_hand for one in meant),
        )
        for label in wanted.written:
            self.wake(self.field(label))
        shown = self.shown(keys)
        for _ in range(LOOKS):
            if shown == wanted:
                return
            self.page.wait_for_timeout(LOOK_AGAIN_MS)
            shown = self.shown(keys)
        raise WrongAnswerError(section.key, meant=wanted, shown=shown)

    def shown(self, keys: set[str]) -> Shown:
        """What the open section says of the items `keys`, also where it is scrolled out of sight."""
        chosen = self.page.locator("[role=button][aria-current=true]").evaluate_all(NAMES)
        fields = self.page.locator("input, textarea").evaluate_all(FIELDS)
        return Shown(
            {name for name in chosen if key_of(name) in keys},
            {label: value for label, value in fields if key_of(label) in keys and value},
            self.page.get_by_text(self.said("Entered by hand"), exact=True).count(),
        )

    def check_all(self, sections: Sequence[SheetSection]) -> None:
        """Look at every section once more, from the list of sections; ends at the last one."""
        self.open_section(sections[0])
        for place, section in enumerate(sections):
            if place:
                self.next_section(section)
            self.check(section)

    def next_section(self, section: SheetSection) -> None:
        """Go on to `section`, which stands below the one before it."""
        self.reach(self.button(of(section.items[0].key)))

    def fill_section(self, section: SheetSection, *, leave: str = "") -> None:
        """Answer every question of the open section but `leave`, each with the evidence it wants."""
        filed = self.page.get_by_text(self.said("Filed answer"), exact=True).count()
        for item in section.items:
            if item.key != leave:
                self.fill_item(item, filed=filed)
        self.see("Saved on this phone")
        self.check(section)

    def fill_sections(self, sections: Iterable[SheetSection], *, leave: str = "") -> None:
        """Go through `sections`, the first of which is open, by the button that leads on."""
        for place, section in enumerate(sections):
            if place:
                self.next_section(section)
            self.fill_section(section, leave=leave)

    def fill_item(self, item: Item, *, filed: int) -> None:
        value = answer_for(item, filed=filed)
        if value is not None:
            self.answer(item, value)
        if (value is not None and value != NOT_APPLICABLE) or item.is_measured:
            self.support(item, value)

    def answer(self, item: Item, value: AnswerValue) -> None:
        question = item.question
        meant = self.meant.setdefault(item.key, Meant())
        if question.kind is Kind.TEXT:
            self.write(label := self.said(f"In your own words, {item.key}"), str(value))
            meant.written[label] = str(value)
            return
        if question.kind is Kind.BANDS and value != NOT_APPLICABLE:
            ways = "|".join(anywhere(self.said(f"{way} by hand")) for way in ("Correct", "Enter"))
            self.tap(re.compile(f"^({ways}), {anywhere(item.key)}$"))
            self.write(f"Figure, {item.key}", str(value))
            self.tap(f"Keep the figure, {item.key}")
            self.see("Entered by hand")
            meant.by_hand = True
            return
        chosen = self.said(f"{said(item, value, self.language)}, {item.key}")
        self.tap(chosen)
        meant.chosen = chosen
        expect(self.button(chosen)).to_have_attribute("aria-current", "true")

    def support(self, item: Item, value: AnswerValue | None) -> None:
        question = item.question
        wanted = [kind for kind in question.evidence if KEEPERS[kind] is not Keeper.APP]
        if question.critical and failed(question, value) and not any(KEEPERS[k] is Keeper.WORDS for k in wanted):
            wanted.append(NOTE)
        for kind in wanted:
            if KEEPERS[kind] is Keeper.WORDS:
                label = self.said(f"{EVIDENCE[kind]} (required), {item.key}")
                if self.page.get_by_label(label, exact=True).count() == 0:
                    self.tap(f"{EVIDENCE[kind]} needed, {item.key}")
                self.write(label, WORDS)
                self.meant.setdefault(item.key, Meant()).written[label] = WORDS
            else:
                self.attach(f"{EVIDENCE[kind]}, {item.key}", self.picture)

    def attach(self, button: str, file: Path | FilePayload) -> None:
        """Pick `file` in the file chooser that `button` opens; returns when it is durable."""
        with self.page.expect_file_chooser() as opened:
            self.tap(button)
        give(opened.value, file)
        self.tap("Keep this photo")
        self.page.get_by_text(self.begins("Files attached: {count}")).first.wait_for(timeout=SHORTLY_MS)
        self.see("Saved on this phone")

    # -- evidence of the whole visit

    def open_evidence(self) -> None:
        self.tap(re.compile("^Photos and audio notes"))
        self.see_button("Take photo")

    def take_photo(self, file: Path | FilePayload, *, is_readable: bool = True) -> None:
        """Take one more and keep it as it is; returns when it is shown. What cannot be read is kept as it came."""
        shown = self.page.get_by_role("button", name=re.compile("^Remove "))
        before = shown.count()
        with self.page.expect_file_chooser() as opened:
            self.tap("Take photo")
        # Without it some phones offer the gallery alone.
        assert opened.value.element.get_attribute("capture") == "environment"
        give(opened.value, file)
        if is_readable:
            self.tap("Keep this photo")
        expect(shown).to_have_count(before + 1, timeout=SHORTLY_MS)

    def record_note(self) -> None:
        self.tap("Record audio note")
        self.tap("Start the microphone")
        self.see("The microphone is on")
        self.tap("Stop now")
        self.see_button(re.compile("^Play Audio note"))

    # -- review

    def break_off(self) -> None:
        """The shortest visit there is: declared void and finished at once."""
        self.open_review()
        self.tap("Cancel this assessment")
        self.tap("I was recognised")
        self.tap("Cancel and send")
        self.see_list()

    def see_sync(self, entrant: str, state: str) -> None:
        """The visit stands in the list with this sync state."""
        self.see_button(re.compile(f"^{anywhere(entrant)}(.|\\n)*{anywhere(self.said(state))}"))

    # -- sync and settings

    def open_sync(self) -> None:
        self.tap(re.compile("^Sync"))
        self.see('What "safe" means')

    def send_now(self) -> None:
        self.tap("Send now")

    def speak(self, language: Language) -> None:
        """Have the screen speak `language`, from the list and back to it."""
        if language == self.language:
            return
        self.open_settings()
        self.tap(re.compile(f"{anywhere(LANGUAGE_NAMES[language])}$"))
        self.language = language
        self.back()
        self.see_list()

    def open_settings(self) -> None:
        self.tap("Settings")
        self.see_button("Sign out")

    def open_review(self) -> None:
        self.tap(self.begins("Review"))
        self.see_button("Cancel this assessment")

    def finish(self) -> None:
        """From the review screen to the list."""
        self.see("Nothing is missing")
        self.tap("Finish")
        self.see("Kept on this phone.")
        self.tap("Today")
        self.see_list()
