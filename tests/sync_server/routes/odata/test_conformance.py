"""ODR-3, and OData's minimal conformance level walked item by item, as a client that knows the standard alone sees it.

The numbers are those of the protocol, version 4.01: section 13.1.1, and 13.2.1 for what 4.01 adds. Items about changing
data and about answers that come later do not apply: nothing here can be changed, and every answer comes at once.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest

from sync_server.exchange.odata.csdl import EDM, EDMX
from sync_server.people.permissions import Role
from tests.sync_server.odata_kit import token_for

# What the door answers from either database is shown by test_odata.
pytestmark = pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
JSON, NONE = "application/json;odata.metadata=minimal", "application/json;odata.metadata=none"
FORMAT = "content-type"
V40, V401 = {"OData-MaxVersion": "4.0"}, {"OData-MaxVersion": "4.01"}
FIRST = "Assessments?$top=1&$select=Id"


def walked(
    item: str, path: str, status: int, *, asks: dict[str, str] | None = None, answers: dict[str, Any] | None = None
) -> Any:
    """What is asked, and of the answer the status, and headers or members of its JSON."""
    return pytest.param(path, asks or {}, status, answers or {}, id=item)


WALK = [
    walked("13.1.1-1 a service document at the root", "", 200, answers={"@odata.context": "$metadata"}),
    walked("13.1.1-1 the same without its slash", "../v4", 200, answers={"@odata.context": "$metadata"}),
    walked("13.1.1-2 one of the formats there are", "Rounds", 200, answers={FORMAT: JSON}),
    walked("13.1.1-4 the version of a 4.0 client", "Rounds", 200, asks=V40, answers={"odata-version": "4.0"}),
    walked("13.1.1-4 the version of a 4.01 client", "Rounds", 200, asks=V401, answers={"odata-version": "4.01"}),
    walked("13.1.1-4 of a client that does not say", "Rounds", 200, answers={"odata-version": "4.01"}),
    walked("13.1.1-4 of an error, too", "Nothing", 404, asks=V40, answers={"odata-version": "4.0"}),
    walked("13.1.1-5 Accept: none", "Rounds", 200, asks={"Accept": NONE}, answers={FORMAT: NONE}),
    walked("13.1.1-5 Accept: full", "Rounds", 406, asks={"Accept": "application/json;odata.metadata=full"}),
    walked("13.1.1-5 Accept: a page", "Rounds", 406, asks={"Accept": "text/html"}),
    walked("13.1.1-5 Accept: XML for rows", "Rounds", 406, asks={"Accept": "application/xml"}),
    walked("13.1.1-5 Accept: XML for metadata", "$metadata", 200, asks={"Accept": "application/xml"}),
    walked("13.1.1-5 Accept: JSON for metadata", "$metadata", 406, asks={"Accept": "application/json"}),
    walked("13.1.1-5 $format goes before Accept", "Rounds?$format=json", 200, asks={"Accept": "text/html"}),
    walked("13.1.1-5 a later version is a later client's", "Rounds", 200, asks={"OData-MaxVersion": "5.0"}),
    walked("13.1.1-5 none so early is spoken", "Rounds", 400, asks={"OData-MaxVersion": "3.0"}),
    walked("13.1.1-5 a request of a later version", "Rounds", 400, asks={"OData-Version": "5.0"}),
    walked("13.1.1-6 options of a client's own are passed over", "Rounds?mine=1", 200),
    walked("13.1.1-6 an option with $ that OData has not", "Rounds?$mine=1", 400),
    walked("13.1.1-7 $top=0", "Rounds?$top=0", 200, answers={"value": []}),
    walked("13.1.1-7 $count counts all", "Rounds?$top=0&$count=true", 200, answers={"@odata.count": 3}),
    walked("13.1.1-7 /$count with a filter", "Rounds/$count?$filter=Number gt 1&$top=1", 200),
    walked("13.1.1-7 $select that names a table", f"{FIRST},Answers", 200, answers={"value": [["Id"]]}),
    walked("13.1.1-7 $select of no field", "Rounds?$select=Nothing", 400),
    walked("13.1.1-7 $filter that cannot be read", "Rounds?$filter=Number eq", 400),
    walked("13.1.1-7 $skiptoken of nothing", "Rounds?$skiptoken=eHh4", 400),
    walked("13.1.1-7 an alias", "Rounds?$filter=Number eq @a&@a=1", 501),
    walked("13.1.1-7 an alias as a key", "Rounds(@a)?@a=1", 501),
    walked("13.1.1-7 a cast", "Rounds?$filter=cast('1',Edm.Int32) eq 1", 501),
    walked("13.1.1-7 a count in a filter", "Assessments?$filter=Answers/$count gt 1", 501),
    walked("13.1.1-7 any of the rows behind", "Assessments?$filter=Answers/any(a:a/Number eq 1)", 501),
    walked("13.1.1-7 arithmetic", "Rounds?$filter=-Number eq 1", 501),
    walked("13.1.1-7 what is no number", "Assessments?$filter=Score eq INF", 501),
    walked("13.1.1-7 a field of a type", "Rounds?$select=FieldTool.Round/Number", 501),
    walked("13.1.1-7 rows of a type", "Rounds/FieldTool.Round", 501),
    walked("13.1.1-7 a filter in the path", "Rounds/$filter(@f)?@f=Number eq 1", 501),
    walked("13.1.1-7 $search", "Rounds?$search=one", 501),
    walked("13.1.1-7 $apply", "Rounds?$apply=aggregate($count as N)", 501),
    walked("13.1.1-7 one field alone", "Rounds(1)/Number", 501),
    walked("13.1.1-7 a row that is not there", "Rounds(77)", 404),
    walked("13.1.1-9 no ETag is given", "Rounds(1)", 200, answers={"etag": None, "@odata.etag": None}),
    walked("13.1.1-9 nor any asked for", "Rounds(1)", 200, asks={"If-None-Match": '"1"'}),
    walked("13.1.1-12 $expand", f"{FIRST}&$expand=Answers($select=Value)", 200, answers={"value": [["Id", "Answers"]]}),
    walked("13.1.1-12 $expand of all there is", f"{FIRST}&$expand=*", 200, answers={"value": [["Id", "Answers"]]}),
    walked("13.1.1-12 another option inside", f"{FIRST}&$expand=Answers($select=Value;$top=1)", 501),
    walked("13.1.1-12 references", f"{FIRST}&$expand=Answers/$ref", 501),
    walked("13.1.1-12 a table there is not", f"{FIRST}&$expand=Rounds", 400),
    walked("13.1.1-12 the same twice", f"{FIRST}&$expand=Answers,Answers", 400),
    walked("13.1.1-12 an open bracket", f"{FIRST}&$expand=Answers(", 400),
    walked("13.2.1-6 options without their $", "Rounds?top=0&count=true", 200, answers={"@odata.count": 3}),
    walked("13.2.1-7 words in any case", "Rounds?$FILTER=Number GT 1 AND Number IN (2)&$TOP=1", 200),
    walked("13.2.1-7 functions in any case", "Entrants?$filter=CONTAINS(ToLower(Id),'a')", 200),
]


@pytest.fixture
def client(desk: Any, arrived: Any) -> httpx.Client:
    return desk.client(token_for(desk, Role.VIEWER))


@pytest.mark.parametrize(("path", "asks", "status", "answers"), WALK)
def test_the_door_conforms_to_the_minimal_level(client, path, asks, status, answers):
    answer = client.get(f"/odata/v4/{path}", headers=asks)
    assert answer.status_code == status, answer.text
    is_json = answer.headers["content-type"].startswith("application/json")
    body = answer.json() if is_json else {}
    if status >= 400:
        assert {"code", "message"} <= body["error"].keys()
    for name, value in answers.items():
        if name == "value":
            assert [list(row) for row in body["value"]] == value
        elif name == "@odata.context":
            assert body[name].endswith(value)
        else:
            assert (body.get(name) if name.startswith("@") else answer.headers.get(name)) == value


def test_partial_answers_lead_on_by_either_name_of_the_preference(client):
    """13.1.1-3, 13.1.1-14, 13.2.1-4"""
    for preference in ("maxpagesize=2", "odata.maxpagesize=2"):
        answer = client.get("/odata/v4/Rounds?$orderby=Number desc", headers={"Prefer": preference})
        page, came = answer.json(), []
        while True:
            came += [row["Number"] for row in page["value"]]
            if "@odata.nextLink" not in page:
                break
            page = client.get(page["@odata.nextLink"], headers={"Prefer": preference}).json()
        assert came == sorted(came, reverse=True)
        assert len(came) == 3


@pytest.mark.parametrize(
    "other",
    ["Rounds?$filter=Number gt 1", "Rounds?$orderby=Number desc", "Rounds?$orderby=OpensAt", "Entrants?$top=9"],
)
def test_a_mark_of_another_query_is_refused(client, other):
    """13.1.1-7"""
    page = client.get("/odata/v4/Rounds", headers={"Prefer": "maxpagesize=1"}).json()
    mark = re.search(r"skiptoken=([\w-]+)", page["@odata.nextLink"])
    assert mark is not None
    assert client.get(f"/odata/v4/{other}&$skiptoken={mark[1]}").json()["error"]["target"] == "$skiptoken"


def test_nothing_is_changed_by_whoever_tries(client):
    """13.1.1-10"""
    for method, path in (("POST", "Rounds"), ("PATCH", "Rounds(1)"), ("PUT", "Rounds(1)"), ("DELETE", "Rounds(1)")):
        answer = client.request(method, f"/odata/v4/{path}", json={})
        assert (answer.status_code, "GET" in answer.headers["allow"]) == (405, True)


def test_long_numbers_stand_in_quotes_for_whom_wants_it(client):
    """13.1.1-5"""
    asked = {"Accept": "application/json;odata.metadata=minimal;IEEE754Compatible=true"}
    answer = client.get("/odata/v4/Rounds?$count=true", headers=asked)
    assert (answer.json()["@odata.count"], answer.headers[FORMAT]) == ("3", asked["Accept"])


def test_what_is_expanded_is_named_as_each_version_has_it(client):
    """13.1.1-11"""
    paths = {"": "#Assessments", "($select=Value)": "#Assessments(Answers(Value))"}
    for inside, context in paths.items():
        told = client.get(f"/odata/v4/Assessments?$expand=Answers{inside}", headers=V40).json()["@odata.context"]
        assert told.endswith(context)
    told = client.get("/odata/v4/Assessments?$expand=Answers", headers=V401).json()["@odata.context"]
    assert told.endswith("#Assessments(Answers())")


# What the schema of CSDL lets stand in each element: its attributes, those it must have first, and its elements.
CSDL = {
    f"{{{EDMX}}}Edmx": (("Version",), (), ("DataServices",)),
    f"{{{EDMX}}}DataServices": ((), (), ("Schema",)),
    f"{{{EDM}}}Schema": (("Namespace",), ("Alias",), ("EntityType", "EntityContainer")),
    f"{{{EDM}}}EntityType": (("Name",), ("BaseType",), ("Key", "Property", "NavigationProperty")),
    f"{{{EDM}}}Key": ((), (), ("PropertyRef",)),
    f"{{{EDM}}}PropertyRef": (("Name",), ("Alias",), ()),
    f"{{{EDM}}}Property": (("Name", "Type"), ("Nullable", "MaxLength", "Precision", "Scale"), ()),
    f"{{{EDM}}}NavigationProperty": (("Name", "Type"), ("Partner", "ContainsTarget"), ("ReferentialConstraint",)),
    f"{{{EDM}}}EntityContainer": (("Name",), (), ("EntitySet",)),
    f"{{{EDM}}}EntitySet": (("Name", "EntityType"), ("IncludeInServiceDocument",), ("NavigationPropertyBinding",)),
    f"{{{EDM}}}NavigationPropertyBinding": (("Path", "Target"), (), ()),
}
PRIMITIVES = {"Edm.String", "Edm.Int32", "Edm.Double", "Edm.Boolean", "Edm.DateTimeOffset", "Edm.Date"}
NAME = re.compile(r"[A-Za-z_]\w{0,127}")


def test_the_metadata_have_the_structure_of_csdl(client):
    """13.1.1-8, 13.1.1-13, 13.2.1-11"""
    root = ET.fromstring(client.get("/odata/v4/$metadata").content)
    assert (root.tag, root.get("Version")) == (f"{{{EDMX}}}Edmx", "4.0")
    for element in root.iter():
        must, may, inside = CSDL[element.tag]
        assert set(must) <= set(element.keys()) <= {*must, *may}, element.attrib
        assert [child.tag.rpartition("}")[2] in inside for child in element].count(False) == 0
        assert NAME.fullmatch(element.get("Name", "none"))
        names = [child.get("Name", "").lower() for child in element if child.get("Name")]
        assert len(set(names)) == len(names), "two of one name, or of two that differ by case alone"
    types = {one.get("Name"): one for one in root.iter(f"{{{EDM}}}EntityType")}
    sets = {
        one.get("Name"): one.get("EntityType", "").partition("FieldTool.")[2]
        for one in root.iter(f"{{{EDM}}}EntitySet")
    }
    assert sets.keys() == {one["name"] for one in client.get("/odata/v4/").json()["value"]}
    assert set(sets.values()) == types.keys()
    for kind in types.values():
        fields = {one.get("Name"): one for one in kind.iter(f"{{{EDM}}}Property")}
        assert {one.get("Type") for one in fields.values()} <= PRIMITIVES
        keys = [one.get("Name") for one in kind.iter(f"{{{EDM}}}PropertyRef")]
        assert keys
        assert all(fields[key].get("Nullable") == "false" for key in keys)
        for onward in kind.iter(f"{{{EDM}}}NavigationProperty"):
            target = re.fullmatch(r"Collection\(FieldTool\.(\w+)\)", onward.get("Type", ""))
            assert target is not None
            assert target[1] in types
    for binding in root.iter(f"{{{EDM}}}NavigationPropertyBinding"):
        assert binding.get("Target") in sets
