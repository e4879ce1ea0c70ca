"""What one version of a form has that another has not, in the words of its file.

DIF-1  Every line of the file that differs stands under the part it belongs to; a part that only one has, whole.
DIF-2  Questions that stand in another order or another section are told, whatever else of them is the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from checklists.forms.form import Form
from checklists.forms.toml_out import blocks

ORDER = "order"


class Difference(msgspec.Struct, frozen=True):
    """One part that differs: its lines that went, and those that came."""

    place: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def differences(before: Form, after: Form) -> tuple[Difference, ...]:
    """Return what differs from `before` to `after`, in the order of the files. The version number is left out."""
    old, new = (dict(blocks(form)) for form in (before, after))
    found = [_of(place, old.get(place, []), new.get(place, [])) for place in dict.fromkeys((*new, *old))]
    return tuple(one for one in (*found, *_order(before, after)) if one.gone or one.new)


def _of(place: str, old: list[str], new: list[str]) -> Difference:
    def told(lines: list[str], others: list[str]) -> tuple[str, ...]:
        return tuple(line for line in lines if line and line not in others and not line.startswith(("[", "version =")))

    return Difference(place, told(old, new), told(new, old))


def _order(before: Form, after: Form) -> Iterator[Difference]:
    old, new = ({q.id: section.id for section in form.sections for q in section.questions} for form in (before, after))
    both = [id_ for id_ in old if id_ in new]
    if both != [id_ for id_ in new if id_ in old] or any(old[id_] != new[id_] for id_ in both):
        yield Difference(ORDER, (" ".join(old),), (" ".join(new),))
