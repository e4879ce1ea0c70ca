"""ODR: the OData door over real HTTP. Ids are those in routes/odata/service.py and people/api_tokens.py."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from base64 import b64encode
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from sync_server.database import tables
from sync_server.database.queries.open_rows import Narrowed, is_too_much_to_sort, open_page, order_of
from sync_server.database.queries.open_tables import open_sets
from sync_server.database.queries.sight import Sight
from sync_server.exchange.odata.csdl import EDM
from sync_server.exchange.odata.options import query_of
from sync_server.people.permissions import ACCOUNT_ROLES, Role, rule_of
from tests.builders import an_assignment, an_attempt
from tests.sync_server.desk import accept, count, push, release_rounds
from tests.sync_server.odata_kit import ALL, token_for
from tests.sync_server.season_kit import a_call, add_assignment, score_all_twice

EXCEL = (
    "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7"
)


def client(server: Any, role: Role = Role.VIEWER, scopes: tuple[str, ...] = ALL) -> httpx.Client:
    return server.client(token_for(server, role, scopes))


def read(asking: httpx.Client, path: str, **headers: str) -> Any:
    answer = asking.get(f"/odata/v4/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def scored_twice(server: Any) -> None:
    with server.services.database.transaction() as db:
        score_all_twice(db)


def refused(asking: httpx.Client, path: str, **headers: str) -> tuple[int, str]:
    answer = asking.get(f"/odata/v4/{path}", headers=headers)
    assert answer.headers["odata-version"] in {"4.0", "4.01"}
    return answer.status_code, answer.json()["error"]["code"]


def test_excel_finds_its_way_from_the_service_to_the_rows(arrived, desk):
    """ODM-3"""
    call, _ = arrived
    basic = b64encode(f"anybody:{token_for(desk, Role.VIEWER)}".encode()).decode()
    excel = {"Authorization": f"Basic {basic}", "OData-MaxVersion": "4.0", "Accept": EXCEL}
    with desk.client(None) as asking:
        asked = asking.get("/odata/v4/", headers={"Accept": EXCEL})
        assert (asked.status_code, asked.headers["www-authenticate"][:5]) == (401, "Basic")
        service = asking.get("/odata/v4", headers=excel)
        assert service.headers["odata-version"] == "4.0"
        assert service.headers["content-type"].startswith("application/json;odata.metadata=minimal")
        names = [one["name"] for one in service.json()["value"]]
        assert names == list(open_sets("sqlite"))
        described = ET.fromstring(asking.get("/odata/v4/$metadata", headers=excel).text)
        table = asking.get("/odata/v4/Assessments", headers=excel).json()
    (row,) = table["value"]
    kinds = {one.get("Name") for one in described.iter(f"{{{EDM}}}EntityType")}
    assert {"Assessment", "Answer", "Entrant"} <= kinds
    (kind,) = (one for one in described.iter(f"{{{EDM}}}EntityType") if one.get("Name") == "Assessment")
    assert [one.get("Name") for one in kind.iter(f"{{{EDM}}}Property")] == list(row)
    assert (row["Id"], row["HasConflict"], row["Round"]) == (call.id, False, 1)
    assert table["@odata.context"].endswith("/odata/v4/$metadata#Assessments")


def test_every_table_can_be_read_counted_and_filtered(arrived, desk):
    with client(desk) as asking:
        for name, of in open_sets("sqlite").items():
            rows = read(asking, f"{name}?$count=true&$top=2")
            assert rows["@odata.count"] == int(asking.get(f"/odata/v4/{name}/$count").text)
            for field in of.fields:
                read(asking, f"{name}?$filter={field} eq null&$orderby={field} desc&$select={field}")


def test_answers_are_rows_and_come_with_their_assessment(arrived, desk):
    """ROW-3"""
    scored_twice(desk)
    call, _ = arrived
    coded = {key: answer.value for key, answer in call.answers.items()}
    with client(desk) as asking:
        rows = read(asking, f"Assessments('{call.id}')/Answers")["value"]
        expanded = read(asking, "Assessments?$expand=Answers($select=Question,Value)&$select=Id")["value"]
        numbers = read(asking, "Answers?$filter=Number ge 3&$select=Question,Number")["value"]
        assert read(asking, f"Assessments('{call.id}')")["Id"] == call.id
        assert refused(asking, "Assessments('nobody')") == (404, "not-found")
    told = {row["Question"]: row["Value"] for row in rows}
    for key, value in told.items():
        assert value == (str(coded[key]).lower() if isinstance(coded[key], bool) else str(coded[key]))
    assert expanded == [{"Id": call.id, "Answers": [{"Question": k, "Value": told[k]} for k in told]}]
    assert {row["Question"]: row["Number"] for row in numbers} == {
        key: value
        for key, value in coded.items()
        if isinstance(value, int) and not isinstance(value, bool) and value >= 3
    }


def test_a_long_table_comes_in_pages_that_follow_each_other(arrived, desk):
    """ODR-2"""
    scored_twice(desk)
    with client(desk) as asking:
        whole = [row["Question"] for row in read(asking, "Answers?$select=Question")["value"]]
        answer = asking.get("/odata/v4/Answers?$select=Question&$top=7&$skip=1", headers={"Prefer": "maxpagesize=3"})
        assert answer.headers["preference-applied"] == "odata.maxpagesize=3"
        pages = [answer.json()]
        while "@odata.nextLink" in pages[-1]:
            pages.append(asking.get(pages[-1]["@odata.nextLink"], headers={"Prefer": "odata.maxpagesize=3"}).json())
    assert [len(page["value"]) for page in pages] == [3, 3, 1]
    assert [row["Question"] for page in pages for row in page["value"]] == whole[1:8]


def test_head_answers_as_get_does_without_its_rows(arrived, desk):
    with client(desk) as asking:
        for path in ("", "$metadata", "Assessments", "Assessments/$count", "Nothing", "Rounds(1)"):
            had, told = asking.get(f"/odata/v4/{path}"), asking.head(f"/odata/v4/{path}")
            assert (told.status_code, told.content) == (had.status_code, b""), path
            for name in ("content-type", "odata-version"):
                assert told.headers[name] == had.headers[name], path


REFUSED = [
    pytest.param("Nothing", {}, (404, "not-found"), id="no such table"),
    pytest.param("Assessments?$filter=Id eq", {}, (400, "query-not-valid"), id="a filter without its end"),
    pytest.param("Assessments?$search=a", {}, (501, "query-not-offered"), id="what is not offered"),
    pytest.param("$batch", {}, (501, "query-not-offered"), id="a batch"),
    pytest.param("Entries('a')", {}, (400, "query-not-valid"), id="half a key"),
    pytest.param("Rounds('1')", {}, (400, "query-not-valid"), id="a text for a number"),
    pytest.param("Rounds(1)/OpensAt", {}, (501, "query-not-offered"), id="one field"),
    pytest.param("Rounds?$format=atom", {}, (406, "format-not-spoken"), id="another format"),
    pytest.param("Rounds", {"Accept": "application/atom+xml"}, (406, "format-not-spoken"), id="accepts no JSON"),
    pytest.param("Rounds", {"OData-MaxVersion": "3.0"}, (400, "query-not-valid"), id="another version"),
]


def test_what_cannot_be_answered_is_refused_as_odata_has_it(desk):
    with client(desk) as asking:
        told = [(path.id, refused(asking, path.values[0], **path.values[1])) for path in REFUSED]
        assert told == [(path.id, path.values[2]) for path in REFUSED]
        wrong = asking.get("/odata/v4/Rounds?$filter=Number eq 'a'").json()["error"]
        assert wrong["target"] == wrong["details"][0]["target"] == "$filter, 1"
        assert asking.post("/odata/v4/Rounds").json()["error"]["code"] == "method-not-allowed"


def test_each_role_and_scope_reads_what_its_pages_show(desk):
    """ODR-1, TOK-3"""
    for role in ACCOUNT_ROLES:
        with client(desk, role) as asking:
            told = {one["name"] for one in read(asking, "")["value"]}
            may = {name for name, of in open_sets("sqlite").items() if role in rule_of("GET", of.page)}
            assert told == may, role
            assert {name for name in open_sets("sqlite") if refused_or_read(asking, name) == 200} == may, role
    for scope in ALL:
        with client(desk, Role.ADMIN, (scope,)) as asking:
            may = {name for name, of in open_sets("sqlite").items() if of.scope == scope}
            assert {name for name in open_sets("sqlite") if refused_or_read(asking, name) == 200} == may, scope
    with client(desk, Role.ADMIN, ("assessments",)) as asking:
        assert refused(asking, "Assessments?$expand=Answers") == (400, "query-not-valid")


def refused_or_read(asking: httpx.Client, name: str) -> int:
    return asking.get(f"/odata/v4/{name}?$top=0").status_code


def test_an_entrant_reads_publications_and_no_table_of_what_is_worked_on(desk):
    """ODR-1"""
    call = a_call(attempts=(an_attempt(-60), an_attempt(0, "connected")))
    push(desk, call)
    accept(desk)
    release_rounds(desk)
    with client(desk, Role.ENTRANT) as asking:
        for name in ("Assessments", "Answers"):
            assert refused(asking, name) == (403, "scope-missing")


def test_every_read_is_logged_and_no_token_is(arrived, desk):
    """ODR-1"""
    token = token_for(desk, Role.VIEWER)
    with desk.client(token) as asking:
        read(asking, "Assessments?$filter=EntrantId eq 'secret-words'")
    log = tables.audit_log.c
    assert count(desk, tables.audit_log, log.action == "odata-read", log.subject_id == "Assessments") == 1
    with desk.services.database.reading() as db:
        text = str(db.execute(select(tables.audit_log)).all())
        assert db.execute(select(tables.api_tokens.c.last_used_at)).scalar_one() is not None
    assert token not in text
    assert "secret-words" not in text


ORDERS = (
    "Round desc",
    "Form,EntrantId desc",
    "AssessmentId desc",
    "Status,AssessmentId desc",
    "Question",
    "Value desc",
)


def test_answers_come_in_every_order_whatever_page_they_are_on(arrived, desk):
    """ROW-1, ROW-4"""
    with desk.services.database.transaction() as db:
        add_assignment(db, an_assignment(id="later", round=2))
    push(desk, a_call(id=str(uuid.uuid4()), assignment_id="later", attempts=(an_attempt(0, "connected"),)))
    scored_twice(desk)
    of = open_sets("sqlite" if desk.services.database.is_sqlite else "postgresql")["Answers"]
    with desk.services.database.reading() as db:
        names = list(of.fields)
        rows = open_page(db, of, Narrowed(sight=Sight()), names, limit=1_000)
        assert len({row[0] for row in rows}) == 2
        for order in ORDERS:
            query = query_of({"orderby": order}, of.kinds, of.key, {})
            narrowed = Narrowed(sight=Sight(), order=query.order)
            expected = list(rows)
            for name, down in reversed(order_of(of, narrowed)):
                place = names.index(name)
                expected.sort(key=lambda row: (row[place] is not None, row[place] or ""), reverse=down)
            came, after = [], None
            while page := open_page(db, of, narrowed, names, after=after, limit=7):
                came += page
                after = [page[-1][names.index(name)] for name, _ in order_of(of, narrowed)]
            assert [row[:2] for row in came] == [row[:2] for row in expected], order
            is_by_visits = order.split(" ")[0] not in {"Question", "Value"}
            assert is_too_much_to_sort(db, of, narrowed, most=3) is not is_by_visits
            assert not is_too_much_to_sort(db, of, narrowed)
