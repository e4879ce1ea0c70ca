"""What if, and the rules: who would move under others; others made the rules, for what has not opened, or proposed.

A change about what has opened shows every figure that it changes before it is proposed: the form that proposes it names
what was shown; where that is not what it would change by now, it is shown anew. `proposed_rules` goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from sqlalchemy import Connection

from checklists.language import N_, sentence
from checklists.problems import Problem
from checklists.rules.parameters import PARAMETERS
from checklists.rules.programme import load_programme
from checklists.rules.ruleset import Ruleset, RulesetError
from checklists.season.what_if import Comparison, parse_changes
from sync_server.award.desk import SeasonDesk
from sync_server.award.rule_effects import compared, effects_of, name_of_effects
from sync_server.database.queries import round_rules
from sync_server.database.queries.audit_log import last_entry
from sync_server.database.queries.people import entrant_names
from sync_server.database.queries.proposed_rules import all_proposed
from sync_server.database.queries.rulesets import versions
from sync_server.database.queries.users import names_of_users
from sync_server.pages.plot import SCORES
from sync_server.pages.rule_fields import in_words
from sync_server.pages.rules import changed_lines, is_a_trial, rule_chapters, said
from sync_server.pages.standings import plotted
from sync_server.people.permissions import Role
from sync_server.review.basis import DecidedMeanwhileError, refusal
from sync_server.routes.dashboard.award import read_season
from sync_server.routes.dashboard.page import Asked, Page, account_of, decided, fields_of, now_of, viewed
from sync_server.season import proposed_rules, rule_changes
from sync_server.season.rules import PROGRAMME, version_in_force

MAX_WHAT_IF = 4000
OWN_REASONS = {str(reason): reason for reason in (rule_changes.MOMENTS_IMPORTED,)}  # the server's, to be translated
ABOUT = "about-"
ADMINS_SET = N_("Rules of what has not opened are set by an administrator. Propose yours for what has: tick it below.")
RULESET = ("ruleset", "new")  # what the log says was changed, proposed or confirmed: whoever comes later is told


class _WhatIf(NamedTuple):
    """What the page shows: rules, what they would change everywhere, what a decision would, or why they cannot be."""

    rules: Ruleset
    comparison: Comparison | None = None
    decision: Comparison | None = None
    problems: Sequence[Problem] = ()
    shown: str = ""  # names what the decision was shown to change


class _Typed(NamedTuple):
    """What somebody filled in."""

    changes: str = ""
    reason: str = ""
    about: frozenset[str] = frozenset()
    effects: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> _Typed:
        """Read the form."""
        about = frozenset(name.removeprefix(ABOUT) for name, value in form.items() if name.startswith(ABOUT) and value)
        return cls(
            form.get("changes", "")[:MAX_WHAT_IF],
            form.get("reason", "")[:MAX_WHAT_IF],
            about,
            form.get("effects", "")[:100],
        )

    @property
    def lines(self) -> list[str]:
        """The changes, one a line."""
        return [line.strip() for line in self.changes[:MAX_WHAT_IF].splitlines() if line.strip()]

    @property
    def values(self) -> dict[str, str]:
        """What is tried of each parameter that there is, as it was typed."""
        lines = (line.partition("=") for line in self.lines)
        return {name.strip(): value.strip() for name, _, value in lines if name.strip() in PARAMETERS}

    @property
    def others(self) -> list[str]:
        """The lines that no control of the page can hold."""
        return [line for line in self.lines if line.partition("=")[0].strip() not in PARAMETERS]


@get("/what-if", include_in_schema=False)
async def what_if_page(
    request: Asked,
    page: NamedDependency[Page],
    *,
    changes: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[Any]:
    """Show the rules in words, and who would move under others: worked out on a copy, not kept, not published."""
    form = {name: value for name, value in request.query_params.items() if is_a_trial(name)}
    if form:  # the controls of the page: its address then holds only what is tried
        tried = await read_season(request, lambda desk: changed_lines(desk.rules, form))
        lines = "\n".join([*tried, *changes.splitlines()])
        return Redirect(f"/what-if?{urlencode({'changes': lines})}" if lines else "/what-if", status_code=303)
    await viewed(request, "what-if-viewed", ("standings", "what-if"), changes=changes[:200])
    typed = _Typed.of(page.reader.typed or {})
    if changes:
        typed = typed._replace(changes=changes)
    return await _drawn(page, await read_season(request, lambda desk: _looked(desk, typed)), typed, done=done)


@post("/rules", include_in_schema=False)
async def new_rules(request: Asked, page: NamedDependency[Page]) -> Response[Any]:
    """Make other parameters the rules: a new version, with a reason, for rounds that have not opened.

    For what has opened they are proposed, once the form names the figures that this changes; a coordinator proposes
    alone (PRR-6).
    """
    form = await fields_of(request)
    typed = _Typed.of(form)
    by, now = account_of(request).id, now_of(request)
    shown = await read_season(request, lambda desk: _looked(desk, typed))
    problems, decision = shown.problems, None
    if not problems and shown.decision is not None:
        if typed.effects != shown.shown:
            return await _drawn(page, shown, typed._replace(effects=shown.shown), status=409)
        decision = rule_changes.Decision(typed.about, effects_of(shown.decision))
    if decision is None and account_of(request).role is not Role.ADMIN:
        barred = Problem(place="", code="not-allowed", message=sentence(ADMINS_SET))
        return await _drawn(page, shown._replace(problems=(barred,)), typed, status=409)

    def write(db: Connection) -> str:
        if decision is not None:
            number = proposed_rules.propose(db, typed.lines, decision, typed.reason, by=by, now=now)
            return f"/what-if/proposed/{number}"
        rule_changes.add_version(db, parse_changes(typed.lines), typed.reason, created_by=by, now=now)
        return "/what-if?done=rules"

    action = "rules-changed" if decision is None else "rules-proposed"
    details = {"changes": typed.lines[:50], "reason": typed.reason[:500], "about": sorted(typed.about)[:10]}
    try:
        then = await decided(request, action, RULESET, write, form, **details)
    except DecidedMeanwhileError as error:
        return await _drawn(page, shown, typed, status=409, **refusal(error))
    except RulesetError as error:
        problems = error.problems
    except rule_changes.NoReasonError as error:
        problems = (Problem(place="", code="reason-missing", message=error.message),)
    else:
        return Redirect(then, status_code=303)
    rules = await read_season(request, lambda desk: desk.rules)
    return await _drawn(page, _WhatIf(rules=rules, problems=problems), typed, status=409)


def shown_of(desk: SeasonDesk, decision: Comparison) -> str:
    """Name what a decision was shown to change, and what had opened then: the rest comes under the newest version."""
    opened = sorted(round_rules.versions_followed(desk.db))
    return name_of_effects([*effects_of(decision), opened])


def rule_words(desk: SeasonDesk, tried: Mapping[str, str]) -> dict[str, Any]:
    """Return what a page says of rules in words; `tried` are values in the place of those in force."""
    chapters = rule_chapters(desk.rules, load_programme(PROGRAMME).rules, tried)
    return {
        "names": dict(entrant_names(desk.db)),
        "industries": {one.code: one.name for one in desk.in_force.programme.industries},
        "said": partial(said, desk.rules),
        "kept_words": lambda name, value: in_words(name, value, desk.zone),
        "chapters": chapters,
        "rule_lines": {line.name: line for chapter in chapters for line in chapter.lines},
    }


def _looked(desk: SeasonDesk, typed: _Typed) -> _WhatIf:
    if not typed.lines:
        return _WhatIf(rules=desk.rules)
    try:
        overrides = parse_changes(typed.lines)
        everywhere = compared(desk, overrides, round_rules.versions_followed(desk.db).keys())
        about = typed.about & round_rules.versions_followed(desk.db).keys()
        decision = compared(desk, overrides, about) if about else None
        name = "" if decision is None else shown_of(desk, decision)
        return _WhatIf(desk.rules.with_overrides(overrides, ""), everywhere, decision, shown=name)
    except RulesetError as error:
        return _WhatIf(rules=desk.rules, problems=error.problems)


async def _drawn(
    page: Page, outcome: _WhatIf, typed: _Typed, *, done: str = "", status: int = 200, **more: Any
) -> Response[str]:
    def read(desk: SeasonDesk) -> dict[str, Any]:
        followed = round_rules.versions_followed(desk.db)
        return {
            **rule_words(desk, typed.values),
            "basis": last_entry(desk.db),
            "people": names_of_users(desk.db),
            "proposed": all_proposed(desk.db),
            "newest": version_in_force(desk.db).number,
            "sets_rules": account_of(page.request).role is Role.ADMIN,
            "versions": versions(desk.db),
            "followed": followed,
            "decisions": round_rules.decisions_on_rules(desk.db),
            "opened": [what for what in (round_rules.OWN, *map(round_rules.name_of, range(1, 10))) if what in followed],
        }

    kept = await read_season(page.request, read)
    return await asyncio.to_thread(
        page.html,
        "award/what_if.html",
        status=status,
        what_if=outcome,
        filled=typed,
        plotted=plotted,
        SCORES=SCORES,
        own_reasons=OWN_REASONS,
        done=done,
        **kept,
        **more,
    )


ROUTES = [what_if_page, new_rules]
