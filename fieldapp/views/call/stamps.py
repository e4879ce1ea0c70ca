"""What is tapped during a call: one big stamp, the small ones, and hanging up by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import flet as ft

from checklists.language import N_
from fieldapp import theme
from fieldapp.language import _, fill
from fieldapp.state.call import BIG, BY_CALLER, CHAT, CUT_OFF, Script, Stage, Step, small_steps
from fieldapp.state.visit import Visit
from fieldapp.views import kit
from fieldapp.views.questions.choices import side_by_side as in_rows
from fieldapp.views.tappable import Tappable

STAGES: Mapping[Stage, str] = {
    Stage.READY: N_("Ready to call"),
    Stage.RINGING: N_("Ringing"),
    Stage.MENU: N_("In the menu"),
    Stage.QUEUE: N_("In the queue"),
    Stage.TALK: N_("Talking"),
    Stage.HOLD: N_("On hold"),
    Stage.ENDED: N_("Call ended"),
}
STEPS: Mapping[Step, tuple[str, ft.IconData]] = {
    Step.ANSWERED: (N_("A recording answers"), ft.Icons.VOICEMAIL),
    Step.QUEUED: (N_("Asked for a person"), ft.Icons.HOURGLASS_TOP),
    Step.BACK_IN_MENU: (N_("Back in a menu"), ft.Icons.UNDO),
    Step.PERSON: (N_("A person speaks"), ft.Icons.RECORD_VOICE_OVER),
    Step.HOLD: (N_("Put on hold"), ft.Icons.PAUSE),
    Step.RESUME: (N_("Back on the line"), ft.Icons.PLAY_ARROW),
    Step.TRANSFER: (N_("Transferred"), ft.Icons.SWAP_HORIZ),
    Step.RING: (N_("It rings"), ft.Icons.NOTIFICATIONS),
}
OF_A_CHAT: Mapping[Step | Stage, str] = {
    Stage.READY: N_("Ready to chat"),
    Stage.QUEUE: N_("Waiting for a reply"),
    Stage.TALK: N_("Chatting"),
    Stage.HOLD: N_("They are silent"),
    Stage.ENDED: N_("Chat ended"),
    Step.PERSON: N_("First real reply"),
    Step.HOLD: N_("They fall silent"),
    Step.RESUME: N_("They write again"),
}
ENDS: Mapping[str, str] = {BY_CALLER: N_("I hung up"), "agent": N_("They hung up"), CUT_OFF: N_("Cut off")}


def stage_name(script: Script, stage: Stage) -> str:
    """Return how far the call is, in words."""
    return _((OF_A_CHAT if script is CHAT else {}).get(stage) or STAGES[stage])


def step_name(script: Script, step: Step) -> str:
    """Return what a step is called."""
    return _((OF_A_CHAT if script is CHAT else {}).get(step) or STEPS[step][0])


def big_stamp(visit: Visit, script: Script, stage: Stage, *, is_large: bool = False) -> ft.Control:
    """Return the next stamp, over a quarter of the screen."""
    step = BIG[stage]

    async def stamp(_event: object) -> None:
        await visit.step(step)

    icon = None if stage is Stage.MENU or is_large else STEPS[step][1]  # the keys, or large words, need the room
    style = ft.TextThemeStyle.TITLE_LARGE if is_large else ft.TextThemeStyle.HEADLINE_MEDIUM
    return stamp_button(step_name(script, step), icon, stamp, f"step-{step.value}", style=style)


def stamp_button(
    label: str,
    icon: ft.IconData | None,
    on_tap: kit.OnTap,
    key: str,
    *,
    action: ft.ClientAction | None = None,
    style: ft.TextThemeStyle = ft.TextThemeStyle.HEADLINE_MEDIUM,
) -> ft.Control:
    """Return one filled surface to press without looking."""
    face = ft.Column(
        [
            *([ft.Icon(icon, size=theme.STAMP_ICON, color=theme.ON_PRIMARY)] if icon else []),
            ft.Text(
                label,
                theme_style=style,
                color=theme.ON_PRIMARY,
                text_align=ft.TextAlign.CENTER,
            ),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=theme.S,
        tight=True,
    )
    return Tappable(
        container=True,
        exclude_semantics=True,
        button=True,
        label=label,
        on_click=on_tap,
        content=ft.Container(
            face,
            key=key,
            bgcolor=theme.PRIMARY,
            border_radius=theme.RADIUS_L,
            padding=ft.Padding.symmetric(horizontal=theme.M, vertical=theme.XL),
            alignment=ft.Alignment.CENTER,
            ink=True,
            on_click=on_tap,
            action=action,
        ),
    )


def small_stamps(visit: Visit, script: Script, stage: Stage) -> list[ft.Control]:
    """Return what else may happen now."""
    counts = {Step.RING: script.rings, Step.TRANSFER: script.transfers}

    def button(step: Step) -> ft.Control:
        async def stamp(_event: object) -> None:
            await visit.step(step)

        kept = visit.assessment.measurements.get(counts.get(step) or "")
        label = step_name(script, step)
        if kept is not None and kept.number:
            label = fill("{what} ({count})", what=label, count=kept.number)
        return kit.side_button(label, stamp, f"step-{step.value}", icon=STEPS[step][1])

    return side_by_side([button(step) for step in small_steps(script, stage)])


def ends(visit: Visit, script: Script, stage: Stage) -> list[ft.Control]:
    """Return the ways the call may end now."""
    if script is CHAT:
        label = _("Complete answer") if stage in (Stage.TALK, Stage.HOLD) else _("I gave up waiting")
        return [_end(visit, label, None)]
    talked = stage in (Stage.TALK, Stage.HOLD)
    return side_by_side(
        [_end(visit, _(label), by) for by, label in ENDS.items() if talked or by in (BY_CALLER, CUT_OFF)]
    )


def _end(visit: Visit, label: str, by: str | None) -> ft.Control:
    async def end(_event: object) -> None:
        await visit.hang_up(by)

    return kit.ending_button(label, end, f"end-{by or 'chat'}")


def side_by_side(controls: Sequence[ft.Control], columns: int = 0) -> list[ft.Control]:
    """Return controls in rows of `columns`, equally wide and high; 0: all in one row."""
    if len(controls) < 2:
        return list(controls)
    columns = columns or len(controls)
    rows = [controls[at : at + columns] for at in range(0, len(controls), columns)]
    return [in_rows([ft.Container(control, expand=True) for control in row]) for row in rows]
