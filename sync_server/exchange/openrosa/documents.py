"""The small documents of the OpenRosa API: the list of forms, a manifest, and what is answered to a submission."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class ListedForm(NamedTuple):
    """One form of the list, with the addresses it and its manifest are had from."""

    form_id: str
    name: str
    version: str
    xform: bytes
    address: str
    manifest: str


def form_list(forms: Iterable[ListedForm]) -> bytes:
    """Return the list of forms."""
    listed = "".join(
        f"<xform><formID>{_text(form.form_id)}</formID><name>{_text(form.name)}</name>"
        f"<version>{_text(form.version)}</version><hash>md5:{_md5(form.xform)}</hash>"
        f"<downloadUrl>{_text(form.address)}</downloadUrl><manifestUrl>{_text(form.manifest)}</manifestUrl></xform>"
        for form in forms
    )
    return f'{DECLARATION}<xforms xmlns="http://openrosa.org/xforms/xformsList">{listed}</xforms>'.encode()


def manifest() -> bytes:
    """Return the manifest of a form: none of ours brings files along."""
    return f'{DECLARATION}<manifest xmlns="http://openrosa.org/xforms/xformsManifest"/>'.encode()


def answer(message: str, *, nature: str = "") -> bytes:
    """Return what a person reads about a submission. `nature`: "error" for one that was turned down."""
    kind = f' nature="{nature}"' if nature else ""
    return (
        f'{DECLARATION}<OpenRosaResponse xmlns="http://openrosa.org/http/response" items="1">'
        f"<message{kind}>{_text(message)}</message></OpenRosaResponse>"
    ).encode()


def _text(words: str) -> str:
    return escape("".join(character for character in words if character in "\n\t" or character >= " "))


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()  # what the protocol names
