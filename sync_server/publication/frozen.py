"""The copy that closing takes: a season file of what counts, whole in itself, named by its digest.

FRZ-1  It holds the accepted and the void visits of its round; nothing that waits, and nobody's name.
FRZ-2  Rounds before it stand as they were published last, under the rules they were published with; a round that was
       not published is `{}`, as are those after it. The results hold every round as it was signed last.
FRZ-3  Its digest is the SHA-256 of the file without `x_publication`, written as JSON with sorted keys and no spaces, so
       that any program can check it.
FRZ-4  It is kept for good, and exported as it is kept: `x_publication` says of whom, for whom and under which rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from checklists.rules.ruleset import Ruleset
from checklists.season.model import Season, SeasonEntrant, SeasonEntry, SeasonRound
from checklists.season.write import entrant_json, season_json
from sync_server.award.desk import SeasonDesk
from sync_server.award.entries import ReadEntry, read_entry
from sync_server.award.season_file import SeasonWriter
from sync_server.database.queries.closing import names_of_organisations
from sync_server.database.queries.editions import newest_edition
from sync_server.database.queries.groupings import groupings_by_entrant
from sync_server.database.queries.publications import Publication
from sync_server.database.queries.releases import round_rows
from sync_server.database.queries.standings import EntryRow
from sync_server.publication.packed import ENTRANTS, Entrants, Json, inflated, set_out, written
from sync_server.publication.seen import SeenBook
from sync_server.season.rules import RELEASE_AT, RESULTS_AT

COUNTED = frozenset({"accepted", "void"})
FILED = "x_filed"  # the filed questions that visits name (SEE-4)
DATES = frozenset({RELEASE_AT, RESULTS_AT})  # they score nothing, and may move after the copy


def live_copy(desk: SeasonDesk, number: int | None, keys: Collection[tuple[str, str]] | None = None) -> Json:
    """Return the season file of what counts now: of one round, or (None) of no round, for the results to be filled.

    `keys`: with these entries alone.
    """
    seen = SeenBook(desk)
    rows: dict[str, list[EntryRow]] = {}
    for row in desk.entry_rows(keys):
        rows.setdefault(row.entrant_id, []).append(row)
    season = Season(
        programme=desk.in_force.programme,
        entrants=(),
        editions_held=desk.in_force.editions,
        forms=desk.book.forms(desk.db),
        rules_by_round=desk.in_force.rules_by_round,
    )
    writer = SeasonWriter(desk)
    live: Json = msgspec.json.decode(season_json(season))
    live[ENTRANTS] = Entrants.of(
        entrant_json(writer.entrant(_entrant(desk, each, number, seen))) for each in rows.values()
    )
    return {**live, FILED: seen.filed}


def _entrant(desk: SeasonDesk, rows: Sequence[EntryRow], number: int | None, seen: SeenBook) -> SeasonEntrant:
    """Return an entrant with what counts of round `number` of its entries."""
    entries = []
    for row in rows:
        read = read_entry(desk, row)
        entries.append(_only(read, number, seen))
    return msgspec.structs.replace(read.entrant, entries=tuple(entries))


def _only(read: ReadEntry, number: int | None, seen: SeenBook) -> SeasonEntry:
    """Return the entry with what counts of round `number`, every other round empty."""
    entry = read.entrant.entries[0]
    counted = {row.id: facts for row, facts in read.facts if row.round == number and row.status in COUNTED}
    rounds = []
    for place, held in enumerate(entry.rounds, 1):
        if place != number:
            rounds.append(SeasonRound())
            continue
        kept = [one for one in held.assessments if one.id in counted]
        seen_by_id = seen.of([one.id for one in kept])
        rounds.append(
            SeasonRound(
                assessments=tuple(
                    msgspec.structs.replace(
                        one,
                        notes={
                            **{name: note for name, note in one.notes.items() if name != "decisions"},
                            **_with_reason(seen_by_id.get(one.id, {}), one.void),
                        },
                    )
                    for one in kept
                ),
                ivrs=tuple(
                    facts.ivrs for name, facts in counted.items() if facts.ivrs is not None and _stands(kept, name)
                ),
                consistency=held.consistency,
            )
        )
    return msgspec.structs.replace(entry, rounds=tuple(rounds))


def _with_reason(noted: Mapping[str, Json], void: str | None) -> Mapping[str, Json]:
    """Return what is noted of a visit, with why the office declared it void (SEE-6)."""
    if void is None or "seen" not in noted or noted["seen"].get("is_broken_off"):
        return noted
    return {**noted, "seen": {**noted["seen"], "void_because": void}}


def _stands(kept: list[Any], name: str) -> bool:
    return any(one.id == name and one.void is None for one in kept)


def with_rounds(live: Json, frozen: Mapping[int, Json]) -> Json:
    """Return `live` with rounds as other copies hold them, each under the rules it has there (FRZ-2)."""
    file = {**live, ENTRANTS: Entrants.of(_with_rounds(entrant, frozen) for entrant in live[ENTRANTS])}
    file[FILED] = {ref: faq for one in (*frozen.values(), live) for ref, faq in one.get(FILED, {}).items()}
    by_round = dict(live.get("rules_by_round", {}))
    for number, other in frozen.items():
        rules = {**other["rules"], **other.get("rules_by_round", {}).get(str(number), {})}
        own = {name: value for name, value in rules.items() if name not in DATES and live["rules"].get(name) != value}
        by_round.pop(str(number), None)
        if own:
            by_round[str(number)] = own
    file.pop("rules_by_round", None)
    return {**file, **({"rules_by_round": dict(sorted(by_round.items()))} if by_round else {})}


def _with_rounds(entrant: Json, frozen: Mapping[int, Json]) -> Json:
    """Return an entrant with its rounds as other copies hold them."""
    for number, other in frozen.items():
        before = other[ENTRANTS].named(entrant["id"]) or {"entries": ()}
        held = {each["channel"]: each["rounds"] for each in before["entries"]}
        for entry in entrant["entries"]:
            rounds = held.get(entry["channel"], ())
            entry["rounds"][number - 1] = rounds[number - 1] if number <= len(rounds) else {}
    return entrant


def rules_of_copy(file: Json, number: int | None) -> Json:
    """Return the parameters that score a round of a copy (None: its own), without the dates that score nothing."""
    rules = {**file["rules"], **file.get("rules_by_round", {}).get(str(number), {})}
    return {name: value for name, value in rules.items() if name not in DATES}


def about(db: Connection, number: int | None) -> Json:
    """Return what a report says beside the figures: the edition, and the round's dates."""
    edition = newest_edition(db)
    dates = next((row for row in round_rows(db) if row.number == number), None)
    said: Json = {}
    if edition is not None:
        said["x_edition"] = {"year": edition.year, "title": dict(edition.title), "contact": dict(edition.contact)}
    if dates is not None:
        opens, closes = dates.opens_at.isoformat(), dates.closes_at.isoformat()
        said["x_round"] = {"number": number, "opens_at": opens, "closes_at": closes}
    if number is None:
        said["x_results"] = _about_results(db)
    return said


def _about_results(db: Connection) -> Json:
    """Return what letters and the ceremony say beside figures: who organises it, when, who was put in another group."""
    edition = newest_edition(db)
    return {
        "organiser": dict(edition.organiser) if edition is not None and edition.organiser else None,
        "ceremony": list(edition.milestones.get("ceremony", ())) if edition is not None else [],
        "organisations": names_of_organisations(db),
        "regrouped": {
            entrant_id: [one.row.industry for one in reversed(decisions)]
            for entrant_id, decisions in sorted(groupings_by_entrant(db).items())
            if any(one.row.is_ruling for one in decisions)
        },
    }


def plain_rules(rules: Ruleset) -> Json:
    """Return rules as a copy holds them."""
    plain: Json = msgspec.json.decode(msgspec.json.encode(dict(rules.plain)))
    return plain


# Nothing is read here but the names of its parts: notes are nine tenths of a copy, and reading them took longer than
# all the rest of a report.
_Parts = dict[str, msgspec.Raw]
_PARTS, _LISTED = msgspec.json.Decoder(_Parts), msgspec.json.Decoder(list[_Parts])


def without_notes(entrant: bytes) -> bytes:
    """Return an entrant of a copy as it scores, without what is noted of each visit: a tenth as long."""
    parts = _PARTS.decode(entrant)
    entries = _LISTED.decode(parts["entries"])
    for entry in entries:
        entry["rounds"] = _written(map(_plain_round, _LISTED.decode(entry["rounds"])))
    return msgspec.json.encode({**parts, "entries": entries})


def _plain_round(round_: _Parts) -> _Parts:
    if "assessments" not in round_:
        return round_
    visits = _LISTED.decode(round_["assessments"])
    return {**round_, "assessments": _written({key: one[key] for key in one if key[:2] != "x_"} for one in visits)}


def _written(parts: Iterable[_Parts]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(list(parts)))


def digest_of(file: Json) -> str:
    """Return the digest of a copy (FRZ-3)."""
    digest = hashlib.sha256()
    for piece in written({name: value for name, value in file.items() if name != "x_publication"}, order="sorted"):
        digest.update(piece)
    return digest.hexdigest()


def is_same(one: Json, other: Json) -> bool:
    """Return whether two copies say the same, whatever dates their rules had."""
    return _undated(one) == _undated(other)


def _undated(file: Json) -> Json:
    return {**file, "rules": {name: value for name, value in file["rules"].items() if name not in DATES}}


def exported(publication: Publication, body: bytes) -> Iterator[bytes]:
    """Yield a kept copy as a season file that says what it is (FRZ-4), an entrant at a time."""
    file = inflated(body)
    file["x_publication"] = {
        "id": publication.id,
        "kind": publication.kind,
        "round": publication.round,
        "correction": publication.correction,
        "audience": publication.audience,
        "digest": f"sha256:{publication.digest}",
        "ruleset": {"version": publication.rules_version, "digest": publication.rules_digest},
        "signers": [{"name": one.name, "signed_at": one.signed_at.isoformat()} for one in publication.signatures],
        "copied_at": publication.made_at.isoformat(),
        "released_at": None if publication.published_at is None else publication.published_at.isoformat(),
    }
    return set_out(file)
