"""Form versions that are published while a season runs.

FRM-1  What comes in becomes the next version of the form of its channel; a version that is kept never changes.
FRM-2  It has the variants and sub-channels of the version before it: assignments name them.
FRM-3  Assignments that name no version are made on the newest one, unless an earlier one is pinned.
FRM-4  What differs in nothing from the newest version of its form is not published again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from checklists import wire
from checklists.forms.differences import differences
from checklists.forms.file import FormError, load_forms
from checklists.forms.form import Form
from checklists.language import N_, sentence
from checklists.problems import Problem
from sync_server.database.queries import season
from sync_server.database.queries.form_versions import drafts, form_bodies
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.feed.phones import tell_form

PINNED = "pinned_forms"


def kept_forms(db: Connection) -> Mapping[str, Form]:
    """Return every form version by id, by name and version."""
    forms = [wire.decode(body, Form) for _, body in form_bodies(db)]
    return {form.id: form for form in sorted(forms, key=lambda form: (form.name, form.version))}


def as_next_version(form: Form, kept: Mapping[str, Form]) -> Form:
    """Return `form` as the version that it would be published as."""
    return numbered(form, form.channel.value, kept)


def numbered(form: Form, name: str, kept: Mapping[str, Form]) -> Form:
    """Return `form` as the next version of the form `name`."""
    before = newest(kept, name)
    return replace(form, name=name, version=before.version + 1 if before else 1)


def next_version(toml: bytes, kept: Mapping[str, Form]) -> Form:
    """Return the form of a file as the version that it would be published as.

    Raises:
        FormError: anything is wrong with the file, or with what it says of the forms that are kept.
    """
    (form,) = load_forms({"form.toml": toml}, kept).values()
    return publishable(as_next_version(form, kept), kept)


def publishable(form: Form, kept: Mapping[str, Form]) -> Form:
    """Return `form`, which may be published. Raises FormError where it may not (FRM-2, FRM-4)."""
    if problems := (*problems_of(form, kept), *sameness_of(form, kept)):
        raise FormError(problems)
    return form


def sameness_of(form: Form, kept: Mapping[str, Form]) -> Iterator[Problem]:
    """Yield that a form is the newest version once more (FRM-4)."""
    before = newest(kept, form.name)
    if before is not None and not differences(before, form):
        message = sentence(N_("nothing differs from {form}; there is nothing to publish."), form=before.id)
        yield Problem(place=form.id, code="form-unchanged", message=message)


def problems_of(form: Form, kept: Mapping[str, Form]) -> Iterator[Problem]:
    """Yield what keeps a form from being the next version (FRM-2)."""
    before = newest(kept, form.name)
    if before is None:
        return
    template = N_('the version before has {what} "{code}", and this has not; add it.')
    codes = {variant.code for variant in form.variants}
    for variant in before.variants:
        if variant.code not in codes:
            message = sentence(template, what=sentence(N_("the variant")), code=variant.code)
            yield Problem(place=form.id, code="variant-missing", message=message)
    for code in before.subchannels:
        if code not in form.subchannels:
            message = sentence(template, what=sentence(N_("the sub-channel")), code=code)
            yield Problem(place=form.id, code="subchannel-missing", message=message)


def publish(db: Connection, form: Form, now: datetime) -> None:
    """Keep a version that is not kept yet, and tell the phones."""
    body = wire.encode(form)
    row = {"id": form.id, "name": form.name, "version": form.version, "body": body.decode()}
    season.add_form_version(db, {**row, "digest": wire.digest(body), "created_at": now})
    tell_form(db, form, now)


def newest(kept: Mapping[str, Form], name: str) -> Form | None:
    """Return the newest version of a form, or None."""
    return max((form for form in kept.values() if form.name == name), key=lambda form: form.version, default=None)


def pinned(db: Connection) -> Mapping[str, str]:
    """Return the versions that are pinned, by the names of their forms."""
    return setting(db, PINNED) or {}


def pin(db: Connection, form_id: str, now: datetime, *, holds: bool) -> None:
    """Pin a version of a form, or (`holds` False) let its newest one count again (FRM-3)."""
    name = form_id.partition("@")[0]
    kept = {one: held for one, held in pinned(db).items() if one != name}
    keep_setting(db, PINNED, {**kept, name: form_id} if holds else kept, now)


def names_in_use(db: Connection) -> Sequence[str]:
    """Return the ids of all versions, of each form that which new assignments are made on last (FRM-3)."""
    chosen = frozenset(pinned(db).values())
    return sorted(season.form_names(db), key=lambda form_id: form_id in chosen)


def draft_names(db: Connection) -> Mapping[str, datetime]:
    """Return when each draft was changed last, by the name of its form."""
    return {row.name: row.updated_at for row in drafts(db)}
