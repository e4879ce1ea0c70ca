"""A submission read: which form it answers, its instance id, and its values by the names of their rows.

ORS-1  A document with a DTD, one that is no XML, or one nested or grown beyond any form is refused; nothing is kept.
ORS-2  Values are those of the rows without rows of their own; groups and repeats are looked through. A name that comes
       twice keeps each value.
ORS-3  Without an instance id a submission goes by its digest: the same again is the same.
ORS-4  The prefix `orx` means OpenRosa's names also where a document does not say so, as some apps write it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from checklists.language import N_, SentenceError, sentence

MOST_VALUES, MOST_DEPTH = 5_000, 50
OPENROSA = "http://openrosa.org/xforms"
_ROOT = re.compile(rb"(<[A-Za-z_][\w:.-]*)")


class NotASubmissionError(SentenceError):
    """The document is no submission."""


class Submission(NamedTuple):
    """One submission. `replaces` is the instance id of the one that it corrects, "" for none."""

    form_id: str
    version: str
    instance_id: str
    replaces: str
    values: Mapping[str, tuple[str, ...]]
    is_encrypted: bool

    def value(self, name: str) -> str:
        """Return the first value of a row, "" where there is none."""
        return next(iter(self.values.get(name, ())), "")


def read_submission(document: bytes) -> Submission:
    """Return the submission in `document`.

    Raises:
        NotASubmissionError: it is no XML, or none that a form could make (ORS-1).
    """
    try:
        root = _root_of(document)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotASubmissionError(sentence(N_("The submission is not readable as XML."))) from error
    values: dict[str, tuple[str, ...]] = {}
    meta: dict[str, str] = {}
    count, waiting = 0, [(root, 0, False)]
    while waiting:
        element, depth, is_meta = waiting.pop()
        count += 1
        if count > MOST_VALUES or depth > MOST_DEPTH:
            raise NotASubmissionError(sentence(N_("The submission is larger than any form makes one.")))
        name = _local(element.tag)
        if len(element):
            inside = is_meta or (depth == 1 and name == "meta")
            waiting += [(child, depth + 1, inside) for child in reversed(element)]
        elif is_meta:
            meta.setdefault(name, (element.text or "").strip())
        elif depth:
            values[name] = (*values.get(name, ()), (element.text or "").strip())
    return Submission(
        form_id=root.get("id", "") or _namespace(root.tag),
        version=root.get("version", "") or root.get(f"{{{OPENROSA}}}version", ""),
        instance_id=meta.get("instanceID")
        or root.get("instanceID")
        or f"sha256:{hashlib.sha256(document).hexdigest()}",
        replaces=meta.get("deprecatedID", ""),
        values=values,
        is_encrypted=root.get("encrypted", "") == "yes",
    )


def _root_of(document: bytes) -> Element:
    try:
        root: Element = fromstring(document, forbid_dtd=True)
    except ParseError as error:
        if error.code != errors.codes[errors.XML_ERROR_UNBOUND_PREFIX]:
            raise
        root = fromstring(_ROOT.sub(rb'\1 xmlns:orx="%s"' % OPENROSA.encode(), document, count=1), forbid_dtd=True)
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""
