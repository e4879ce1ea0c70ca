"""How `seasons.json` came to be: season files as an old release exported them, and what it scored them to.

    git worktree add OLD 084b5b8
    cd OLD && PYTHONPATH=OLD .venv/bin/python …/tests/old_release/make_season.py …/tests/old_release

Run it with a checkout of that commit, whose modules it imports; nothing here is imported by today's tests. The seasons
hold what has changed since: sizes that seats and branches give, units of one organisation, unlike histories, menus with
few annexes, and the old spelling of an industry.
"""

# ruff: noqa: I001 - modules of another commit: the linter of today takes them for libraries

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from checklists.form_file import shipped_forms
from checklists.season.file import read_season
from checklists.season.result import result_json
from checklists.season.score import score_season
from checklists.season.write import season_json

OLD, TRANSPORT = "public_service_utilities", "transport_logistics"


def past(year: int, final: str, grade: str = "silver", channel: str = "phone_in", industry: str = TRANSPORT) -> Any:
    return {"year": year, "industry": industry, "channel": channel, "final": final, "grade": grade}


def entry(base: str, channel: str = "phone_in", ivrs: tuple[int, int, int] = (0, 0, 0), **changes: Any) -> Any:
    rounds = []
    for number, annexes in enumerate(ivrs):
        held: Any = {"assessments": [{"id": f"{number}-{n}", "base": base, "ease": n == 0} for n in range(6)]}
        if annexes:
            held["ivrs"] = ["90.5"] * annexes
        rounds.append(held)
    return {"channel": channel, "rounds": rounds, **changes}


def entrant(name: str, *entries: Any, **changes: Any) -> Any:
    return {"id": name, "industry": TRANSPORT, "entries": list(entries), **changes}


def entrants() -> list[Any]:
    other_mode = [past(2019, "70"), past(2020, "75", channel="online")]
    other_group = [past(2019, "90", "gold", industry=OLD), past(2020, "91", "gold", industry=OLD)]
    golds = [past(year, "92", "gold") for year in (2018, 2019, 2020)]
    return [
        entrant("ferry", entry("91.2", ivrs=(4, 4, 4), history=golds), seats=35, branches=40, organisation="harbour"),
        entrant(
            "tram", entry("90.1", ivrs=(1, 1, 1), history=other_mode), seats=60, branches=3, organisation="harbour"
        ),
        entrant("bus", entry("85.5", ivrs=(9, 9, 0)), entry("88", "face_to_face"), seats=60, branches=5),
        entrant("taxi", entry("84", history=[past(2016, "79.5")]), entry("92.4", "onsite"), branches=25),
        entrant("rail", entry("79.96", "onsite"), entry("86.1", "online"), seats=11),
        entrant("water", entry("89.94", history=other_group), industry=OLD, seats=101, branches=1),
        entrant("gas", entry("69.96", "onsite", withdrawn=True), industry=OLD, seats=10, branches=31),
        entrant("post", entry("77", faq_filed_at=None), industry=OLD),
    ]


RULES: dict[str, Any] = {
    "as shipped": {},
    "visits, and organisations enrolled": {
        "quota.face_to_face": "visits",
        "award.industry.count": "enrolled_organisations",
        "award.industry.min_entrants": 3,
    },
    "few annexes, and silver": {"award.ivrs.min_n": 3, "award.ivrs.needs": "silver", "onsite.variants": ["recording"]},
}


def main(target: Path) -> None:
    made = {}
    for name, rules in RULES.items():
        season = {"season_format": 1, "programme": "mystery_caller_2021", "rules": rules, "entrants": entrants()}
        exported = season_json(read_season(json.dumps(season).encode(), shipped_forms()))
        scored = result_json(score_season(read_season(exported, shipped_forms())))
        made[name] = {"exported": json.loads(exported), "scored": json.loads(scored)}
    (target / "seasons.json").write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
