"""How the demo's organisations came to be in its season: what each handed in, and what the office decided of it.

DEN-1  Every organisation enrolled before enrolment closed, its notice to staff shown, and was accepted two days later;
       the rows of the season are those it became.
DEN-2  The group of each entrant was proposed by itself and decided by a person. Those of MOVED proposed another than
       they compete in, and can read why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random

import msgspec
from sqlalchemy import Connection

from sync_server.database.queries import hand_ins, season, users
from sync_server.database.queries.season_pages import changes_of_row
from sync_server.demo.accounts import COORDINATOR
from sync_server.demo.calendar import ZONE, Calendar
from sync_server.demo.pictures import picture
from sync_server.exchange.csv.row_cells import cells_of
from sync_server.exchange.enrolling import Choice, note_accepted
from sync_server.exchange.enrolment_rows import Decided
from sync_server.hand_in.enrolment import NOTICE, read_enrolment
from sync_server.hand_in.versions import VISITOR, HandedFile, begun, hand_in
from sync_server.people.secret import secret_hash

Cells = Mapping[str, str]
AS_PROPOSED = "As proposed. 依建議。"
# Who proposed another group, and why the office decided as it did.
MOVED: Mapping[str, tuple[str, str]] = {
    "moon-gate-dim-sum": (
        "commerce",
        "Guests are served at their tables, as in hotels. 與酒店一樣為賓客提供席上服務。",
    ),
    "kite-air-cargo": ("travel_hospitality", "It carries goods, not guests. 運送貨物而非旅客。"),
}
_OF_ORGANISATION = ("name_en", "name_zh", "member", "took_part", "contact_name", "email", "telephone")
_OF_UNIT = ("name_en", "name_zh", "seats", "branches", "staff_notice_on", "staff_notice_en", "staff_notice_zh")
_OF_ENTRY = ("service_days", "service_hours", "onsite_variant", "direction")


def add_enrolments(db: Connection, calendar: Calendar) -> None:
    """Do it. Inside a write transaction."""
    person = users.user_named(db, COORDINATOR)
    by = COORDINATOR if person is None else person.id
    tables = {
        name: [cells_of(name, row, ZONE) for row in season.rows_of(db, name)]
        for name in ("organisations", "entrants", "entries", "branches", "contact_points")
    }
    first_at = datetime.combine(calendar.start - timedelta(days=40), time(10), ZONE)
    words = ("Mystery assessments", "serve improvement only.")
    notice = picture("screen", "Notice to staff", words, Random(1))  # noqa: S311 - the same picture each time
    for number, owner in enumerate(tables["organisations"]):
        units = [row for row in tables["entrants"] if row.get("organisation", row["entrant"]) == owner["organisation"]]
        if units:
            at = first_at + timedelta(days=number, minutes=37 * number)  # a day apart, before enrolment closes
            _enrol(db, owner, units, tables, notice, by=by, at=at)


def _enrol(
    db: Connection,
    owner: Cells,
    units: Sequence[Cells],
    tables: Mapping[str, Sequence[Cells]],
    notice: bytes,
    *,
    by: str,
    at: datetime,
) -> None:
    form = {name: owner.get(name, "") for name in _OF_ORGANISATION}
    form |= {"units": str(len(units)), "eligible": "yes", "terms": "yes"}
    for number, unit in enumerate(units, start=1):
        form |= {f"u{number}-{name}": value for name, value in _unit(unit, tables).items()}
    files = [HandedFile(f"u{number}-{NOTICE}", "notice.jpg", notice) for number in range(1, len(units) + 1)]
    to = begun(db, "enrolment", "", at, code_hash=secret_hash(f"demo-enrolment-{owner['organisation']}"))
    hand_in(db, to, msgspec.to_builtins(read_enrolment(form)), files, by=VISITOR, now=at)
    why = [MOVED[unit["entrant"]][1] for unit in units if unit["entrant"] in MOVED]
    decided = tuple(Decided(unit["entrant"], unit["industry"]) for unit in units)
    became = changes_of_row(db, "entrants", (units[0]["entrant"],))
    note_accepted(
        db,
        hand_ins.versions_of(db, to.id)[0],
        Choice(owner["organisation"], decided, " ".join(why) or AS_PROPOSED),
        set_id=became[-1].set_id if became else None,
        by=by,
        now=at + timedelta(days=2),
    )


def _unit(unit: Cells, tables: Mapping[str, Sequence[Cells]]) -> dict[str, str]:
    """Return the fields in which a unit would have typed its rows."""
    entries, places, points = (
        [row for row in tables[name] if row["entrant"] == unit["entrant"]]
        for name in ("entries", "branches", "contact_points")
    )
    site = ("name_en", "name_zh", "address_en", "address_zh", "district")
    fields = {name: unit.get(name, "") for name in _OF_UNIT}
    fields |= {name: next((row[name] for row in entries if name in row), "") for name in _OF_ENTRY}
    fields |= {row["channel"]: "yes" for row in entries}
    fields["industry"] = MOVED.get(unit["entrant"], (unit["industry"], ""))[0]
    fields["phones"] = "\n".join(f"{row['value']}, {row['label_en']}" for row in points if row["channel"] == "phone_in")
    fields["addresses"] = "\n".join(
        f"{row['subchannel']}: {row['value']}" for row in points if row["channel"] == "online"
    )
    fields["sites"] = "\n".join(" | ".join(row[name] for name in site) for row in places)
    return fields
