"""The tables that other programs may read, and their fields as SQL. What of them a reader gets: `open_rows`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    true,
    type_coerce,
)

from sync_server.database.queries.narrowing import Kind
from sync_server.database.tables import (
    assessment_revisions,
    assessments,
    assessors,
    assignments,
    branches,
    entrants,
    entries,
    rounds,
    scenarios,
    standings,
)

Column = ColumnElement[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenField:
    """One field: what it holds, whether it may be null, and its SQL."""

    kind: Kind
    sql: Column
    may_be_null: bool = False
    names_assessor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSet:
    """One table. `scope` is what a token needs; `page` the page of the dashboard whose readers may read it."""

    name: str
    type_name: str
    key: tuple[str, ...]
    scope: str
    page: str
    source: FromClause
    fields: Mapping[str, OpenField]
    is_within_sight: bool = False
    owners: FromClause | None = None  # whose `id` is the first field of the key, where rows belong to others
    owner_fields: frozenset[str] = frozenset()  # the fields that are the owner's own
    expands: tuple[str, ...] = field(default=())  # the sets whose rows belong to one of this

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What each field holds."""
        return {name: one.kind for name, one in self.fields.items()}


def _moment(column: Column, *, may_be_null: bool = False) -> OpenField:
    return OpenField(kind=Kind.MOMENT, sql=type_coerce(column, Text), may_be_null=may_be_null)


def _text(column: Column, *, may_be_null: bool = False) -> OpenField:
    return OpenField(kind=Kind.TEXT, sql=type_coerce(column, Text), may_be_null=may_be_null)


def _whole(column: Column, *, may_be_null: bool = False) -> OpenField:
    return OpenField(kind=Kind.INTEGER, sql=column, may_be_null=may_be_null)


def _score(millionths: Column) -> OpenField:
    return OpenField(
        kind=Kind.NUMBER, sql=cast(millionths, Double) / literal_column("1000000.0", Double), may_be_null=True
    )


def _flag(sql: Column) -> OpenField:
    return OpenField(kind=Kind.FLAG, sql=sql)


@cache
def open_sets(engine: str) -> Mapping[str, OpenSet]:
    """Return every table by its name."""
    is_sqlite = engine == "sqlite"

    def named(column: Column) -> Mapping[str, OpenField]:
        """Return a bilingual text as two fields' endings: "" in English, "Zh" in Chinese."""

        def of(language: str) -> OpenField:
            raw = type_coerce(column, Text)
            if is_sqlite:
                return _text(func.json_extract(raw, f'$."{language}"'), may_be_null=True)
            return _text(func.json_extract_path_text(cast(raw, _json()), language), may_be_null=True)

        return {"": of("en"), "Zh": of("zh-Hant")}

    a, s, r, e, b, n = (
        assessments.c, assignments.c, assessment_revisions.c, entrants.c, branches.c, entries.c
    )  # fmt: skip
    visit_source = (
        assessments.join(entrants, e.id == a.entrant_id)
        .join(assignments, s.id == a.assignment_id)
        .join(scenarios, scenarios.c.id == s.scenario_id)
    )
    visits = OpenSet(
        name="Assessments",
        type_name="Assessment",
        key=("Id",),
        scope="assessments",
        page="/assessments",
        source=visit_source,
        is_within_sight=True,
        expands=("Answers",),
        fields={
            "Id": _text(a.id),
            "AssignmentId": _text(a.assignment_id),
            "EntrantId": _text(a.entrant_id),
            **{f"EntrantName{end}": one for end, one in named(e.name).items()},
            "Industry": _text(e.industry),
            "Channel": _text(a.channel),
            "Subchannel": _text(s.subchannel, may_be_null=True),
            "Round": _whole(a.round),
            "ScenarioId": _text(s.scenario_id),
            **{f"Scenario{end}": one for end, one in named(scenarios.c.title).items()},
            "BranchId": _text(s.branch_id, may_be_null=True),
            "Form": _text(a.form),
            "AssessorId": OpenField(kind=Kind.TEXT, sql=a.assessor_id, may_be_null=True, names_assessor=True),
            "Status": _text(a.status),
            "Contact": _text(a.contact),
            "Score": _score(a.base_millionths),
            "ScoreShown": _text(a.base_shown),
            "Revision": _whole(a.revision),
            "FilesNamed": _whole(a.files_named),
            "FilesReceived": _whole(a.files_held),
            "HasConflict": _flag(a.conflicts > 0),
            "ClockOff": _flag(a.clock_wrong),
            "StartedAt": _moment(a.started_at),
            "FinishedAt": _moment(a.finished_at, may_be_null=True),
            "FirstReceivedAt": _moment(a.first_received_at),
            "ReceivedAt": _moment(a.received_at),
        },
    )
    current = and_(r.assessment_id == a.id, r.revision == a.revision, r.digest == a.digest)
    answered, question, value, number = _answers(is_sqlite=is_sqlite)
    answers = OpenSet(
        name="Answers",
        type_name="Answer",
        key=("AssessmentId", "Question"),
        scope="answers",
        page="/assessments/{assessment_id}",
        source=assessments.join(assessment_revisions, current).join(answered, true()),
        owners=assessments,
        owner_fields=frozenset({"AssessmentId", "EntrantId", "Channel", "Round", "Form", "Status"}),
        is_within_sight=True,
        fields={
            "AssessmentId": _text(a.id),
            "Question": _text(question),
            "EntrantId": _text(a.entrant_id),
            "Channel": _text(a.channel),
            "Round": _whole(a.round),
            "Form": _text(a.form),
            "Status": _text(a.status),
            "Value": _text(value, may_be_null=True),
            "Number": OpenField(kind=Kind.NUMBER, sql=number, may_be_null=True),
        },
    )
    others = (
        OpenSet(
            name="Entrants", type_name="Entrant", key=("Id",), source=entrants,
            scope="season", page="/season",
            fields={
                "Id": _text(e.id), "Organisation": _text(e.organisation),
                **{f"Name{end}": one for end, one in named(e.name).items()},
                "Industry": _text(e.industry), "Seats": _whole(e.seats, may_be_null=True),
                "DeclaredBranches": _whole(e.branches, may_be_null=True),
            },
        ),
        OpenSet(
            name="Entries", type_name="Entry", key=("EntrantId", "Channel"), source=entries,
            scope="season", page="/season",
            fields={
                "EntrantId": _text(n.entrant_id), "Channel": _text(n.channel), "Withdrawn": _flag(n.withdrawn),
                "OnsiteVariant": _text(n.onsite_variant, may_be_null=True),
            },
        ),
        OpenSet(
            name="Branches", type_name="Branch", key=("Id",), source=branches,
            scope="season", page="/season",
            fields={
                "Id": _text(b.id), "EntrantId": _text(b.entrant_id),
                **{f"Name{end}": one for end, one in named(b.name).items()},
                "District": _text(b.district, may_be_null=True),
            },
        ),
        OpenSet(
            name="Rounds", type_name="Round", key=("Number",), source=rounds,
            scope="season", page="/season",
            fields={
                "Number": _whole(rounds.c.number), "OpensAt": _moment(rounds.c.opens_at),
                "ClosesAt": _moment(rounds.c.closes_at),
            },
        ),
        OpenSet(
            name="Assignments", type_name="Assignment", key=("Id",), source=assignments, scope="season",
            page="/assignments",
            fields={
                "Id": _text(s.id), "AssessorId": _text(s.assessor_id), "EntrantId": _text(s.entrant_id),
                "Channel": _text(s.channel), "Subchannel": _text(s.subchannel, may_be_null=True),
                "Variant": _text(s.variant, may_be_null=True), "Round": _whole(s.round), "Form": _text(s.form),
                "ScenarioId": _text(s.scenario_id), "BranchId": _text(s.branch_id, may_be_null=True),
                "DueFrom": _moment(s.due_from), "DueUntil": _moment(s.due_until), "Withdrawn": _flag(s.withdrawn),
            },
        ),
        OpenSet(
            name="Standings", type_name="Standing", key=("EntrantId", "Channel"), source=standings,
            scope="standings", page="/standings",
            fields={
                "EntrantId": _text(standings.c.entrant_id), "Channel": _text(standings.c.channel),
                "Final": _score(standings.c.final_millionths), "FinalShown": _text(standings.c.final_shown),
                "Grade": _text(standings.c.grade, may_be_null=True), "ComputedAt": _moment(standings.c.computed_at),
            },
        ),
        OpenSet(
            name="Assessors", type_name="Assessor", key=("Id",), source=assessors, scope="people", page="/assessors",
            fields={
                "Id": _text(assessors.c.id), "Name": _text(assessors.c.name),
                "LeftAt": _moment(assessors.c.left_at, may_be_null=True),
            },
        ),
    )  # fmt: skip
    return {one.name: one for one in (visits, answers, *others)}


def _json() -> Any:
    from sqlalchemy.dialects.postgresql import JSON  # noqa: PLC0415 - loading it takes a fifth of a second

    return JSON


def _answers(*, is_sqlite: bool) -> tuple[FromClause, Column, Column, Column]:
    """Return the answers of a record's body as rows, and their question, value and number."""
    body = assessment_revisions.c.body
    if is_sqlite:
        rows = func.json_each(cast(body, Text), "$.answers").table_valued("key", "value", name="answered")
        kind, held = func.json_type(rows.c.value, "$.value"), func.json_extract(rows.c.value, "$.value")
        value = case((kind.in_(("true", "false")), kind), else_=cast(held, Text))
        return rows, rows.c.key, value, case((kind == "integer", cast(held, Double)), else_=null())
    of_body = cast(func.convert_from(body, "UTF8"), _json())
    rows = func.json_each(func.json_extract_path(of_body, "answers")).table_valued("key", "value", name="answered")
    held = func.json_extract_path_text(rows.c.value, "value")
    is_number = func.json_typeof(func.json_extract_path(rows.c.value, "value")) == "number"
    return rows, rows.c.key, held, case((is_number, cast(held, Double)), else_=null())
