"""Photos of a company in its attachment: drawn anew and small, each with words that say what it shows.

OWR-5  A photo has words, and whoever adds any says that nobody can be recognised in them. What cannot be decoded is
       named with what to do. Nothing beside the picture, such as where it was taken, is in the attachment.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from checklists.language import N_, SentenceError, sentence
from sync_server.evidence.picture_types import PICTURE_TYPES
from sync_server.evidence.sniff import HEAD_BYTES, sniffed_type
from sync_server.evidence.workshop import ChildLostError, Workshop
from sync_server.print.document import Block, Emblem, Words

MOST_PHOTOS = 6
LONGEST_WORDS = 200
WIDEST_MM, HIGHEST_MM = 150, 105


class PhotoError(SentenceError):
    """A photo cannot be put into the attachment; the message names it and says what to do."""


class Given(NamedTuple):
    """A photo as it was sent."""

    name: str
    content: bytes
    words: str


def photo_blocks(photos: Sequence[Given], *, has_nobody: bool) -> list[Block]:
    """Return the photos with their words. Decodes them in a process of its own: off the event loop.

    Raises:
        PhotoError: too many, without words, not a picture, or nobody said that none shows a person (OWR-5).
    """
    if not photos:
        return []
    if len(photos) > MOST_PHOTOS:
        raise PhotoError(sentence(N_("{count} photos: {most} fit."), count=len(photos), most=MOST_PHOTOS))
    if not has_nobody:
        raise PhotoError(sentence(N_("Say that nobody can be recognised in the photos, or leave them out.")))
    for photo in photos:
        if not photo.words.strip():
            raise PhotoError(sentence(N_("“{name}”: write what it shows."), name=photo.name))
    workshop = Workshop()
    try:
        return [block for photo in photos for block in _blocks(workshop, photo)]
    finally:
        workshop.close()


def _blocks(workshop: Workshop, photo: Given) -> list[Block]:
    content_type = sniffed_type(photo.content[:HEAD_BYTES])
    if content_type not in PICTURE_TYPES:
        raise PhotoError(sentence(N_("“{name}” is no photo: save it as JPEG or PNG."), name=photo.name))
    try:
        (made, *_others) = workshop.make([photo.content], content_type)
    except ChildLostError as error:
        raise PhotoError(sentence(_UNREADABLE, name=photo.name)) from error
    if made.problem:
        raise PhotoError(sentence(_UNREADABLE, name=photo.name))
    from PIL import Image  # noqa: PLC0415 - large, and few make an attachment

    with Image.open(io.BytesIO(made.data)) as picture:
        width, height = picture.size
    words = " ".join(photo.words.split())[:LONGEST_WORDS]
    width_mm = round(min(WIDEST_MM, HIGHEST_MM * width / height))
    return [Emblem(svg=_wrapped(made.data, width, height, words), words=words, width_mm=width_mm), Words(text=words)]


def _wrapped(jpeg: bytes, width: int, height: int, words: str) -> str:
    data = base64.b64encode(jpeg).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{escape(words)}</title>"
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>'
    )


_UNREADABLE = N_("“{name}” cannot be read as a photo: save it again as JPEG.")
