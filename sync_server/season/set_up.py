"""What a season needs before anything can be imported: the forms of this release, and a ruleset.

Run at every start; a repeat changes nothing. A form version never changes: a new release brings new versions.

SUP-1   A new season has the programme's rules, but none of its dates: each is the season's own, and empty until set.
FEED-1  Phones promise the retention period of this server: when it differs from what they were told last, a start of
        the server tells them the programme anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from checklists import wire
from checklists.forms.file import shipped_forms
from checklists.rules.programme import load_programme
from sync_server.database.queries import season
from sync_server.database.queries.settings import keep_setting, setting
from sync_server.feed.phones import AUDIO_KEPT_DAYS, tell_form, tell_programme
from sync_server.season.rule_changes import Change, append_version, tell_phones
from sync_server.season.rules import FAQ_DEADLINE, PROGRAMME, RELEASE_AT, RESULTS_AT, version_in_force

NO_DATES: Mapping[str, object] = {FAQ_DEADLINE: None, RELEASE_AT: [None, None, None], RESULTS_AT: None}


def set_up(
    db: Connection,
    now: datetime,
    *,
    programme: str = PROGRAMME,
    overrides: Mapping[str, object] | None = None,
    created_by: str = "command",
) -> None:
    """Keep shipped forms that are not kept yet and, where there are no rules, those of `programme`; tell the phones.

    Raises:
        checklists.rules.ruleset.RulesetError: `overrides` holds a wrong name or value.
    """
    kept = set(season.form_names(db))
    for form in shipped_forms().values():
        if form.id not in kept:
            body = wire.encode(form)
            row = {"id": form.id, "name": form.name, "version": form.version, "body": body.decode()}
            season.add_form_version(db, {**row, "digest": wire.digest(body), "created_at": now})
            tell_form(db, form, now)
    if not version_in_force(db).is_set_up:
        laid_over = {**NO_DATES, **(overrides or {})}
        change = Change(laid_over, "The season was set up.", created_by)
        begun = load_programme(programme, laid_over)
        append_version(db, 1, begun, change, now)
        tell_programme(db, begun.name, begun.rules.digest, begun.rules.plain, now)


def promise_audio_days(db: Connection, days: int, now: datetime) -> None:
    """Have phones promise that sound is erased `days` after its round was released. A repeat changes nothing."""
    if setting(db, AUDIO_KEPT_DAYS) == days:
        return
    keep_setting(db, AUDIO_KEPT_DAYS, days, now)
    if version_in_force(db).is_set_up:
        tell_phones(db, now)
