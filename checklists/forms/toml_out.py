"""A form as the text of its file: what `file.load_form` reads back as the same form.

TOM-1  Reading what was written gives the form that was written, whatever words it holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from checklists.forms.expression import Expression, Op
from checklists.forms.form import Band, Form, MeasurementItem, Option, Question, Variant
from checklists.language import LANGUAGES, Text
from checklists.number import as_answer

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def toml_of(form: Form) -> str:
    """Return the whole file of `form`."""
    return "\n".join(_lines(form)) + "\n"


def blocks(form: Form) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of the file in their order, each by the name of what it holds: "form", "section PA", "PA1"."""
    head = [f"name = {_words(form.name)}", f"version = {form.version}", f"channel = {_words(form.channel.value)}"]
    head += [*_text("title", form.title), *_text("unit", form.unit)]
    head += ["annex = true"] * form.annex
    head += _text("whole_not_applicable", form.whole_not_applicable) if form.whole_not_applicable else ()
    for name, lines in (
        ("subchannels", [f"{_key(code)} = {_table(text)}" for code, text in form.subchannels.items()]),
        ("default_reply_s", [f"{_key(code)} = {seconds}" for code, seconds in form.default_reply_s.items()]),
    ):
        head += ["", f"[{name}]", *lines] if lines else ()
    yield "form", head
    for item in form.measurements:
        yield f"measurement {item.key}", ["[[measurement]]", *_measurement(item)]
    for quantity in form.derived:
        lines = ["[[derived]]", f"key = {_words(quantity.key)}", f"rule = {_words(quantity.rule)}"]
        yield f"derived {quantity.key}", [*lines, f"inputs = {_list(quantity.inputs)}", *_text("label", quantity.label)]
    for value in form.calculated:
        lines = ["[[calculated]]", f"key = {_words(value.key)}", *_text("label", value.label)]
        yield f"calculated {value.key}", [*lines, f"value = {expression_text(value.value)}"]
    for section in form.sections:
        lines = ["[[section]]", f"id = {_words(section.id)}", f"weight = {section.weight}"]
        yield f"section {section.id}", [*lines, *_text("title", section.title)]
        for question in section.questions:
            yield question.id, ["[[section.question]]", *_question(question)]
    for variant in form.variants:
        yield f"variant {variant.code}", ["[[variant]]", *_variant(variant)]


def _lines(form: Form) -> Iterator[str]:
    for place, lines in blocks(form):
        yield from lines if place == "form" else ("", *lines)


def _measurement(item: MeasurementItem) -> Iterator[str]:
    yield from (f"id = {_words(item.id)}", f"key = {_words(item.key)}", f"kind = {_words(item.kind.value)}")
    if item.optional:
        yield "optional = true"
    if item.subchannels:
        yield f"subchannels = {_list(item.subchannels)}"
    yield from _text("label", item.label)
    if item.options:
        yield from (
            "options = [",
            *(f"  {{ code = {_words(o.code)}, {_languages(o.label)} }}," for o in item.options),
            "]",
        )


def _question(question: Question) -> Iterator[str]:
    yield from (f"id = {_words(question.id)}", *_text("text", question.text))
    yield from (f"kind = {_words(question.kind.value)}", f"points = {question.points}")
    flags = ("critical", "must_be_yes", "late_answer", "optional")
    yield from (f"{name} = true" for name in flags if getattr(question, name))
    if question.show_if is not None:
        yield f"show_if = {expression_text(question.show_if)}"
    if question.source is not None:
        yield f"source = {_words(question.source)}"
    if question.faq_number is not None:
        yield f"faq = {question.faq_number}"
    if question.min_chars:
        yield f"min_chars = {question.min_chars}"
    if question.not_applicable is not None:
        yield f"not_applicable = {_table(question.not_applicable)}"
    if question.not_applicable_on:
        yield f"not_applicable_on = {_list(question.not_applicable_on)}"
    if question.evidence:
        yield f"evidence = {_list(question.evidence)}"
    if question.options:
        yield from ("options = [", *map(_option, question.options), "]")
    yield from _bands("bands", question.bands)
    for code, bands in question.bands_by_subchannel.items():
        yield from _bands(f"bands_by_subchannel.{_key(code)}", bands)


def _option(option: Option) -> str:
    return f"  {{ code = {_words(option.code)}, share = {_number(option.share)}, {_languages(option.label)} }},"


def _bands(key: str, bands: Sequence[Band]) -> Iterator[str]:
    if bands:
        limits = (_words("any") if band.limit is None else _number(band.limit) for band in bands)
        shares = (_number(band.share) for band in bands)
        rows = (f"  {{ up_to = {limit}, share = {share} }}," for limit, share in zip(limits, shares, strict=True))
        yield from (f"{key} = [", *rows, "]")


def _variant(variant: Variant) -> Iterator[str]:
    yield from (f"code = {_words(variant.code)}", *_text("label", variant.label))
    yield f"sections = {_list(variant.sections)}"
    if variant.skipped:
        yield f"skipped = {_list(variant.skipped)}"
    if variant.recordings is not None:
        blend = variant.recordings
        yield from ("", "[variant.recordings]", f"form = {_words(blend.form)}", f"sections = {_list(blend.sections)}")
        yield from (f"own_weight = {blend.own_weight}", f"recordings_weight = {blend.recordings_weight}")


def expression_text(expression: Expression) -> str:
    """Return a condition as it stands in the file."""
    match expression.op:
        case Op.LITERAL:
            if expression.flag is not None:
                return "true" if expression.flag else "false"
            return _words(expression.word or "") if expression.number is None else _number(expression.number)
        case Op.ANSWER | Op.VALUE:
            inner = _words(expression.name)
        case Op.NOT:
            inner = expression_text(expression.of[0])
        case _:
            inner = f"[{', '.join(map(expression_text, expression.of))}]"
    return f"{{ {expression.op.value} = {inner} }}"


def _text(key: str, text: Text) -> Iterator[str]:
    yield from (f"{key}.{_key(language)} = {_words(text[language])}" for language in LANGUAGES)


def _table(text: Text) -> str:
    return f"{{ {_languages(text)} }}"


def _languages(text: Text) -> str:
    return ", ".join(f"{_key(language)} = {_words(text[language])}" for language in LANGUAGES)


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_words, words))}]"


def _number(number: Fraction) -> str:
    text = str(as_answer(number))
    return text if _DECIMAL.fullmatch(text) else _words(text)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _words(name)


def _words(words: str) -> str:
    # What JSON writes is a string of TOML but for one character that it leaves as it is.
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
