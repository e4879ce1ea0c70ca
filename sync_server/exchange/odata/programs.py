"""How Excel, Power BI, R and Python read the season: in words, and as code to be copied.

PROG-1  What is shown is what the tests run, or send as the program would: there is no second copy of a snippet.
PROG-2  No snippet holds a token. It is typed into the program's own window, or read from the environment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checklists.language import N_, Template

TOKEN_VARIABLE = "FIELDTOOL_TOKEN"  # noqa: S105 - the name of the place where a script looks for its token
ADDRESS = "ADDRESS_OF_THE_TABLES/"

_BASIC = N_("Choose Basic. The user name may be anything, the password is the token.")
_AS_PASSWORD = N_("In the program's own window, as the password of Basic. It is kept with the program's passwords.")
_IN_ENVIRONMENT = N_("In the environment variable FIELDTOOL_TOKEN, never in the script. It is sent as a bearer token.")

_EXCEL = f"""\
let
    Visits = OData.Feed("{ADDRESS}Assessments?$filter=Round eq 1&$select=Id,EntrantId,Channel,Score")
in
    Visits
"""

_POWER_BI = f"""\
let
    Source = OData.Feed("{ADDRESS}", null, [Implementation = "2.0"]),
    Assessments = Source{{[Name = "Assessments", Signature = "table"]}}[Data],
    OfRound = Table.SelectRows(Assessments, each [Round] = 1),
    Visits = Table.SelectColumns(OfRound, {{"Id", "EntrantId", "Channel", "Score"}})
in
    Visits
"""

_R = f"""\
library(httr2)

address <- "{ADDRESS}Assessments?$filter=Round%20eq%201&$select=Id,EntrantId,Channel,Score"
pages <- list()
while (!is.null(address)) {{
  page <- request(address) |>
    req_auth_bearer_token(Sys.getenv("{TOKEN_VARIABLE}")) |>
    req_perform() |>
    resp_body_json(simplifyVector = TRUE)
  pages <- c(pages, list(page$value))
  address <- page[["@odata.nextLink"]]
}}
visits <- do.call(rbind, pages)
"""

_PYTHON = f"""\
import csv
import json
import os
import sys
from urllib.request import Request, urlopen

address = "{ADDRESS}Assessments?$filter=Round%20eq%201&$select=Id,EntrantId,Channel,Score"
headers = {{"Authorization": "Bearer " + os.environ["{TOKEN_VARIABLE}"]}}
visits = []
while address:
    with urlopen(Request(address, headers=headers)) as answer:
        page = json.load(answer)
    visits += page["value"]
    address = page.get("@odata.nextLink")

table = csv.DictWriter(sys.stdout, ["Id", "EntrantId", "Channel", "Score"])
table.writeheader()
table.writerows(visits)
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One program: how to reach the tables with it, where its token goes, and the code for visits of round 1."""

    key: str
    name: str
    steps: Sequence[Template]
    token: Template
    code: str

    def code_for(self, root: str) -> str:
        """Return the code for the server whose tables are at `root`, an address that ends with "/"."""
        return self.code.replace(ADDRESS, root)


PROGRAMS = (
    Program(
        "excel",
        "Excel",
        (
            N_("Data, Get Data, From Other Sources, From OData Feed: paste the address above."),
            _BASIC,
            N_("Tick the tables you want, and load them. Refresh brings what is new."),
            N_("For a part of a table: Get Data, From Other Sources, Blank Query, Advanced Editor, paste this code."),
        ),
        _AS_PASSWORD,
        _EXCEL,
    ),
    Program(
        "power-bi",
        "Power BI",
        (
            N_("Get data, OData feed: paste the address above."),
            _BASIC,
            N_("Tick the tables you want, and load them."),
            N_("For a part of a table: Transform data, Advanced Editor, and paste this code."),
        ),
        _AS_PASSWORD,
        _POWER_BI,
    ),
    Program(
        "r",
        "R",
        (
            N_("Install the packages httr2 and jsonlite once."),
            N_("Set the environment variable, such as in the file .Renviron, and start R again."),
            N_("Run this code: visits is then a data frame, of as many pages as there are."),
        ),
        _IN_ENVIRONMENT,
        _R,
    ),
    Program(
        "python",
        "Python",
        (
            N_("Python 3 alone is enough; nothing is installed."),
            N_("Set the environment variable before the script is started."),
            N_("Run this code: it prints the visits as CSV, of as many pages as there are."),
        ),
        _IN_ENVIRONMENT,
        _PYTHON,
    ),
)
