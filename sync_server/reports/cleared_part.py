"""Quotes and photos in a participant report: pieces of its parts eleven and ten.

CLD-3  A quote stands as it was written, in its own language; a photo has its caption, in the report's language where
       there is one. They stand by question and by branch, never in the order of their visits.
CLD-4  Where nothing was cleared, there is nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checklists.forms.form import Question
from checklists.language import LANGUAGES, N_, Template
from sync_server.print.document import Block, Heading, Photo, Quote, Words
from sync_server.reports.cleared import Pictured, Quoted
from sync_server.reports.own import reference
from sync_server.reports.round_copy import Visit
from sync_server.reports.source import Source


def quotes(source: Source) -> Sequence[Block]:
    """Return what assessors wrote, by question; nothing where nothing was quoted."""
    say, cleared = source.say, source.cleared
    if not cleared.quotes and not cleared.fallen[0]:
        return []
    blocks: list[Block] = [Heading(text=say(N_("What assessors wrote")), level=3)]
    if cleared.quotes:
        blocks.append(Words(text=say(_AS_WRITTEN)))
    order = {one.id: place for place, one in enumerate(_questions(source))}
    said = sorted(cleared.quotes, key=lambda each: (order.get(_plain(each.question), len(order)), each.words))
    blocks += [Quote(text=one.words, language=one.language, about=_about(source, one)) for one in said]
    return [*blocks, *_fell(source, N_("Quotes that are shown no more, withdrawn since: {count}."), cleared.fallen[0])]


def photos(source: Source) -> Sequence[Block]:
    """Return photos of visits, by branch; nothing where none was cleared."""
    say, cleared = source.say, source.cleared
    if not cleared.photos and not cleared.fallen[1]:
        return []
    blocks: list[Block] = [Heading(text=say(N_("Photos of visits")), level=3)]
    for one in sorted(cleared.photos, key=lambda each: (source.branch(each.visit), each.photo.ref)):
        language = next(each for each in (say.language, *LANGUAGES) if each in one.caption)
        branch = one.visit.seen.get("branch", {}).get(language, "")
        words = f"{branch}: {one.caption[language]}" if language == "en" else f"{branch}：{one.caption[language]}"
        address, small = _addresses(source, one)
        shown = words if branch else one.caption[language]
        blocks.append(Photo(jpeg=one.jpeg, words=shown, language=language, address=address, small=small))
    if cleared.photos:
        blocks.append(Words(text=say(N_("Without people; what would name somebody is blacked out."))))
    return [*blocks, *_fell(source, N_("Photos that are shown no more, withdrawn since: {count}."), cleared.fallen[1])]


def _fell(source: Source, words: Template, count: int) -> Sequence[Block]:
    return [Words(text=source.say(words, count=count))] if count else []


def _addresses(source: Source, one: Pictured) -> tuple[str, str]:
    """Return where a page has the photo, and the small one: of what is not out only the office has any."""
    visit = one.visit.score.id
    if source.copy.released_at is None:
        return f"/assessments/{visit}/photos/{one.photo.sha256}", f"/assessments/{visit}/previews/{one.photo.sha256}"
    entry = "/".join(source.key)
    address = f"/reports/{entry}/{source.copy.number}/visits/{reference(visit)}/photos/{one.photo.ref}"
    return address, f"{address}?small=true"


def _about(source: Source, one: Quoted) -> str:
    """Return at which question it was written, and what that earned."""
    say = source.say
    question = next((each for each in _questions(source) if each.id == _plain(one.question)), None)
    if question is None:
        return say(N_("Of the whole visit"))
    text, is_full = say.text(question.text), _is_full(one.visit, question) if question.points else None
    return text if is_full is None else say(_EARNED[is_full], question=text)


def _is_full(visit: Visit, question: Question) -> bool | None:
    shares = [share for share in visit.seen.get("items", {}).get(question.id, ()) if share is not None]
    return all(share == "1" for share in shares) if shares else None


def _questions(source: Source) -> Sequence[Question]:
    return [each for part in source.form.sections for each in part.questions] if source.form else ()


def _plain(key: str) -> str:
    return key.partition("#")[0]


_EARNED: Mapping[bool, Template] = {
    True: N_("{question} Full marks."),
    False: N_("{question} Not full marks."),
}
_AS_WRITTEN = N_(
    "Chosen and shortened by a reviewer, in the language they were written in: “…” stands for what was left out, "
    "[brackets] for what was replaced."
)
