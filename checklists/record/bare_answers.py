"""The sheet that bare answers were given on, worked out from their keys alone: a season file names no variant."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from checklists.forms.form import Form, Variant
from checklists.record.sheet import RECORDING_MARK, Sheet, recording_form_of, sheet


def sheet_for_answers(
    form: Form, answers: Collection[str], subchannel: str | None, forms: Mapping[str, Form] | None = None
) -> Sheet:
    """Lay out the sheet that bare answers (keys) were given on: which variant, and how many recordings, shows in them.

    The first variant that has a section for each answered question is taken; with no answers, the first of all.
    `forms` holds the form recordings are judged on.

    Raises:
        SheetError: as `sheet`.
    """
    recordings = _recordings_in(answers)
    variant = _variant_for(form, {key.partition(RECORDING_MARK)[0] for key in answers}, recordings)
    return sheet(
        form,
        variant=variant.code if variant else None,
        subchannel=subchannel,
        recordings=recordings if variant and variant.recordings else 0,
        recording_form=recording_form_of(form, variant.code if variant else None, forms or {}),
    )


def layout_key(form: Form, answers: Collection[str], subchannel: str | None) -> tuple[str, str | None, str | None, int]:
    """Name the sheet `sheet_for_answers` would give, cheaply: answers with the same name share one sheet."""
    if not form.variants:
        return form.id, None, subchannel, 0
    recordings = _recordings_in(answers)
    variant = _variant_for(form, {key.partition(RECORDING_MARK)[0] for key in answers}, recordings)
    return form.id, variant.code if variant else None, subchannel, recordings


MAX_RECORDINGS = 50


def _recordings_in(answers: Collection[str]) -> int:
    """Return n where recordings 1 to n are all answered somewhere: a stray number beyond them is no recording."""
    numbers = {number for key in answers if (number := key.partition(RECORDING_MARK)[2])}
    return next(
        count for count in range(MAX_RECORDINGS + 1) if str(count + 1) not in numbers or count == MAX_RECORDINGS
    )


def _variant_for(form: Form, question_ids: Collection[str], recordings: int) -> Variant | None:
    answered = {s.id for s in form.sections if any(q.id in question_ids for q in s.questions)}
    fitting = [v for v in form.variants if answered <= set(v.sections) and (not recordings or v.recordings)]
    return next(iter(fitting or form.variants), None)
