"""Quality: a page of statistics over what came in, each line with its check."""

from __future__ import annotations

from typing import Any

from sync_server.database.queries.quality import ScoredRow
from sync_server.pages.quality import quality_view
from sync_server.people.permissions import Role
from tests.builders import both
from tests.sync_server.desk import signed_in
from tests.sync_server.season_kit import ASSESSOR


def rows(assessor: str, *bases: float, number: int = 1, entrant: str = "ferry") -> list[ScoredRow]:
    return [
        ScoredRow(f"{assessor}-{number}-{place}", assessor, entrant, "phone_in", number, base)
        for place, base in enumerate(bases)
    ]


def test_the_page_of_a_round_tells_who_stands_out_and_how_sure_it_is() -> None:
    """QIV-1, QIV-3, QIV-5, LNY-3, FAR-1"""
    every = [
        *rows("lenient", *[95.0, 96] * 4),
        *rows("usual", *[80.0, 84, 82, 86] * 3, 40.0),
        *rows("usual", *[80.0, 84] * 4, number=2),
    ]
    view = quality_view(every, 1, {"lenient": "Ms Lenient"}, {"ferry": both("Ferry")})
    assert [(line.id, line.name, line.how.is_flagged) for line in view.assessors] == [
        ("usual", "usual", True),
        ("lenient", "Ms Lenient", True),
    ]
    assert [(one.row.base, one.median) for one in view.far_off] == [(40.0, 86.0)]
    (entry,) = view.entries
    assert (entry.is_borderline, entry.step) == (True, None)
    (second,) = quality_view(every, 2, {}, {}).entries
    assert (round(second.step or 0, 1), second.is_clear) == (-3.7, False)


def test_the_office_sees_it_and_nobody_else(arrived: Any, desk: Any) -> None:
    with signed_in(desk, Role.VIEWER) as client:
        page = client.get("/quality").text
        assert [
            words for words in ("Who marks apart", f"Name of {ASSESSOR}", "Scores far off") if words not in page
        ] == []
        assert client.get("/quality?round=9").status_code == 200
    with signed_in(desk, Role.ENTRANT) as client:
        assert client.get("/quality").status_code == 403
