"""A desk with something of everything on it, and the address of every page it has: taken from the app's own routes.

A page that is added later is among them by itself. Only a new kind of place in an address (`{ballot_id}`) must be
given a value here, and the test that meets it says so.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from html.parser import HTMLParser
from typing import Any, NamedTuple

import httpx
import msgspec
from sqlalchemy import Connection, insert, select, update

from checklists.csqs.standard import csqs
from checklists.forms.form import Channel
from checklists.record.assessment import TakenOver
from sync_server import clock
from sync_server.award.desk import SeasonDesk
from sync_server.csqs.deciding import decide
from sync_server.csqs.moderating import Doer, settle
from sync_server.database import tables
from sync_server.database.queries.closing import Declaration, add_declaration
from sync_server.database.queries.letters import NewLetter, add_letter, note_not_sent
from sync_server.database.queries.plans import add_plan, note_plan
from sync_server.database.queries.publications import NewPublication, add_publication
from sync_server.database.queries.round_rules import name_of
from sync_server.database.queries.users import list_users
from sync_server.exchange.faq_desk import hand_in_faqs
from sync_server.hand_in.enrolment import read_enrolment
from sync_server.hand_in.faq import Faq, FaqList
from sync_server.hand_in.versions import HandedFile, begun, hand_in
from sync_server.money.accounts import issue
from sync_server.people import accounts
from sync_server.people.permissions import RULES, Role
from sync_server.publication import closing
from sync_server.publication.packed import deflated
from sync_server.season.proposed_rules import propose
from sync_server.season.rule_changes import Decision
from tests.builders import NOON, an_assignment, an_attempt, both
from tests.sync_server.closed_season import sign_off
from tests.sync_server.consortium.consortium_kit import add_consortium_desk, publish_index
from tests.sync_server.csqs.csqs_kit import a_visit, asked, handed_out, moderated
from tests.sync_server.desk import add_accounts, form_token, push, rule_anew, send, signed_in
from tests.sync_server.enrolment_kit import TYPED
from tests.sync_server.openrosa_kit import VALUES, collect_token, instance, phone, sent
from tests.sync_server.plan_season import a_plan, a_plan_row
from tests.sync_server.proposals.proposal_kit import handed_in
from tests.sync_server.season_files import example_season
from tests.sync_server.season_kit import (
    ANSWERS,
    ASSESSOR,
    CALL,
    OTHER_TOKEN,
    SET_UP_AT,
    a_call,
    a_photo,
    add_assignment,
    body_of,
)
from tests.sync_server.survey.survey_kit import add_survey

# Long names as organisers have them, one long word in each language, and no place to break in the Chinese.
LONG = both(
    "Kowloon & New Territories Telecommunications Broadband Customer Relationship Hotline",
    "九龍及新界電訊寬頻客戶關係服務熱線中心",
)
ENTRANTS = (("long-name", LONG, "telecommunications"), ("short", both("Ox", "牛"), "public_utilities"))
# What is no page for people: other programs call it, or it is a file.
NO_PAGES = ("/api/", "/static", "/app", "/ca/", "/metrics", "/healthz", "/readyz", "/events")


@dataclass(frozen=True)
class WholeDesk:
    """A server whose every page shows something, and what fills the places in its addresses."""

    server: Any
    places: dict[str, str]
    more: tuple[str, ...]  # addresses of pages in another state than their plain one

    @property
    def url(self) -> str:
        return str(self.server.url)

    @property
    def pages(self) -> list[str]:
        """The address of each page an administrator may open, and of its other states."""
        return list(self.texts)

    @cached_property
    def texts(self) -> dict[str, str]:
        """What these pages were when they were read for the first time, by their addresses."""
        templates = [path for (method, path), roles in RULES.items() if method == "GET" and Role.ADMIN in roles]
        own = [self._filled(path) for path in templates if not path.startswith(NO_PAGES)]
        with signed_in(self.server, Role.ADMIN) as client:
            answers = {path: client.get(path) for path in (*own, *self.more)}
        return {path: answer.text for path, answer in answers.items() if is_page(answer)}

    def _filled(self, template: str) -> str:
        def value(found: re.Match[str]) -> str:
            assert found[1] in self.places, f"{template}: say in tests/sync_server/whole_desk.py what fills {found[0]}"
            return self.places[found[1]]

        return re.sub(r"\{(\w+)\}", value, template)


def is_page(answer: httpx.Response) -> bool:
    """Whether it is a whole page, to be read by a person."""
    return "text/html" in answer.headers.get("content-type", "") and "<!doctype html>" in answer.text


def hand_over(server: Any) -> None:
    """A visit that another's phone went on with waits for a word."""
    came = TakenOver(assessor=ASSESSOR, assessment=CALL, at=NOON)
    record = msgspec.structs.replace(a_call(id=str(uuid.uuid4()), assignment_id="overdue"), taken_over=came)
    with server.client(OTHER_TOKEN) as phone:
        answer = phone.put(f"/api/v1/assessments/{record.id}", content=body_of(record))
    assert answer.status_code == 423, answer.text


def propose_rules(db: Connection) -> int:
    """Other rules for the first round wait for a second person: not the administrator, so that its page can confirm."""
    people = {row.role: row.id for row in list_users(db)}
    about = Decision(frozenset({name_of(1)}), [["long-name/phone_in", "round_1", "88.25", "50.00"]])
    return propose(db, ["cap.assessment=50"], about, LONG["en"], by=people[Role.COORDINATOR], now=SET_UP_AT)


def csqs_visits(server: Any, places: dict[str, str]) -> tuple[str, str]:
    """Two site visits, one that waits for its second rating and one that is decided; return their ids."""
    with server.services.database.transaction() as db:
        records = [a_visit(handed_out(db, name_en=LONG["en"], name_zh=LONG["zh-Hant"])) for _ in range(2)]
    for record in records:
        push(server, record)
    with server.services.database.transaction() as db:
        people = {row.role: row.id for row in list_users(db)}
        by = Doer(people[Role.COORDINATOR], clock.now())
        add_declaration(db, by.user_id, Declaration((), None, by.now))
        moderated(db, records[1].id, people[Role.REVIEWER], dict.fromkeys(asked(), "2") | {"S101": "0"})
        settle(db, csqs(), records[1].id, ("S101", "1", LONG["en"]), by)
        places["decision_id"] = decide(db, csqs(), records[1].id, (by.now.date(), LONG["en"]), by).id
    return records[0].id, records[1].id


def whole_desk(server: Any) -> WholeDesk:
    """Put something of everything on the desk of a server with the small season."""
    add_accounts(server)
    with server.services.database.transaction() as db:
        for name, words, industry in ENTRANTS:
            row = {"id": name, "organisation": name, "name": words, "industry": industry, "seats": 35}
            db.execute(insert(tables.entrants).values(**row, created_at=SET_UP_AT))
            db.execute(insert(tables.entries).values(entrant_id=name, channel="phone_in"))
            for number in (1, 2, 3):
                handed = an_assignment(id=f"{name}-{number}", entrant_id=name, entrant_name=words, round=number)
                add_assignment(db, handed)
        add_assignment(db, an_assignment(id="on-site", channel=Channel.ONSITE))
        add_assignment(db, an_assignment(id="overdue", due_until=NOON + timedelta(days=1)))
        title = both("2021 Mystery Caller Assessment Award of Hong Kong Contact Centres", "2021神秘客戶評審大獎")
        db.execute(
            insert(tables.editions).values(
                year=2021, title=title, organiser=LONG, contact={"email": "secretariat@a-very-long-domain.example.org"},
                milestones={"launch": [{"on": "2021-01-15", "until": None, "language": "yue"}]}, created_at=SET_UP_AT,
            )
        )  # fmt: skip
        for key, problem in (("reminder/a", ""), ("reminder/b", "address-wrong")):
            address = "secretariat@a-very-long-domain.example.org"
            about = NewLetter(key, "reminder", LONG["en"], "Chan", address, "", "", "Your FAQs / 常見問題", "Words")
            add_letter(db, about, SET_UP_AT)
            if problem:
                note_not_sent(db, key, problem, None)
        rule_anew(db, {"consistency.method": "manual"}, "Agreed by the committee.")
    calls = {}
    for name, _words, _industry in ENTRANTS:
        for number in (1, 2, 3):
            call = a_call(
                id=str(uuid.uuid4()), assignment_id=f"{name}-{number}", entrant_id=name, attempts=(an_attempt(-60),)
            )
            push(server, call)
            calls[f"{name}-{number}"] = call.id
    first = a_call(attempts=(an_attempt(-60), an_attempt(0, "connected")))
    was = push(server, first)
    again = a_call(id=first.id, revision=2, answers=ANSWERS | {"PD4": False}, attempts=first.attempts)
    push(server, again)
    hand_over(server)
    with phone(server, collect_token(server)) as other_app:
        sent(other_app, instance("a-form-of-somebody-else", VALUES))
        sent(other_app, instance("on-site", VALUES, version="onsite@1"))
    with server.services.database.transaction() as db:
        for name, status in (("long-name-1", "returned"), ("long-name-2", "accepted"), ("short-1", "void")):
            db.execute(update(tables.assessments).where(tables.assessments.c.id == calls[name]).values(status=status))
    with signed_in(server, Role.ADMIN) as client:
        send(client, "/enrolment-codes", {"assessor": ASSESSOR})
        send(client, "/forms/phone_in@1/copy", {}, page="/forms/phone_in@1")
        chosen = [("files", ("assessors.csv", example_season()["assessors.csv"], "text/csv"))]
        preview = client.post("/imports", data={"csrf": form_token(client, "/imports")}, files=chosen)
    with server.services.database.transaction() as db:
        code = accounts.invite(db, Role.REVIEWER, clock.now())
    assert preview.status_code == 303, preview.text
    places = {
        "assessment_id": first.id,
        "sha256": a_photo(b"screenshot").sha256,
        "entrant_id": "long-name",
        "channel": "phone_in",
        "file": "entrants.csv",
        "form_file": "phone_in@1.toml",
        "form_id": "phone_in@1",
        "form_name": "phone_in",
        "code": code,
        "table": "scenarios",
        "set_id": preview.headers["Location"].rpartition("/")[2],
        "plan_id": "plan-1",
        "what": "round-1",
        "publication_id": "round-1-1",
        "round_number": "2",
        "paper_name": "winners",
        "download_id": "0" * 32,
        "ref": "0123456789",
        "photo_ref": "0123456789",
        "dispute_id": "1",
        "kind": "faq.csv",
        "assessor_id": ASSESSOR,
        "company": "supermarkets-a",
        "industry": "supermarkets",
        "edition": "2021",
        "part": "rounds",
        "quarter_name": "2021-Q2",
    }
    with server.services.database.transaction() as db:
        add_survey(db)
        add_plan(db, a_plan_row("plan-1", state="made", set_id=places["set_id"]))
        note_plan(db, "plan-1", body=msgspec.json.encode(a_plan()).decode(), digest=a_plan().digest)
        add_plan(db, a_plan_row("plan-2", state="sealed"))
    with server.services.database.transaction() as db:
        to = begun(db, "enrolment", "", SET_UP_AT, code_hash="whole-desk")
        notice = HandedFile("u1-staff_notice_files", "notice.pdf", b"%PDF-1.7 told")
        hand_in(db, to, msgspec.to_builtins(read_enrolment(TYPED)), [notice], by="visitor", now=SET_UP_AT)
        places["hand_in_id"] = to.id
        faqs = FaqList(channels=("phone_in",), faqs=(Faq(code="lost", question=LONG, answer=LONG),))
        listed = hand_in_faqs(db, "long-name", faqs, by="entrant", now=SET_UP_AT)
        row = issue(
            db, "long-name", [], due_on=SET_UP_AT.date(), today=SET_UP_AT.date(), words="", by="me", now=SET_UP_AT
        )
    places |= {"organisation": "long-name", "number": str(row.number)}
    places["faq_id"] = listed.hand_in_id
    with server.services.database.transaction() as db:
        places["proposal_id"] = handed_in(db).hand_in_id
    with server.services.database.transaction() as db:
        sign_off(db, "round-1")
        take_results(db, server)
        places["proposed_id"] = str(propose_rules(db))
    waiting, decided = csqs_visits(server, places)
    with server.services.database.transaction() as db:
        places["finding_id"] = str(add_consortium_desk(db))
        publish_index(db)
    more = (
        "/forms/drafts/phone_in?question=PB4&section=PB",
        "/forms/drafts/phone_in?section=new",
        "/plan/plan-2",
        "/release/round-2",
        "/release/results",
        "/results/of/long-name/phone_in/letter",
        "/papers/progress",
        "/papers/award-draft",
        *(f"/papers/{name}" for name in ("queue", "flags", "calibration", "coverage")),
        f"/assessments/{first.id}?digest={was}",
        *(f"/assessments/{calls[name]}" for name in ("long-name-1", "short-1")),
        "/assessments?search=nobody",
        "/assignments?state=",
        "/assignments/week?on=2021-03-01",
        "/records/editions/row?key=2021",
        "/records/entrants",
        "/records/entrants/row?key=long-name",
        "/records/scenarios/row?key=lost-item",
        "/records/rounds/row?key=1",
        "/what-if?changes=unreachable.score_mode%3Dzero",
        "/sign-in?next=%2Fstandings",
        f"/assessments/{waiting}",
        f"/csqs/visits/{waiting}",
        f"/csqs/visits/{decided}",
        *(f"/quality/{part}" for part in ("agreement", "items", "service", "coverage")),
        "/nothing-is-here",
    )
    return WholeDesk(server, places, more)


def take_results(db: Connection, server: Any) -> None:
    """The copy of the results as it would be taken now, not signed by anybody."""
    taken = closing.take(SeasonDesk.of(db, server.services.forms), None)
    version, user = (db.execute(select(table)).first() for table in (tables.rulesets, tables.users))
    assert version is not None
    assert user is not None
    row = NewPublication(
        id="results-1", what="results", round=None, copy=1, correction=0, audience="entrants",
        rules_version=version.version, rules_digest=version.digest, digest=taken.digest,
        body=deflated(taken.file), reason="", made_at=SET_UP_AT, made_by=user.id,
    )  # fmt: skip
    add_publication(db, row)


class Form(NamedTuple):
    """A form of a page: where it goes, its fields by name with what they hold, and its buttons in order."""

    method: str
    action: str
    fields: dict[str, str]
    kinds: dict[str, str]
    buttons: list[dict[str, str | None]]

    @property
    def typed(self) -> list[str]:
        """The fields a person fills in."""
        return [name for name, kind in self.kinds.items() if kind != "hidden"]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._open = Form(str(told.get("method", "get")), str(told.get("action", "")), {}, {}, [])
            self.forms.append(self._open)
        if self._open is None:
            return
        name = told.get("name")
        if tag == "button" and told.get("type", "submit") == "submit":
            self._open.buttons.append(told)
        elif tag in ("input", "textarea", "select") and name:
            self._open.fields[name] = str(told.get("value") or "")
            self._open.kinds[name] = str(told.get("type") or "text") if tag == "input" else tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def forms_of(page: str) -> list[Form]:
    """The forms of a drawn page."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms
