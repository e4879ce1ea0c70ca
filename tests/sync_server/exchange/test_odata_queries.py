"""ODF, ODO, NAR, ROW: what an address asks of a table, and the rows it gets. Ids are those in exchange/odata/ and
database/queries/narrowing.py and open_rows.py."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from sync_server.database import tables
from sync_server.database.queries.narrowing import Kind
from sync_server.database.queries.open_rows import Narrowed, open_page, order_of
from sync_server.database.queries.open_tables import open_sets
from sync_server.database.queries.sight import Sight
from sync_server.exchange.odata.filter_words import QueryError
from sync_server.exchange.odata.filters import filter_of
from sync_server.exchange.odata.options import next_query, options_of, query_of
from sync_server.exchange.odata.paths import Resource, resource_of
from tests.builders import NOON, both
from tests.sync_server.databases import fresh_postgresql, migrated

# Id, organisation, English name, seats.
ROWS = (
    ("a", "Ox", "Harbour Ferry", 5),
    ("b", "ox", "harbour cable", None),
    ("c", "It's", "100% Tram", 20),
    ("d", "Yak", "", 5),
)
FIELDS = {"Text": Kind.TEXT, "Number": Kind.INTEGER, "Flag": Kind.FLAG, "At": Kind.MOMENT, "Score": Kind.NUMBER}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def entrants(request, tmp_path_factory):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('odata') / 'sync.sqlite3'}"
    else:
        url = fresh_postgresql(request.getfixturevalue("postgresql_server"))
    database = migrated(url)
    with database.transaction() as db:
        for name, organisation, english, seats in ROWS:
            row = {"id": name, "organisation": organisation, "name": both(english, "渡輪"), "seats": seats}
            db.execute(insert(tables.entrants).values(**row, industry="transport", created_at=NOON))
        values = {"id": "s1", "name": "Stays", "created_at": NOON}
        db.execute(insert(tables.assessors).values(**values))
        db.execute(insert(tables.assessors).values(**values | {"id": "s2", "name": "Left", "left_at": NOON}))
    yield database
    database.close()


def ids(database, name: str, text: str) -> str:
    of = open_sets("sqlite" if database.is_sqlite else "postgresql")[name]
    narrowed = Narrowed(sight=Sight(), term=filter_of(text, of.kinds))
    with database.reading() as db:
        return "".join(row[0] for row in open_page(db, of, narrowed, ["Id"], limit=100))


FOUND = [
    pytest.param("Organisation eq 'Ox'", "a", id="NAR-2 a text is as it is written"),
    pytest.param("tolower(Organisation) eq 'ox'", "ab", id="NAR-2 unless it is lowered"),
    pytest.param("contains(Name,'Harbour')", "a", id="NAR-2 contains"),
    pytest.param("contains(Name,'%')", "c", id="NAR-2 a per cent sign is a letter"),
    pytest.param("contains(Name,'')", "abcd", id="NAR-2 everything holds nothing"),
    pytest.param("startswith(Name,'h')", "b", id="startswith"),
    pytest.param("endswith(Name,'Tram')", "c", id="endswith"),
    pytest.param("endswith(Name,'A much longer text than any of them')", "", id="endswith of a longer text"),
    pytest.param("Organisation eq 'It''s'", "c", id="ODF-1 a quote in a text"),
    pytest.param("Seats eq null", "b", id="NAR-1 null equals null"),
    pytest.param("Seats ne null", "acd", id="NAR-1 what is not null"),
    pytest.param("Seats ne 5", "bc", id="NAR-1 null is not five"),
    pytest.param("not (Seats eq 5)", "bc", id="NAR-1 not equal is not equal"),
    pytest.param("not (Seats gt 5)", "abd", id="NAR-1 null is not more than five"),
    pytest.param("Seats le null", "", id="NAR-1 nothing lies before null"),
    pytest.param("not (Seats le null)", "abcd", id="NAR-1 nor does it not"),
    pytest.param("Seats lt 20.5 and Seats ge 5", "acd", id="numbers of both kinds"),
    pytest.param("Seats in (20, null)", "bc", id="in, with null"),
    pytest.param("not (Seats in (20))", "abd", id="not in"),
    pytest.param("Id eq 'a' or Id eq 'b' and Seats eq 5", "a", id="ODF-2 and before or"),
    pytest.param("(Id eq 'a' or Id eq 'b') and Seats eq null", "b", id="ODF-2 brackets"),
    pytest.param("not Id eq 'a' and Seats eq 5", "d", id="ODF-2 not of a comparison alone"),
    pytest.param("NameZh eq '渡輪' and length(Id) eq 1", "abcd", id="the other language"),
    pytest.param("not contains(trim(toupper(Name)),'TRAM')", "abd", id="a call in a call"),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_a_filter_finds_the_rows_it_says(entrants, text, found):
    assert ids(entrants, "Entrants", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("LeftAt eq 2021-03-01T04:00:00Z", 1, id="ODF-1 in UTC"),
        pytest.param("LeftAt eq 2021-03-01T12:00:00.0000000+08:00", 1, id="ODF-1 in another zone"),
        pytest.param("LeftAt eq 2021-03-01T12:00:00 08:00", 1, id="ODF-1 a plus that was lost"),
        pytest.param("LeftAt gt 2021-03-01T04:00:00Z", 0, id="not after itself"),
        pytest.param("date(LeftAt) eq 2021-03-01", 1, id="its day"),
        pytest.param("year(LeftAt) eq 2021 and month(LeftAt) eq 3 and hour(LeftAt) eq 4", 1, id="its parts"),
        pytest.param("LeftAt lt 2022-01-01T00:00Z or LeftAt eq null", 2, id="without seconds"),
    ],
)
def test_a_filter_finds_moments(entrants, text, found):
    assert len(ids(entrants, "Assessors", text)) == 2 * found


WRONG = [
    pytest.param("Text eq", "$filter, 8", True, id="ODF-4 no value"),
    pytest.param("Nothing eq 1", "$filter, 1", True, id="ODF-4 no such field"),
    pytest.param("Text eq 'a", "$filter, 9", True, id="ODF-4 a text without its end"),
    pytest.param("Text eq 1", "$filter, 1", True, id="ODF-3 a text and a number"),
    pytest.param("At eq 2021-03-01", "$filter, 1", True, id="ODF-3 a moment and a day"),
    pytest.param("Flag gt true", "$filter, 1", True, id="ODF-3 more than yes"),
    pytest.param("Flag eq 1", "$filter, 1", True, id="ODF-3 yes and one"),
    pytest.param("Text", "$filter, 5", True, id="ODF-4 a text alone"),
    pytest.param("(Flag", "$filter, 6", True, id="ODF-4 an open bracket"),
    pytest.param("Flag)", "$filter, 5", True, id="ODF-4 a bracket too many"),
    pytest.param("Text in 'a'", "$filter, 9", True, id="ODF-4 in without a list"),
    pytest.param("Text in ('a',)", "$filter, 14", True, id="ODF-4 a list with a hole"),
    pytest.param("At eq 2021-13-01T00:00:00Z", "$filter, 7", True, id="ODF-4 month 13"),
    pytest.param("Number eq 1e999", "$filter, 11", True, id="ODF-4 infinite"),
    pytest.param("contains(Number,'a')", "$filter, 10", True, id="ODF-3 of another kind"),
    pytest.param("contains(Text)", "$filter, 14", True, id="ODF-4 an argument missing"),
    pytest.param("nothing(Text)", "$filter, 1", True, id="ODF-4 no such function"),
    pytest.param("(" * 60 + "Flag" + ")" * 60, "$filter, 42", True, id="ODF-4 nested too deeply"),
    pytest.param("not " * 60 + "Flag", "$filter, 165", True, id="ODF-4 too many nots"),
    pytest.param("Flag or " * 600 + "Flag", "$filter", True, id="ODF-4 too long"),
    pytest.param("Number add 1 eq 2", "$filter, 8", False, id="ODF-4 arithmetic"),
    pytest.param("indexof(Text,'a') eq 1", "$filter, 1", False, id="ODF-4 a function that is not offered"),
    pytest.param("Answers/any(a:a/Number eq 1)", "$filter, 1", False, id="ODF-4 of other tables"),
]


@pytest.mark.parametrize(("text", "place", "is_offered"), WRONG)
def test_a_filter_that_cannot_be_answered_is_refused_at_its_place(text, place, is_offered):
    with pytest.raises(QueryError) as refused:
        filter_of(text, FIELDS)
    assert (refused.value.place, refused.value.is_offered) == (place, is_offered)
    assert str(refused.value.message)


def test_a_flag_is_its_own_filter_and_compares_with_yes_and_no():
    """ODF-3"""
    assert filter_of("Flag", FIELDS) == filter_of("Flag eq true", FIELDS) == filter_of("false ne Flag", FIELDS)
    assert filter_of("not Flag", FIELDS) == filter_of("Flag eq false", FIELDS)


ORDERS = [
    pytest.param("", "abcd", id="ROW-1 by key"),
    pytest.param("Seats", "badc", id="ROW-1 null first going up"),
    pytest.param("Seats desc", "cadb", id="ROW-1 null last going down"),
    pytest.param("Seats desc,Id desc", "cdab", id="ROW-1 by two"),
    pytest.param("Seats asc, Organisation desc", "bdac", id="ROW-1 by another"),
]


@pytest.mark.parametrize(("order", "found"), ORDERS)
@pytest.mark.parametrize("size", [1, 3])
def test_pages_follow_each_other_in_every_order(entrants, order, found, size):
    """ODO-2"""
    of = open_sets("sqlite" if entrants.is_sqlite else "postgresql")["Entrants"]
    sent, seen = {"orderby": order, "top": "4"}, ""
    while True:
        query = query_of(sent, of.kinds, of.key, {})
        narrowed = Narrowed(sight=Sight(), order=query.order)
        names = ["Id", *(name for name, _ in order_of(of, narrowed))]
        with entrants.reading() as db:
            rows = open_page(db, of, narrowed, names, after=query.after, limit=size)
        if not rows:
            break
        seen += "".join(row[0] for row in rows)
        sent = options_of(next_query(query, rows[-1][1:], len(rows)))
    assert seen == found
    assert sent["top"] == "0"


@pytest.mark.parametrize(
    ("text", "place", "is_offered"),
    [
        pytest.param("$top=-1", "$top", True, id="below none"),
        pytest.param("$top=a", "$top", True, id="no number"),
        pytest.param("$select=Nothing", "$select", True, id="no field"),
        pytest.param("$orderby=Text up", "$orderby", True, id="no way"),
        pytest.param("$orderby=length(Text)", "$orderby", False, id="by a function"),
        pytest.param("$count=yes", "$count", True, id="count"),
        pytest.param("$top=1&$top=2", "$top", True, id="twice"),
        pytest.param("$top=1&top=2", "$top", True, id="ODO-1 twice, once without its dollar"),
        pytest.param("$expand=Nothing", "$expand", True, id="no table"),
        pytest.param("$expand=More($filter=Text eq 'a')", "$expand", False, id="a filter inside"),
        pytest.param("$expand=More($select=Nothing)", "$select", True, id="no field inside"),
        pytest.param("$search=a", "$search", False, id="ODO-1 search"),
        pytest.param("$apply=a", "$apply", False, id="ODO-1 apply"),
        pytest.param("$nothing=a", "$nothing", True, id="ODO-1 unknown to OData"),
        pytest.param("$skiptoken=zzz", "$skiptoken", True, id="ODO-2 no mark"),
        pytest.param("$skiptoken=WzFd", "$skiptoken", True, id="ODO-2 a mark of another order"),
    ],
)
def test_an_option_that_cannot_be_answered_is_refused_by_its_name(text, place, is_offered):
    with pytest.raises(QueryError) as refused:
        query_of(options_of(text), FIELDS, ("Text",), {"More": FIELDS})
    assert (refused.value.place, refused.value.is_offered) == (place, is_offered)


def test_options_are_read_without_their_dollar_and_others_passed_over():
    """ODO-1"""
    query = query_of(
        options_of("SELECT=Score,Text&Top=3&$skip=1&%24count=true&mine=1&$expand=More($select=At)"),
        FIELDS,
        ("Text",),
        {"More": FIELDS},
    )
    assert (query.select, query.top, query.skip, query.count) == (("Text", "Score"), 3, 1, True)
    assert [(one.name, one.select) for one in query.expand] == [("More", ("At",))]


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        pytest.param("Rounds", Resource(table="Rounds"), id="a table"),
        pytest.param("Rounds/$count", Resource(table="Rounds", is_count=True), id="how many"),
        pytest.param("Rounds(1)", Resource(table="Rounds", key={"": 1}), id="a row by a number"),
        pytest.param("A('it''s, (x)=y')", Resource(table="A", key={"": "it's, (x)=y"}), id="a row by a text"),
        pytest.param("A(B='1',C='2')", Resource(table="A", key={"B": "1", "C": "2"}), id="a key of two"),
        pytest.param(
            "A('1')/Answers/$count", Resource(table="A", key={"": "1"}, onward="Answers", is_count=True), id="on"
        ),
    ],
)
def test_a_path_names_a_table_a_row_or_what_belongs_to_it(path, resource):
    assert resource_of(path) == resource


@pytest.mark.parametrize(
    ("path", "is_offered"),
    [
        ("$batch", False),
        ("$crossjoin(A,B)", False),
        ("A()", True),
        ("A('1)", True),
        ("A/B", True),
        ("A('1','2')", True),
    ],
)
def test_a_path_that_names_nothing_is_refused(path, is_offered):
    with pytest.raises(QueryError) as refused:
        resource_of(path)
    assert refused.value.is_offered is is_offered
