"""Who visits whom in the demo: the assignments of rounds 1 and 2, and the fresh ones behind each enrolment code.

ROTA-1  Rounds 1 and 2 are planned in full: every entry has as many visits as its quota asks for, spread over the round.
        Those of round 3 are left to be planned.
ROTA-3  Assessors speak the language of their visits. Who must see a branch again soon, for want of others, does it
        with an exception: the rules of rotation hold for everything else.
ROTA-2  Whoever enrols with a printed code finds visits of all four channels, due from today on. The first call is to a
        hotline that is open at all hours: the demo is tried at any time of day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random

from checklists.forms.form import Channel
from checklists.plan.quota import Size, Variant, plan_of
from checklists.plan.rotation import SHARE
from checklists.rules.ruleset import Ruleset
from sync_server.demo.calendar import PLANNED_ROUNDS, Calendar
from sync_server.demo.season import Row, rows_of
from sync_server.planning.season import RECORDINGS

WINDOW = timedelta(days=7)  # how long a visit may be made
SUBCHANNELS = ("chat", "email", "form", "social")
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
        self._sizes = {
            row["entrant"]: Size(seats=int(row["seats"] or 0), branches=int(row["branches"] or 0))
            for row in rows_of(files["entrants.csv"])
        }
        self._entries = [(row["entrant"], row["channel"]) for row in entries]
        self._always_open = {(row["entrant"], row["channel"]) for row in entries if not row["service_hours"]}
        self._languages = {row["assessor"]: row["languages"] for row in rows_of(files["assessors.csv"])}
        self._seen: set[tuple[str, str]] = set()  # assessor and branch
        self._industry = {row["entrant"]: row["industry"] for row in rows_of(files["entrants.csv"])}
        self._scenarios = [(row["scenario"], row["channel"]) for row in rows_of(files["scenarios.csv"])]
        self._branches = [(row["entrant"], row["branch"]) for row in rows_of(files["branches.csv"])]

    def fieldwork(self, rules: Ruleset) -> list[Row]:
        """Return the assignments of the rounds that are planned: an entrant's, by day, one after another through all.

        So nobody comes again before everybody else was there.
        """
        starts = self._calendar.starts
        visits = {key: _kinds(key[1], self._sizes[key[0]], rules) for key in self._entries}
        rows: list[Row] = []
        for place, entrant in enumerate(self._industry):
            own = [key for key in self._entries if key[0] == entrant]
            assessors = islice(cycle(self._languages), place, None)
            for number in PLANNED_ROUNDS:
                first, last = starts[number - 1], starts[number] - timedelta(days=1)
                due = sorted(
                    (first + (last - WINDOW - first) * n // len(visits[key]), key[1], n, kind)
                    for key in own
                    for n, kind in enumerate(visits[key])
                )
                turns: Counter[tuple[str, str]] = Counter()
                for day, channel, n, kind in due:
                    most = max(1, int(SHARE * len(visits[entrant, channel])))
                    assessor = next(one for one in assessors if turns[channel, one] < most)
                    turns[channel, assessor] += 1
                    row = {
                        "assignment": f"r{number}-{entrant}-{channel.replace('_', '-')}-{n + 1:02d}",
                        "assessor": assessor,
                        "round": str(number),
                        "language": _language(n + len(entrant), self._languages[assessor]),
                        "due_from": day.isoformat(),
                        "due_until": (day + WINDOW).isoformat(),
                    }
                    rows.append(self._contact(assessor, entrant, channel, kind) | row)
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
            "recordings_to_draw": str(RECORDINGS) if kind == Variant.RECORDING else "",
            "reply_target_min": "30" if kind == "chat" else "",
        }


def _language(n: int, spoken: str) -> str:
    """Return the nth language of the demo, or the first that is spoken where that one is not."""
    languages = [one.strip() for one in spoken.split(";")]
    wanted = LANGUAGES[n % len(LANGUAGES)]
    return wanted if wanted in languages else languages[0]


def _kinds(channel: str, size: Size, rules: Ruleset) -> Sequence[str]:
    """Return sub-channel or variant of each visit that a round asks of an entry of a channel."""
    variant = Variant.BOTH if channel == Channel.ONSITE else None
    quota = plan_of(Channel(channel), size, rules, variant=variant).quota
    contacts, visits = (quota.contacts, quota.visits) if quota else (0, 0)
    if channel == Channel.ONSITE:
        return ["recording"] * (contacts // RECORDINGS) + ["branch"] * visits
    return [SUBCHANNELS[n % len(SUBCHANNELS)] if channel == Channel.ONLINE else "" for n in range(contacts + visits)]
