"""PROG: what the page of programs shows, run or sent as each program would. Ids are in exchange/odata/programs.py."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from base64 import b64encode
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from sync_server.database import tables
from sync_server.exchange.odata.programs import ADDRESS, PROGRAMS, TOKEN_VARIABLE
from sync_server.people.api_tokens import PREFIX, issue
from sync_server.people.permissions import Role
from tests.journeys.browsers import need
from tests.sync_server.desk import signed_in

# What the door answers from either database is shown by test_odata.
pytestmark = pytest.mark.parametrize("database_place", ["sqlite"], indirect=True)
CODE = {program.key: program.code for program in PROGRAMS}
COLUMNS = ["Id", "EntrantId", "Channel", "Score"]


@pytest.fixture
def token(desk: Any) -> str:
    with desk.services.database.transaction() as db:
        user = db.execute(select(tables.users.c.id).where(tables.users.c.username == Role.VIEWER.value)).scalar_one()
        asked = {"name": "R", "speaks_for": ("user", user), "scopes": ("assessments",), "lasts_days": 30}
        return issue(db, created_by=user, now=desk.services.clock(), **asked)[1]


def asked_by(key: str) -> list[str]:
    """The addresses that a program asks for when it runs its code, as Power Query folds its steps into a query."""
    code = CODE[key]
    direct = re.findall(rf'"{ADDRESS}([^"]+)"', code)
    if direct:
        return direct
    table = re.findall(r'Name = "(\w+)"', code)[0]
    round_no = re.findall(r"each \[Round\] = (\d)", code)[0]
    columns = re.findall(r'"(\w+)"', code.partition("SelectColumns")[2])
    return ["", "$metadata", f"{table}?$filter=Round eq {round_no}&$select={','.join(columns)}"]


def test_the_page_shows_each_program_its_code_and_no_token(desk):
    """PROG-1 PROG-2"""
    with signed_in(desk, Role.ADMIN) as client:
        page = client.get("/tokens/programs").text
    shown = re.findall(r'id="([^"]+)">\s*<h2>.*?<pre class="snippet"><code>(.*?)</code>', page, re.DOTALL)
    root = f"{desk.url}/odata/v4/"
    assert [(key, unescape(code)) for key, code in shown] == [(one.key, one.code_for(root)) for one in PROGRAMS]
    assert ADDRESS not in page
    assert PREFIX not in page


@pytest.mark.parametrize(
    ("key", "scheme"), [("excel", "Basic"), ("power-bi", "Basic"), ("r", "Bearer"), ("python", "Bearer")]
)
def test_what_each_program_sends_is_answered_with_the_visits_of_the_round(arrived, desk, token, key, scheme):
    """PROG-1"""
    call, _ = arrived
    secret = token if scheme == "Bearer" else b64encode(f"anybody:{token}".encode()).decode()
    headers = {"Authorization": f"{scheme} {secret}"}
    if scheme == "Basic":
        headers |= {"OData-MaxVersion": "4.0", "MaxDataServiceVersion": "4.0"}
    with desk.client(None) as client:
        answers = [client.get(f"/odata/v4/{path}", headers=headers) for path in asked_by(key)]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    (row,) = answers[-1].json()["value"]
    assert list(row) == COLUMNS
    assert row["Id"] == call.id


def run_with(token: str, *command: str) -> str:
    """What a program prints that finds its token where the page puts it."""
    environment = os.environ | {TOKEN_VARIABLE: token}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_script_of_python_prints_the_visits_as_csv(arrived, desk, token, tmp_path):
    """PROG-1 PROG-2"""
    call, _ = arrived
    script = tmp_path / "visits.py"
    script.write_text(next(one for one in PROGRAMS if one.key == "python").code_for(f"{desk.url}/odata/v4/"))
    (row,) = csv.DictReader(run_with(token, sys.executable, "-I", str(script)).splitlines())
    assert (list(row), row["Id"]) == (COLUMNS, call.id)


def test_the_script_of_r_makes_a_data_frame_of_the_visits(arrived, desk, token, tmp_path):
    """PROG-1 PROG-2"""
    need("Rscript", "r-base-core r-cran-httr2 r-cran-jsonlite")
    call, _ = arrived
    script = tmp_path / "visits.R"
    code = next(one for one in PROGRAMS if one.key == "r").code_for(f"{desk.url}/odata/v4/")
    script.write_text(f"{code}stopifnot(is.data.frame(visits))\nwrite.csv(visits, row.names = FALSE)\n")
    (row,) = csv.DictReader(run_with(token, "Rscript", "--vanilla", str(script)).splitlines())
    assert (list(row), row["Id"]) == (COLUMNS, call.id)
