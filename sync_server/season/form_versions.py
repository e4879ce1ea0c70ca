"""Form versions that are published while a season runs.

FRM-1  What comes in becomes the next version of the form of its channel; a version that is kept never changes.
FRM-2  It has the variants and sub-channels of the version before it: assignments name them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from checklists import wire
from checklists.forms.file import FormError, load_forms
from checklists.forms.form import Form
from checklists.language import N_, sentence
from checklists.problems import Problem
from sync_server.database.queries import season
from sync_server.database.queries.form_versions import form_bodies
from sync_server.feed.phones import tell_form


def kept_forms(db: Connection) -> Mapping[str, Form]:
    """Return every form version by id, by name and version."""
    forms = [wire.decode(body, Form) for _, body in form_bodies(db)]
    return {form.id: form for form in sorted(forms, key=lambda form: (form.name, form.version))}


def as_next_version(form: Form, kept: Mapping[str, Form]) -> Form:
    """Return `form` as the version that it would be published as."""
    before = _newest(kept, form.channel.value)
    return replace(form, name=form.channel.value, version=before.version + 1 if before else 1)


def next_version(toml: bytes, kept: Mapping[str, Form]) -> Form:
    """Return the form of a file as the version that it would be published as.

    Raises:
        FormError: anything is wrong with the file, or with what it says of the forms that are kept.
    """
    (form,) = load_forms({"form.toml": toml}, kept).values()
    problems = tuple(problems_of(as_next_version(form, kept), kept))
    if problems:
        raise FormError(problems)
    return as_next_version(form, kept)


def problems_of(form: Form, kept: Mapping[str, Form]) -> Iterator[Problem]:
    """Yield what keeps a form from being the next version (FRM-2)."""
    before = _newest(kept, form.name)
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


def _newest(kept: Mapping[str, Form], name: str) -> Form | None:
    return max((form for form in kept.values() if form.name == name), key=lambda form: form.version, default=None)
