"""ODM: which format and version a client of OData is answered in. Ids are those in exchange/odata/formats.py."""

from __future__ import annotations

import pytest

from sync_server.exchange.odata.formats import JSON, XML, format_of, version_for

MINIMAL, NONE = "application/json;odata.metadata=minimal", "application/json;odata.metadata=none"
EXCEL = (
    "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7"
)
ACCEPTED = [
    pytest.param("*/*", JSON, MINIMAL, id="anything"),
    pytest.param("application/*", XML, XML, id="any application"),
    pytest.param(EXCEL, JSON, MINIMAL, id="Excel and Power BI, rows"),
    pytest.param(EXCEL, XML, XML, id="Excel and Power BI, metadata"),
    pytest.param("json", JSON, MINIMAL, id="$format=json"),
    pytest.param("xml", XML, XML, id="$format=xml"),
    pytest.param("atom", JSON, None, id="$format=atom"),
    pytest.param("xml", JSON, None, id="rows as XML"),
    pytest.param("application/json", XML, None, id="metadata as JSON"),
    pytest.param("application/json;odata.metadata=none", JSON, NONE, id="none"),
    pytest.param('application/json; Metadata="none"', JSON, NONE, id="none, as 4.01 has it"),
    pytest.param("application/json;odata.metadata=full", JSON, None, id="ODM-1 full"),
    pytest.param("application/json;odata.metadata=full,*/*;q=0.1", JSON, MINIMAL, id="ODM-1 full, or anything"),
    pytest.param("application/json;odata=verbose", JSON, None, id="ODM-1 as version 3 has it"),
    pytest.param("application/json;mine=1", JSON, None, id="ODM-1 a parameter that is none"),
    pytest.param("application/json;metadata=none;q=0.5,application/json", JSON, MINIMAL, id="ODM-1 by q"),
    pytest.param("application/json;metadata=none,application/json", JSON, NONE, id="ODM-1 the first of equals"),
    pytest.param("application/json;q=0", JSON, None, id="ODM-1 not JSON"),
    pytest.param("application/json;q=0,*/*", JSON, None, id="ODM-1 anything but JSON"),
    pytest.param("text/html,application/json;q=0.5", JSON, MINIMAL, id="or JSON"),
    pytest.param("text/html", JSON, None, id="a page"),
    pytest.param("", JSON, None, id="nothing"),
    pytest.param("application/json;q=many", JSON, MINIMAL, id="a q that is none"),
    pytest.param("application/json;charset=utf-8", JSON, f"{MINIMAL};charset=utf-8", id="ODM-2 a charset"),
    pytest.param("application/json;charset=big5", JSON, None, id="ODM-2 another charset"),
    pytest.param(
        "application/json;odata.metadata=minimal;IEEE754Compatible=true;odata.streaming=true",
        JSON,
        f"{MINIMAL};IEEE754Compatible=true",
        id="long numbers as text",
    ),
]


@pytest.mark.parametrize(("accepted", "media", "content_type"), ACCEPTED)
def test_an_answer_has_the_format_its_client_takes(accepted, media, content_type):
    found = format_of(accepted, media)
    assert (found.content_type if found else None) == content_type


@pytest.mark.parametrize(
    ("most", "version"),
    [
        ("4.0", "4.0"),
        ("4.01", "4.01"),
        ("4.02", "4.01"),
        ("5.0", "4.01"),
        ("3.0", None),
        ("4", None),
        ("\u0664.0", None),
    ],
)
def test_an_answer_has_the_latest_version_its_client_knows(most, version):
    """ODM-3"""
    assert version_for(most) == version
