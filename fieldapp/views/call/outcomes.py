"""What a try came to: what does not count above, what counts below it, the likely one largest at the thumb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import flet as ft

from checklists.record.assessment import Outcome
from checklists.record.attempts import Verdict
from fieldapp import theme
from fieldapp.language import _, fill, say
from fieldapp.state.outcomes import Preview
from fieldapp.views import kit, words

FLOWING = 0  # columns: as many side by side as their words allow
OnOutcome = Callable[[Outcome, object], Awaitable[None]]


def outcome_rows(
    previews: Sequence[Preview],
    choose: OnOutcome,
    *,
    likely: Outcome,
    without: frozenset[Outcome] = frozenset(),
    columns: int = FLOWING,
) -> list[ft.Control]:
    """Return every outcome but `without`, grouped by what it would count for, the likely one last."""
    shown = [preview for preview in previews if preview.outcome not in without]
    rows: list[ft.Control] = []
    for why in dict.fromkeys(map(consequence, reversed(shown))):
        group = [p for p in reversed(shown) if consequence(p) == why and p.outcome is not likely]
        if group:
            rows += [kit.group_heading(why), *_grid(group, choose, columns)]
    last = next((preview for preview in shown if preview.outcome is likely), None)
    if last is not None:
        rows.append(_likely(last, choose))
    return rows


def consequence(preview: Preview) -> str:
    """Return what the outcome would come to."""
    if preview.verdict is Verdict.COUNTS:
        return fill("Counts as try {number}", number=preview.number)
    return say(preview.why) if preview.why else _("Whether it counts is judged once the rules are here.")


def _grid(previews: Sequence[Preview], choose: OnOutcome, columns: int) -> list[ft.Control]:
    buttons = [
        kit.side_button(
            _(words.OUTCOMES[preview.outcome]),
            partial(choose, preview.outcome),
            f"outcome-{preview.outcome.value}",
            col=12 // max(1, columns),
        )
        for preview in previews
    ]
    if columns == FLOWING:
        return [kit.flow(buttons)]
    return [ft.ResponsiveRow(buttons, spacing=theme.S, run_spacing=theme.S)]


def _likely(preview: Preview, choose: OnOutcome) -> ft.Control:
    label = _(words.OUTCOMES[preview.outcome])
    button = kit.main_button(label, partial(choose, preview.outcome), f"outcome-{preview.outcome.value}")
    centred = kit.quiet(consequence(preview), text_align=ft.TextAlign.CENTER)
    return ft.Container(kit.stack([centred, button], theme.XS), padding=ft.Padding.only(top=theme.M))
