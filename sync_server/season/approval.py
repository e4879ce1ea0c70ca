"""Two people approve a scenario before anybody is sent to play it (privacy E13).

APV-1  One person is one name, however it is spaced, cased or written in full width: "May Chan; may  chan" is one. An
       account is one person under its name, under its user name and under both.
APV-2  An approval that an account gave on a page is signed: its name with its user name. It holds for the words it was
       given for. A file cannot sign: it keeps what was signed for the same words, and writes plain names.
APV-3  A plain name is the word of a file alone: it counts, and whoever imports is told so, and on its page it is said
       until two accounts have signed. It names a person, and nobody who has an account of a participant.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from checklists.language import N_, Sentence, sentence
from sync_server.database.queries.users import list_users

NAMES_OF_APPROVAL = 2
ENTRANT = "entrant"
# What people write who mean that it is approved, or not yet, instead of by whom.
_NOBODY = frozenset(
    {"yes", "no", "ok", "okay", "true", "false", "done", "approved", "agreed", "pending", "draft", "tbc", "tbd", "tba"}
    | {"none", "nil", "na", "n/a", "unknown", "both", "all", "same", "ditto", "two"}
    | {"是", "否", "已批", "已批准", "批准", "待批", "待定", "未批", "無", "沒有", "同上", "兩人", "有"}
)


class Approver(NamedTuple):
    """An account, as far as it matters for approvals."""

    username: str
    name: str
    role: str

    @property
    def signature(self) -> str:
        """What stands for an approval of this account."""
        return f"{self.name} ({self.username})"


def approvers(db: Connection) -> Sequence[Approver]:
    """Return every account, those that are disabled too: what they signed stays theirs."""
    return [Approver(each.username, each.name, each.role) for each in list_users(db)]


def is_approved(names: Iterable[str], accounts: Sequence[Approver] = ()) -> bool:
    """Whether enough different people approved."""
    return len({person_of(name, accounts) for name in names}) >= NAMES_OF_APPROVAL


def person_of(name: str, accounts: Sequence[Approver]) -> str:
    """Return the user name of the account that `name` names, else the name itself: one for one person (APV-1)."""
    named = [each for each in accounts if _plain(name) in map(_plain, (each.username, each.signature))]
    named = named or [each for each in accounts if _plain(name) == _plain(each.name)]
    return named[0].username if len(named) == 1 else _plain(name)


def signed(names: Iterable[str], accounts: Sequence[Approver]) -> list[str]:
    """Return the names that accounts signed."""
    signatures = {each.signature for each in accounts}
    return [name for name in names if name in signatures]


def with_signature(names: Sequence[str], by: Approver, accounts: Sequence[Approver]) -> list[str]:
    """Return the approvals once `by` has signed, in the place of a plain name of the same person."""
    others = [name for name in names if person_of(name, accounts) != by.username]
    return [*others, by.signature]


def given_by_file(
    names: Sequence[str], before: Sequence[str], accounts: Sequence[Approver], *, same_words: bool
) -> list[str]:
    """Return the approvals once a file says `names` of a scenario that had those of `before` (APV-2)."""
    stay = signed(before, accounts) if same_words else []
    people = {person_of(name, accounts) for name in stay}
    return stay + [name for name in names if person_of(name, accounts) not in people]


def misnamed(names: Sequence[str], stay: Sequence[str], accounts: Sequence[Approver]) -> Iterator[tuple[str, Sentence]]:
    """Yield code and sentence of each of a file's names that can be no approval; `stay` were signed before."""
    for name in names:
        named = [each for each in accounts if person_of(name, accounts) == each.username]
        if not any(letter.isalpha() for letter in name) or _plain(name) in _NOBODY:
            words = N_('"{name}" is nobody\'s name; write who approved it, or leave the cell empty')
            yield "approver-nobody", sentence(words, name=name[:40])
        elif any(each.role == ENTRANT for each in named):
            words = N_(
                '"{name}" has an account of a participant; two people of the office approve, and can do so on the'
                " scenario's page"
            )
            yield "approver-not-office", sentence(words, name=name[:40])
        elif name in {each.signature for each in named} and name not in stay:
            words = N_(
                '"{name}" is an approval given on a page, for other words or another scenario; write the name alone, or'
                " approve it on its page"
            )
            yield "approval-not-given", sentence(words, name=name[:60])


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
