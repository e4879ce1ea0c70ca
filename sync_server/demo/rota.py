"""Who visits whom in the demo: the assignments of rounds 1 and 2, and the fresh ones behind each enrolment code.

ROTA-1  Every entry has as many visits that are over as FIELDWORK says: several in round 1, some in round 2.
ROTA-3  Assessors speak the language of their visits. Who must see a branch again soon, for want of others, does it
        with an exception: the rules of rotation hold for everything else.
ROTA-2  Whoever enrols with a printed code finds visits of all four channels, due from today on. The first call is to a
        hotline that is open at all hours: the demo is tried at any time of day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle
from random import Random

from checklists.forms.form import Channel
from sync_server.demo.calendar import Calendar
from sync_server.demo.season import Row, rows_of

FIELDWORK = (5, 1)  # visits of each entry that are already over, in rounds 1 and 2
SUBCHANNELS = ("chat", "email", "form", "social")
VARIANTS = ("branch", "both", "branch", "recording")
SCENARIO_PREFIX = len("travel")  # scenarios and industries begin alike
LANGUAGES = ("yue", "yue", "yue", "en", "yue", "cmn")
EXCEPTION = "Nobody else is free in this demo of few assessors."

# What one enrolment code's assessor finds: channel, sub-channel or variant, days until due, with IVRS annex.
BUNDLE: Sequence[tuple[Channel, str, int, bool]] = (
    (Channel.PHONE_IN, "", 1, False),
    (Channel.ONSITE, "branch", 2, False),
    (Channel.ONLINE, "chat", 2, False),
    (Channel.FACE_TO_FACE, "", 3, False),
    (Channel.PHONE_IN, "", 4, True),
    (Channel.ONLINE, "email", 6, False),
    (Channel.ONSITE, "both", 8, False),
    (Channel.PHONE_IN, "", 9, False),
)
NAMES: Sequence[tuple[str, str]] = (
    ("Chan Hoi-yan 陳凱欣", "yue; en"),
    ("Ng Chi-wai 吳志偉", "yue"),
    ("Priya Tam 譚佩雅", "en; yue"),
    ("Cheng Lok-yiu 鄭樂瑤", "yue; cmn"),
    ("Ho Wing-sze 何詠詩", "yue; en"),
    ("Leung Pak-hin 梁柏軒", "yue"),
)


def newcomers(count: int, taken: int) -> Iterator[Row]:
    """Yield `count` assessors for new enrolment codes, numbered on from `taken`."""
    for number in range(taken + 1, taken + count + 1):
        name, languages = NAMES[(number - 1) % len(NAMES)]
        yield {"assessor": f"B-{number:02d}", "name": name, "languages": languages}


class Rota:
    """Plans assignments over the files of a season. Same random state, same rows."""

    def __init__(self, files: Mapping[str, bytes], calendar: Calendar, random: Random) -> None:
        self._calendar = calendar
        self._random = random
        entries = rows_of(files["entries.csv"])
        self._entries = [(row["entrant"], row["channel"]) for row in entries]
        self._always_open = {(row["entrant"], row["channel"]) for row in entries if not row["service_hours"]}
        self._languages = {row["assessor"]: row["languages"] for row in rows_of(files["assessors.csv"])}
        self._seen: set[tuple[str, str]] = set()  # assessor and branch
        self._industry = {row["entrant"]: row["industry"] for row in rows_of(files["entrants.csv"])}
        self._scenarios = [(row["scenario"], row["channel"]) for row in rows_of(files["scenarios.csv"])]
        self._branches = [(row["entrant"], row["branch"]) for row in rows_of(files["branches.csv"])]

    def fieldwork(self) -> list[Row]:
        """Return the assignments of the visits that are over: one after another through the assessors."""
        starts, today = self._calendar.starts, self._calendar.today
        assessors = cycle(self._languages)
        rows: list[Row] = []
        for entrant, channel in self._entries:
            for number, count in enumerate(FIELDWORK, start=1):
                for n in range(1, count + 1):
                    due = _share(starts[number - 1], min(starts[number], today) - timedelta(days=1), n, count)
                    assessor = next(assessors)
                    row = {
                        "assignment": f"r{number}-{entrant}-{channel.replace('_', '-')}-{n:02d}",
                        "assessor": assessor,
                        "round": str(number),
                        "language": _language(n + len(entrant), self._languages[assessor]),
                    }
                    rows.append({**row, **due, **self._contact(assessor, entrant, channel, _kind(channel, n))})
        return rows

    def bundle(self, assessor: str, languages: str, today: date) -> list[Row]:
        """Return the assignments one newcomer finds, spread over entrants, due from yesterday on, within the round."""
        number = max(1, sum(start <= today for start in self._calendar.starts[:3]))
        first, last = self._calendar.starts[number - 1], self._calendar.starts[number] - timedelta(days=1)
        rows: list[Row] = []
        visited: set[str] = set()
        for n, (channel, kind, due_days, ivrs) in enumerate(BUNDLE, start=1):
            entrants = [
                entrant
                for entrant, on in self._entries
                if on == channel and (n > 1 or (entrant, on) in self._always_open)
            ]
            unseen = [name for name in entrants if name not in visited]
            entrant = self._random.choice(unseen or entrants)
            visited.add(entrant)
            row = {
                "assignment": f"r{number}-{assessor.lower()}-{n:02d}",
                "assessor": assessor,
                "round": str(number),
                "due_from": min(max(first, today - timedelta(days=1)), last).isoformat(),
                "due_until": min(today + timedelta(days=due_days), last).isoformat(),
                "ivrs": "yes" if ivrs else "",
                "language": _language(n, languages),
                "exception": "" if unseen else EXCEPTION,
            }
            contact = self._contact(assessor, entrant, channel, kind)
            rows.append(contact | row | {"exception": row["exception"] or contact["exception"]})
        return rows

    def _contact(self, assessor: str, entrant: str, channel: str, kind: str) -> dict[str, str]:
        begins = self._industry[entrant][:SCENARIO_PREFIX]
        at_a_branch = channel in (Channel.ONSITE, Channel.FACE_TO_FACE)
        branches = [branch for of, branch in self._branches if of == entrant]
        unseen = [branch for branch in branches if (assessor, branch) not in self._seen]
        branch = self._random.choice(unseen or branches) if at_a_branch else ""
        self._seen.add((assessor, branch))
        return {
            "entrant": entrant,
            "channel": channel,
            "scenario": next(name for name, on in self._scenarios if on == channel and name.startswith(begins)),
            "branch": branch,
            "exception": "" if unseen or not at_a_branch else EXCEPTION,
            "subchannel": kind if channel == Channel.ONLINE else "",
            "variant": kind if channel == Channel.ONSITE else "",
            "reply_target_min": "30" if kind == "chat" else "",
        }


def _language(n: int, spoken: str) -> str:
    """Return the nth language of the demo, or the first that is spoken where that one is not."""
    languages = [one.strip() for one in spoken.split(";")]
    wanted = LANGUAGES[n % len(LANGUAGES)]
    return wanted if wanted in languages else languages[0]


def _kind(channel: str, n: int) -> str:
    if channel == Channel.ONLINE:
        return SUBCHANNELS[n % len(SUBCHANNELS)]
    return VARIANTS[n % len(VARIANTS)] if channel == Channel.ONSITE else ""


def _share(first: date, last: date, n: int, count: int) -> Row:
    """Return the nth of `count` equal shares of the days from `first` to `last`."""
    days = (last - first).days + 1
    begin, end = first + timedelta(days * (n - 1) // count), first + timedelta(days * n // count - 1)
    return {"due_from": begin.isoformat(), "due_until": end.isoformat()}
