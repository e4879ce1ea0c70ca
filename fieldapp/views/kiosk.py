"""What customers at a counter see: the statement in both languages, one question a screen, thanks; the PIN ends it."""

from __future__ import annotations

import asyncio
from functools import partial

import flet as ft

from checklists.index.survey import Question
from checklists.language import N_, Language, in_language
from fieldapp import installed, language, theme
from fieldapp.language import _, fill, read, say
from fieldapp.state import App
from fieldapp.state.kiosk import Kiosk, Step
from fieldapp.views import kit
from fieldapp.views.hooks import use_app, use_fields, view_route
from fieldapp.views.lock import Locked
from fieldapp.views.questions.choices import side_by_side
from fieldapp.views.screen import thumb
from fieldapp.views.tappable import Tappable, one_of
from fieldapp.views.window import use_width

ASKS = N_("{organiser} asks you {count} short questions: about two minutes.")
QUESTIONS = N_("Questions to the organiser: {ways}")
WE_ASK = N_("We ask you {count} short questions: about two minutes.")
STATEMENT = (
    N_("You need not answer, and whether you do makes no difference to how you are served."),
    N_("What for: figures about industries and companies, published only where many have answered."),
    N_(
        "Anonymous: no name, no telephone number and no address is asked for or kept."
        " Of the time, only the hour is kept."
    ),
    N_("For that reason nobody can find your answers again, to show them to you or to take them out."),
    N_("Please answer only if you are 18 or over."),
)
ASKED = (Step.QUESTION, Step.THANKS)  # in the customer's language
IN_A_ROW = 6  # figures of a scale, at most
IN_A_ROW_LARGE = 4
IN_A_ROW_BROAD = 11
BOTH: tuple[Language, ...] = ("zh-Hant", "en")  # as most customers read
Parts = tuple[list[ft.Control], list[ft.Control]]  # what is read, and what is at the thumb


@ft.component
def KioskScreen() -> ft.Control:
    """One customer after the other. The screen stays awake, and nothing of the assessor's shows."""
    app = use_app("settings")
    kiosk: Kiosk = ft.use_memo(app.kiosk, [])

    async def watch() -> None:
        while True:
            await asyncio.sleep(1)
            kiosk.look()

    ft.use_effect(watch, [])  # cancelled when the screen leaves
    ft.use_effect(_stay_awake, [], _may_sleep)
    return KioskBody(app, kiosk)


@ft.component
def KioskBody(app: App, kiosk: Kiosk) -> ft.Control:
    """The step where the customer is."""
    is_broad = use_width() >= theme.READING_WIDTH
    use_fields(kiosk, "step", "counter", "place", "answers", "wrong")
    language.speak(kiosk.language if kiosk.step in ASKED else app.settings.language)
    if kiosk.step is Step.STAFF:
        return Locked(app, kiosk.restart)
    parts = {Step.STATEMENT: _statement, Step.QUESTION: _question, Step.THANKS: _thanks}
    body, actions = parts[kiosk.step](app, kiosk, is_broad)
    column = ft.Column(
        [_middle(kit.stack([*_head(kiosk), *body], theme.M))],
        scroll=ft.ScrollMode.AUTO,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        tight=True,
    )
    shown = ft.Container(
        column,
        key=f"kiosk-{kiosk.step.value}-{kiosk.place}",  # each begins at its top
        expand=True,
        alignment=ft.Alignment.CENTER if kiosk.step is Step.THANKS else ft.Alignment.TOP_CENTER,
    )
    below = [thumb(actions, app.settings.text_size)] if actions else []
    whole = ft.SafeArea(ft.Column([shown, *below], spacing=0, expand=True), expand=True)
    return ft.View(route=view_route(), padding=0, spacing=0, controls=[whole])


def _middle(content: ft.Control) -> ft.Control:
    inner = ft.Container(content, width=theme.READING_WIDTH, padding=theme.L)
    return ft.Container(alignment=ft.Alignment.TOP_CENTER, content=inner)


def _head(kiosk: Kiosk) -> list[ft.Control]:
    """Return whose counter it is; with the statement in both languages, and with the way out for the staff."""
    name = kiosk.counter.name if kiosk.counter else {}
    if kiosk.step is not Step.STATEMENT:
        return [kit.quiet(read(name))] if name else []
    titles = list(dict.fromkeys(in_language(name, one) for one in BOTH)) if name else [installed.name()]
    staff = kit.icon_button(ft.Icons.LOCK_OUTLINE, _("For the staff"), lambda _e: kiosk.call_staff(), "kiosk-staff")
    named = ft.Container(kit.stack([kit.heading(title) for title in titles], theme.XS), expand=True)
    return [ft.Row([named, staff], vertical_alignment=ft.CrossAxisAlignment.START)]


def _statement(_app: App, kiosk: Kiosk, _is_broad: bool) -> Parts:
    counter = kiosk.counter
    if counter is None:
        closed = N_("No answers are taken here just now. Thank you for coming.")
        return [kit.words(closed.in_language(one)) for one in BOTH], []

    def about(one: Language) -> ft.Control:
        count, organiser = len(kiosk.questions), counter.organiser
        first = (ASKS if organiser else WE_ASK).in_language(one)
        said = first.format(count=count, organiser=in_language(organiser, one) if organiser else "")
        lines = [said, *(line.in_language(one) for line in STATEMENT)]
        if counter.contact:
            # One a line: an address or a number is not broken off in its middle.
            lines.append(QUESTIONS.in_language(one).format(ways="\n" + "\n".join(counter.contact)))
        return kit.card([kit.words(line) for line in lines], key=f"about-{one}")

    def begin(one: Language, _event: object) -> None:
        kiosk.begin(one)

    buttons = [kit.main_button(language.NAMES[one], partial(begin, one), f"begin-{one}") for one in BOTH]
    return [about(one) for one in BOTH], list(buttons)


def _question(app: App, kiosk: Kiosk, is_broad: bool) -> Parts:
    question, count = kiosk.question, len(kiosk.questions)
    is_large = app.settings.text_size >= theme.LARGE_TEXT

    async def go_on(_event: object) -> None:
        await kiosk.go_on()

    body: list[ft.Control] = [
        kit.progress(kiosk.place, count),
        kit.quiet(fill("Question {place} of {count}", place=kiosk.place + 1, count=count)),
        kit.heading(read(question.text), 1),
        *([kit.banner(kit.Tone.CAUTION, say(kiosk.wrong), key="kiosk-wrong")] if kiosk.wrong else []),
        *_answers(question, kiosk, IN_A_ROW_LARGE if is_large else IN_A_ROW_BROAD if is_broad else IN_A_ROW),
        *([kit.quiet(_("You may leave this out."))] if question.may_be_left else []),
    ]
    is_last = kiosk.place + 1 == count
    forward = kit.main_button(_("Send my answers") if is_last else _("Next"), go_on, "kiosk-next")
    return body, [kit.side_button(_("Back"), lambda _e: kiosk.back(), "kiosk-back"), forward]


def _answers(question: Question, kiosk: Kiosk, in_a_row: int) -> list[ft.Control]:
    given = kiosk.answers.get(question.key, "")
    if question.longest:
        field = ft.TextField(
            key=f"kiosk-{question.key}",
            label=_("In your own words"),
            value=given,
            multiline=True,
            min_lines=3,
            max_lines=8,
            max_length=question.longest,
            border=ft.OutlineInputBorder(),
            on_change=lambda e: kiosk.choose(e.control.value),
        )
        return [field]

    def button(value: str, label: str, *, is_figure: bool) -> Tappable:
        figure = label if is_figure else ""
        return kit.choice(
            label,
            "" if is_figure else label,
            value == given,
            lambda _e: kiosk.choose(value),
            f"kiosk-{question.key}-{value}",
            figure=figure,
            expand=is_figure,
            roomy=True,
        )

    if not question.scale:
        return [*one_of([button(one.code, read(one.name), is_figure=False) for one in question.choices])]
    figures = one_of([button(str(one), str(one), is_figure=True) for one in question.scale])
    low, high = ((question.scale[0], question.low), (question.scale[-1], question.high))
    ends = [
        kit.quiet(fill("{figure}: {meaning}", figure=figure, meaning=read(meaning)), text_align=side, expand=True)
        for (figure, meaning), side in ((low, ft.TextAlign.START), (high, ft.TextAlign.END))
    ]
    return [
        side_by_side(figures, _evenly(len(figures), in_a_row)),
        ft.Row([*ends], spacing=theme.L, vertical_alignment=ft.CrossAxisAlignment.START),
    ]


def _evenly(count: int, most: int) -> int:
    """Return how many stand in a row so that no row is much shorter than the others."""
    rows = -(-count // most)
    return -(-count // rows)


def _thanks(_app: App, _kiosk: Kiosk, _is_broad: bool) -> Parts:
    sign = ft.Icon(ft.Icons.CHECK_CIRCLE_OUTLINE, size=theme.DONE_SIGN, color=theme.SAFE)
    told = _("Your answers are kept, without anything that says whose they are.")
    lines = [kit.heading(_("Thank you"), 1), kit.words(told, text_align=ft.TextAlign.CENTER)]
    return [ft.Container(line, alignment=ft.Alignment.CENTER) for line in (sign, *lines)], []


async def _stay_awake() -> None:
    await ft.Wakelock().enable()  # type: ignore[no-untyped-call]


async def _may_sleep() -> None:
    await ft.Wakelock().disable()  # type: ignore[no-untyped-call]
