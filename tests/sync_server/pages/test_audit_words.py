"""Every action that is written to the audit log has a sentence, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sync_server
from checklists.language import translator
from sync_server.pages.action_labels import ACTIONS
from sync_server.people.permissions import Role
from sync_server.review.verdicts import EVENTS
from sync_server.routes.dashboard.review import DECISIONS
from tests.sync_server.conftest import Running
from tests.sync_server.desk import add_accounts, browser, sign_in

PACKAGE = Path(sync_server.__file__).parent
# At which place, or under which name, a call that writes to the log is given its action.
ACTION_OF = {"viewed": 1, "audited": 1, "audit_row": 1, "by_account": 2, "AuditRow": 3, "noted": 3}
# Functions that pass on the action they were given.
PASSED_ON = {
    ("routes/dashboard/page.py", "action"),
    ("routes/dashboard/sign_in.py", "action"),
    ("routes/token_caller.py", "action"),
}
# Actions that are put together when they are written.
COMPOSED = {
    ("routes/dashboard/review.py", "f'assessment-{verdict.verdict[:20]}'"): {
        f"assessment-{verdict}" for verdict in EVENTS
    },
    ("routes/dashboard/review.py", "action"): {name for name, _ in DECISIONS.values()} | {"assessment-decided"},
    ("routes/dashboard/consortium.py", "action"): {"challenge-put", "ballot-cast", "attendance-said"},
    ("routes/dashboard/evidence.py", "logged_as"): {"photo-viewed", "sound-played"},
    ("custody/file_retention.py", "action"): {"legal-hold-set", "legal-hold-lifted"},
}


def written() -> Iterator[tuple[str, str]]:
    """Every action in the sources, and the file it stands in."""
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ACTION_OF):
                continue
            given = _given(node, node.func.id)
            if isinstance(given, ast.Constant):
                yield str(given.value), name
            elif given is not None and (name, ast.unparse(given)) not in PASSED_ON:
                yield from ((action, name) for action in COMPOSED[name, ast.unparse(given)])


def _given(call: ast.Call, name: str) -> ast.expr | None:
    if call.keywords and name == "AuditRow":
        return next(keyword.value for keyword in call.keywords if keyword.arg == "action")
    place = ACTION_OF[name]
    return call.args[place] if len(call.args) > place else None


def test_every_action_has_a_sentence_in_both_languages() -> None:
    found = set(written())
    assert len(found) > 30
    assert sorted((action, file) for action, file in found if action not in ACTIONS) == []
    chinese = translator("sync_server", "zh-Hant")
    assert [said for said in ACTIONS.values() if chinese(said) == said] == []


@pytest.mark.parametrize(
    ("language", "said"), [pytest.param("en", "Signed in", id="English"), pytest.param("zh-Hant", "登入", id="Chinese")]
)
def test_the_log_tells_actions_in_words_and_its_export_keeps_the_codes(
    server: Running, language: str, said: str
) -> None:
    add_accounts(server)
    with browser(server, language=language) as client:
        sign_in(client, Role.ADMIN)
        page = client.get("/audit").text
        narrowed = client.get("/audit?action=signed-in").text
        export = client.get("/audit/export").text
    assert f">{said}</span>" in page
    assert f'<option value="signed-in">{said}</option>' in page
    assert f'<option value="signed-in" selected>{said}</option>' in narrowed
    assert ",signed-in," in export
