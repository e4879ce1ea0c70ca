"""Results as a season file written by hand: every grade, a joint award, a mark, an entry without a final."""

from __future__ import annotations

from typing import Any

from checklists.forms.file import shipped_forms
from sync_server.publication.packed import Entrants
from sync_server.reports.results_copy import ResultsCopy
from tests.builders import NOON

BANKS, FERRIES = "banks_loans", "transport_logistics"


def an_entrant(
    code: str, bases: tuple[str, ...], *, industry: str = BANKS, golds: int = 0, organisation: str = ""
) -> dict[str, Any]:
    """One that is phoned, one visit a round; `golds` editions before this one were gold."""
    padded = (*({"assessments": [{"id": f"{code}-{n}", "base": base}]} for n, base in enumerate(bases, 1)), {}, {}, {})
    history = [
        {"year": year, "industry": industry, "channel": "phone_in", "final": "95", "grade": "gold"}
        for year in range(2021 - golds, 2021)
    ]
    entry = {"channel": "phone_in", "rounds": list(padded[:3]), **({"history": history} if history else {})}
    return {
        "id": code,
        "organisation": organisation or code,
        "name": {"en": f"{code.title()} Hotline", "zh-Hant": f"{code.title()} 熱線"},
        "industry": industry,
        "seats": 35,
        "entries": [entry],
    }


ENTRANTS = (
    an_entrant("acorn", ("95", "96", "97"), golds=2),
    an_entrant("birch", ("85", "85", "85")),
    an_entrant("cedar", ("75", "75", "75")),
    an_entrant("dogwood", ("60", "60", "60")),
    an_entrant("elm", ("95", "96", "97"), golds=8),
    an_entrant("fir", ("91", "91", "91"), industry=FERRIES),
    {
        **an_entrant("gum", ("91", "91", "91")),
        "entries": [{"channel": "phone_in", "withdrawn": True, "rounds": [{}, {}, {}]}],
    },
)


def a_results_copy(*entrants: dict[str, Any], **more: Any) -> ResultsCopy:
    """The results of `entrants`, ENTRANTS where none is given."""
    file = {
        "season_format": 1,
        "programme": "mystery_caller_2021",
        "rules": {"faq.deadline": None},
        "editions_held": list(range(2007, 2021)),
        "entrants": Entrants.of(entrants or ENTRANTS),
        "x_edition": {"year": 2021, "title": {"en": "2021 Award", "zh-Hant": "2021年大獎"}, "contact": {}},
        "x_results": {
            "organiser": {"en": "Organiser", "zh-Hant": "主辦機構"},
            "ceremony": [{"on": "2021-11-05", "until": None}],
            "organisations": {"acorn": {"en": "Acorn Holdings", "zh-Hant": "橡實集團"}},
            "regrouped": {"fir": [BANKS, FERRIES]},
        },
    }
    fields: dict[str, Any] = {
        "id": "results-1", "digest": "a" * 64, "rules_version": 1, "is_signed": True, "release_at": NOON,
        "released_at": NOON,
    }  # fmt: skip
    return ResultsCopy(file, shipped_forms(), **(fields | more))
