"""What must hold inside a form, and between forms, beyond each value being of the right kind.

A part that could not be read whole is not checked further: that would only repeat the problems it has already.
Weights make 100; ids, keys and codes are unique; what a question, quantity or variant refers to is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from checklists.forms.conditions import check_conditions
from checklists.forms.evidence_kinds import CLOCK, KEEPERS
from checklists.forms.form import Derived, Form, Kind, MeasurementKind, Question, Section, Variant
from checklists.forms.quantities import INPUTS
from checklists.language import N_, Template, sentence
from checklists.problems import Problems

WEIGHTS = 100

STAMPED = frozenset({MeasurementKind.STAMP, MeasurementKind.STAMP_PLACE, MeasurementKind.STAMP_CHOICE})

Report = Callable[..., None]


def check_form(form: Form, place: str, problems: Problems) -> None:
    """Report every problem of one form on its own."""
    earlier = [problem for problem in problems if problem.place.startswith(place)]
    half_read = {problem.place.removeprefix(f"{place}: ").partition(",")[0] for problem in earlier}

    def report(part: str, code: str, template: Template, **values: object) -> None:
        if part not in half_read or code == "repeated":
            problems.add(f"{place}: {part}" if part else place, code, template, **values)

    if not any(problem.message.values.get("key") in ("weight", "section") for problem in earlier):
        _check_weights(form, report)
    _check_names(form, report)
    for section in form.sections:
        _check_section(form, section, report)
    for quantity in form.derived:
        _check_derived(form, quantity, report)
    for variant in form.variants:
        _check_variant(form, variant, report)
    check_conditions(form, report)
    for code in form.default_reply_s.keys() - form.subchannels.keys():
        template = N_('"{name}" is not a sub-channel of this form; remove it.')
        report("default_reply_s", "subchannel-unknown", template, name=code)
    named = [(question.id, question.not_applicable_on) for section in form.sections for question in section.questions]
    named += [(item.key, item.subchannels) for item in form.measurements]
    for owner, codes in named:
        for code in sorted(set(codes) - form.subchannels.keys()):
            template = N_('"{name}" is not a sub-channel of this form; remove it.')
            report(owner, "subchannel-unknown", template, name=code)


def check_together(
    forms: Mapping[str, Form], others: Mapping[str, Form], places: Mapping[str, str], problems: Problems
) -> None:
    """Report where one of `forms` refers to a form, of these or of the `others`, that is missing or lacks a section.

    `places` name the file of each form.
    """
    for form in forms.values():
        for variant in form.variants:
            if variant.recordings is None:
                continue
            place = f"{places[form.id]}: {variant.code}"
            judged_on = forms.get(variant.recordings.form) or others.get(variant.recordings.form)
            if judged_on is None:
                template = N_('recordings are judged on "{form}", which is not among these forms; name one that is.')
                problems.add(place, "form-unknown", template, form=variant.recordings.form)
                continue
            sections = {section.id for section in judged_on.sections}
            for name in variant.recordings.sections:
                if name not in sections:
                    template = N_('"{form}" has no section "{name}"; name one that it has.')
                    problems.add(place, "section-unknown", template, form=judged_on.id, name=name)


def _check_weights(form: Form, report: Report) -> None:
    total = sum(section.weight for section in form.sections)
    if total != WEIGHTS:
        report("", "weights-not-100", N_("the sections' weights make {total}; change them to make 100."), total=total)


def _check_section(form: Form, section: Section, report: Report) -> None:
    if not section.questions:
        report(section.id, "section-empty", N_("the section has no question; add one or remove it."))
    for question in section.questions:
        _check_question(form, question, report)


def _check_names(form: Form, report: Report) -> None:
    names: Mapping[Template, Collection[str]] = {
        N_("section"): [s.id for s in form.sections],
        N_("question"): [q.id for s in form.sections for q in s.questions],
        N_("measurement"): [m.id for m in form.measurements],
        N_("key"): [m.key for m in form.measurements]
        + [d.key for d in form.derived]
        + [c.key for c in form.calculated],
        N_("variant"): [v.code for v in form.variants],
    }
    for what, used in names.items():
        for name in dict.fromkeys(used):
            if list(used).count(name) > 1 and name != "?":
                report(
                    name,
                    "repeated",
                    N_('{what} "{name}" stands more than once; give each its own.'),
                    what=sentence(what),
                    name=name,
                )


def _check_question(form: Form, question: Question, report: Report) -> None:
    _check_kind(question, report)
    if question.kind is Kind.BANDS:
        _check_bands(form, question, report)
    sources = {m.key for m in form.measurements} | {d.key for d in form.derived}
    if question.source and question.kind is not Kind.BANDS and question.source not in sources:
        template = N_('there is no measurement or quantity "{source}"; name one of this form.')
        report(question.id, "source-unknown", template, source=question.source)
    for kind in question.evidence:
        if kind not in KEEPERS:
            template = N_('"{kind}" is no kind of evidence; write one of {allowed}.')
            report(question.id, "evidence-unknown", template, kind=kind, allowed=tuple(KEEPERS))
    if CLOCK in question.evidence and question.source is None:
        report(question.id, "source-missing", N_('clock evidence needs "source": the measurement that is stamped.'))


def _check_kind(question: Question, report: Report) -> None:
    """What each kind must have, and what only one kind may have."""
    has_options = question.kind in (Kind.CHOICE, Kind.FAQ)
    if has_options and len(question.options) < 2:
        report(
            question.id,
            "options-missing",
            N_('a question of kind {kind} needs "options", two or more.'),
            kind=question.kind.value,
        )
    only: Mapping[str, tuple[bool, bool]] = {
        "options": (bool(question.options), has_options),
        "bands": (bool(question.bands or question.bands_by_subchannel), question.kind is Kind.BANDS),
        "faq": (question.faq_number is not None, question.kind is Kind.FAQ),
        "min_chars": (question.min_chars > 0, question.kind is Kind.TEXT),
        "must_be_yes": (question.must_be_yes, question.kind is Kind.YES_NO),
        "points": (question.points > 0, question.kind is not Kind.TEXT),
        "not_applicable": (question.not_applicable is not None, question.kind is not Kind.TEXT),
        "optional": (question.optional, not question.points and not question.must_be_yes),
        "critical": (question.critical, question.points > 0 and question.kind is not Kind.TEXT),
    }
    for key, (is_there, allowed) in only.items():
        if is_there and not allowed:
            template = N_('"{key}" has no meaning for this question of kind {kind}; remove it.')
            report(question.id, "key-without-meaning", template, key=key, kind=question.kind.value)


def _check_bands(form: Form, question: Question, report: Report) -> None:
    numbers = {m.key for m in form.measurements if m.kind is MeasurementKind.INTEGER} | {d.key for d in form.derived}
    if question.source is None:
        report(question.id, "source-missing", N_('bands need "source": the count or quantity they read.'))
    elif question.source not in numbers:
        template = N_('"{source}" is no count or derived quantity of this form; write one of {allowed}, or add it.')
        allowed = ", ".join(sorted(numbers)) or "-"
        report(question.id, "source-unknown", template, source=question.source, allowed=allowed)
    by_subchannel = question.bands_by_subchannel
    if bool(question.bands) == bool(by_subchannel):
        report(
            question.id, "bands-missing", N_('give either "bands" or "bands_by_subchannel", with at least one band.')
        )
    elif by_subchannel and set(by_subchannel) != set(form.subchannels):
        template = N_("bands_by_subchannel must have exactly the sub-channels {allowed}.")
        report(question.id, "subchannel-unknown", template, allowed=", ".join(form.subchannels) or "-")


def _check_derived(form: Form, quantity: Derived, report: Report) -> None:
    wanted = INPUTS.get(quantity.rule)
    if wanted is None:
        template = N_('there is no rule "{rule}"; write one of {allowed}.')
        report(quantity.key, "rule-unknown", template, rule=quantity.rule, allowed=tuple(INPUTS))
        return
    kinds = {m.key: m.kind for m in form.measurements}
    for name in quantity.inputs:
        if name not in kinds:
            template = N_('there is no measurement "{name}"; name one of this form.')
            report(quantity.key, "source-unknown", template, name=name)
            return
    inputs = ["moment" if kinds[name] in STAMPED else str(kinds[name]) for name in quantity.inputs]
    if wanted[0] == "moments":
        wanted = ("moment",) * max(len(inputs) - 1, 1) + wanted[1:]
    if tuple(inputs) != wanted:
        template = N_("the rule {rule} reads {wanted}; name measurements of these kinds, in this order.")
        report(quantity.key, "inputs-unfit", template, rule=quantity.rule, wanted=tuple(wanted))


def _check_variant(form: Form, variant: Variant, report: Report) -> None:
    sections = {section.id for section in form.sections}
    for name in variant.sections:
        if name not in sections:
            template = N_('this form has no section "{name}"; name one that it has.')
            report(variant.code, "section-unknown", template, name=name)
    questions = {q.id for section in form.sections if section.id in variant.sections for q in section.questions}
    for name in variant.skipped:
        if name not in questions:
            template = N_('there is no question "{name}" in the variant\'s sections; remove it from "skipped".')
            report(variant.code, "question-unknown", template, name=name)
    blend = variant.recordings
    if blend and blend.own_weight + blend.recordings_weight != WEIGHTS:
        report(variant.code, "weights-not-100", N_("own_weight and recordings_weight must make 100 together."))
