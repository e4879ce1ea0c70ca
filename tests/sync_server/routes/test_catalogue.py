"""ERR: one catalogue of codes. Ids are those in sync_server/routes/catalogue.py."""

from __future__ import annotations

import ast
import errno
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from sqlalchemy.exc import OperationalError

from checklists.language import N_, sentence
from sync_server.database.writer import DatabaseAwayError, StorageFullError, TooBusyError
from sync_server.errors import RefusedError
from sync_server.routes.api.failures import body_of
from sync_server.routes.catalogue import CATALOGUE
from sync_server.routes.dashboard import errors
from sync_server.routes.detail_codes import DETAIL_CODES
from sync_server.routes.failures import BY_STATUS, failure_of
from sync_server.routes.gate import FormExpiredError, NotAllowedError, SignInNeededError

SERVER = Path(__file__).parents[3] / "sync_server"
TABLES = ("catalogue.py", "detail_codes.py")
CARRIERS = {"RefusedError", "NotEnrolled", "_of_code"}  # calls whose first argument is a code
PLACES = ("fieldwork", "routes/api")  # where single problems of a record are named


@cache
def sources() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in SERVER.rglob("*.py") if path.name not in TABLES}


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Everything below `tree`: a walk is the whole work, and five tests want one of each file."""
    return tuple(ast.walk(tree))


def constants(tree: ast.AST) -> set[str]:
    return {node.value for node in nodes(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def names(tree: ast.Module) -> dict[str, str]:
    """The module's own constants: `UNKNOWN = "enrolment-code-unknown"`."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def calls(tree: ast.AST, *wanted: str) -> list[ast.Call]:
    return [
        node
        for node in nodes(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in wanted
    ]


@cache
def raised() -> set[str]:
    found: set[str] = set()
    for tree in sources().values():
        own = names(tree)
        kinds = [
            node
            for node in nodes(tree)
            if isinstance(node, ast.ClassDef) and "RefusedError" in map(ast.unparse, node.bases)
        ]
        made = [call for kind in kinds for call in calls(kind, "__init__")]
        for call in [*made, *calls(tree, *CARRIERS)]:
            code: Any = call.args[0]
            if isinstance(code, ast.Constant):
                found.add(code.value)
            elif isinstance(code, ast.Name):
                found.add(own.get(code.id, code.id))
    return found


@cache
def named_in_details() -> set[str]:
    found: set[str] = set()
    for path, tree in sources().items():
        if not path.relative_to(SERVER).as_posix().startswith(PLACES):
            continue
        for call in calls(tree, "problem", "Problem"):
            code = next((word.value for word in call.keywords if word.arg == "code"), None) or call.args[1]
            if isinstance(code, ast.Constant):
                found.add(code.value)
    return found


def test_every_code_that_is_raised_has_a_row():
    """ERR-2"""
    assert len(raised()) > 30
    assert raised() - set(CATALOGUE) == set()


def test_every_row_is_raised_somewhere():
    """ERR-2"""
    said = raised() | set(BY_STATUS.values()) | {"form-expired"}
    assert set(CATALOGUE) - said == set()


def test_every_code_in_details_is_listed():
    """ERR-2"""
    assert len(named_in_details()) > 10
    assert named_in_details() - DETAIL_CODES == set()
    words = set().union(*map(constants, sources().values()))
    assert DETAIL_CODES - words == set()


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        pytest.param(TooBusyError(), 503, "too-busy", "1", id="the queue is full"),
        pytest.param(DatabaseAwayError(), 503, "database-away", "2", id="the writer lost the database"),
        pytest.param(
            OperationalError("SELECT 1", {}, Exception(), connection_invalidated=True),
            503,
            "database-away",
            "2",
            id="a reader lost it",
        ),
        pytest.param(OperationalError("SELECT", {}, Exception()), 500, "internal-error", None, id="a wrong statement"),
        pytest.param(StorageFullError(), 507, "storage-full", "30", id="the writer's disk is full"),
        pytest.param(OSError(errno.ENOSPC, "full"), 507, "storage-full", "30", id="the media's disk is full"),
        pytest.param(OSError(errno.EACCES, "no"), 500, "internal-error", None, id="a file that may not be read"),
        pytest.param(KeyError("fault"), 500, "internal-error", None, id="a fault"),
        pytest.param(RefusedError("upload-busy"), 423, "upload-busy", None, id="refused by a room"),
        pytest.param(RefusedError("too-many-requests", wait_s=7), 429, "too-many-requests", "7", id="with its wait"),
        pytest.param(NotFoundException(), 404, "not-found", None, id="no such route"),
        pytest.param(HTTPException(status_code=406), 406, "request-not-valid", None, id="a status without a code"),
        pytest.param(NotAllowedError("no"), 403, "not-allowed", None, id="the gate: another role"),
        pytest.param(FormExpiredError("old"), 403, "form-expired", None, id="the gate: an old form"),
        pytest.param(SignInNeededError("in"), 401, "sign-in-needed", None, id="the gate: nobody"),
    ],
)
def test_a_failure_has_the_status_and_the_code_of_its_cause(error, status, code, retry):
    failure = failure_of(error, "/somewhere")
    assert (failure.status, failure.code, failure.headers.get("Retry-After")) == (status, code, retry)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(
            RefusedError("enrolment-code-used"),
            "This enrolment code was used already. Ask for a new one.",
            id="sentence and remedy",
        ),
        pytest.param(
            RefusedError("id-not-valid", place="device.id"),
            "device.id must be a UUID such as 0190b6f0-0000-7000-8000-000000000001.",
            id="filled in",
        ),
        pytest.param(
            RefusedError("body-not-json", reason="{not} a place"), "The body is not JSON: {not} a place", id="braces"
        ),
        pytest.param(
            RefusedError("hash-differs", sentence(N_("The server holds this file, and these are not its bytes."))),
            "The server holds this file, and these are not its bytes. Announce it with the SHA-256 of its bytes.",
            id="a reason of its own keeps the remedy",
        ),
        pytest.param(
            KeyError("secret"), "Something went wrong in the server; it was noted. Try again later.", id="500"
        ),
    ],
)
def test_the_api_says_what_is_wrong_and_what_to_do_in_english(error, said):
    """ERR-1"""
    failure = failure_of(error, "/somewhere")
    assert str(failure.message) == said
    assert b"secret" not in body_of(failure)


def test_an_answer_names_a_hundred_problems_at_most():
    problems = [{"place": f"answers.{n}", "code": "field-not-valid", "message": "wrong"} for n in range(100_000)]
    assert failure_of(RefusedError("record-not-valid", details=problems), "/somewhere").details == tuple(problems[:100])
    extra = [{"key": problem["place"], "message": problem["message"]} for problem in problems]
    named = failure_of(ValidationException(extra=extra), "/somewhere").details
    assert named == tuple(problems[:100])


def test_the_same_failure_is_said_in_chinese():
    """ERR-1"""
    failure = failure_of(RefusedError("enrolment-code-used"), "/somewhere")
    assert failure.message.in_language("zh-Hant") == "此登記碼已使用。請索取新的登記碼。"


@pytest.mark.parametrize(
    ("error", "title", "words"),
    [
        pytest.param(
            NotAllowedError("no"),
            "Not for this account",
            "Your role may not open this page or do this. An administrator can tell you who may.",
            id="ERR-1 sentence and remedy",
        ),
        pytest.param(
            DatabaseAwayError(),
            "The database does not answer",
            "Nothing was changed. Try again in a few seconds.",
            id="ERR-1 words of its own",
        ),
        pytest.param(
            RefusedError("id-not-valid", place="assessor"),
            "This cannot be read",
            "assessor must be a UUID such as 0190b6f0-0000-7000-8000-000000000001.",
            id="ERR-1 a code without a page says its sentence",
        ),
        pytest.param(
            HTTPException(status_code=502),
            "Something went wrong here",
            "The fault is the server's, not yours, and it was noted. Nothing was half done. Try again in a moment.",
            id="ERR-1 a status without a code",
        ),
    ],
)
def test_a_page_says_the_same_under_a_title(error, title, words):
    shown, said = errors._page_of(failure_of(error, "/somewhere"))
    assert (shown, str(said)) == (title, words)
