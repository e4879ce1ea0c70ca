"""What somebody had typed into a form when the session ended: given back to the same account, and to nobody else.

KEPT-1  A form that comes without a living session, or with the token of an earlier one, decides nothing. Its words go
        through the sign-in form into the new session; they are in no address and in no log.
KEPT-2  They are kept only if the account that signs in is the one whose page the form was on.
KEPT-3  Passwords, codes and tokens are never among them, and more than MOST_BYTES is not kept at all.
KEPT-4  They are shown on the page they were typed on, and forgotten once a form of it is sent, or the session ends.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

MOST_BYTES = 64_000
NEVER = frozenset({"csrf", "by", "basis", "password", "again", "current", "code", "pending", "kept", "next"})


class KeptWords(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of one form by name, the page it was on, and whose page that was (an account's id)."""

    by: str
    page: str
    fields: Mapping[str, str]


def words_of(form: Mapping[str, object], page: str) -> KeptWords | None:
    """Return the words of a form that was on `page`; None when it does not say whose it is, or they are too many."""
    by = form.get("by")
    fields = {name: words for name, words in form.items() if isinstance(words, str) and name not in NEVER}
    if not isinstance(by, str) or not by:
        return None
    words = KeptWords(by=by, page=page, fields=fields)
    return words if len(text_of(words).encode()) <= MOST_BYTES else None


def text_of(words: KeptWords) -> str:
    """Return the words as the sign-in form carries them."""
    return msgspec.json.encode(words).decode()


def read(text: str) -> KeptWords | None:
    """Return the words that a sign-in form carried, or None where it carried none that can be read."""
    if not text or len(text.encode()) > MOST_BYTES:
        return None
    try:
        words = msgspec.json.decode(text, type=KeptWords)
    except msgspec.MsgspecError:
        return None
    return msgspec.structs.replace(words, fields={k: v for k, v in words.fields.items() if k not in NEVER})
