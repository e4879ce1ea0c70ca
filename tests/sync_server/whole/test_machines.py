"""What machines ask: alive, ready, counted; and what the log says of a request."""

from __future__ import annotations

import json
import logging

import pytest

from sync_server.config import PREFIX, SETTINGS, Config, ConfigError, documentation
from sync_server.machine.logs import JsonLines
from tests.sync_server.season_kit import TOKEN, a_call, body_of
from tests.sync_server.waiting import until


def test_a_running_server_is_alive_and_ready(server):
    with server.client(None) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200


def test_a_server_without_its_writer_is_not_alive(server):
    server.services.writer.close()
    with server.client(None) as client:
        assert client.get("/healthz").status_code == 503
        assert "writer" in client.get("/readyz").text


def test_metrics_count_by_route_and_outcome(server):
    call = a_call()
    with server.client() as client:
        client.put(f"/api/v1/assessments/{call.id}", content=body_of(call))
        told = client.get("/metrics").text
    assert 'sync_pushes_total{outcome="kept"} 1.0' in told
    assert 'route="/api/v1/assessments/{assessment_id}"' in told
    assert call.id not in told


def test_metrics_through_a_proxy_need_the_token(server):
    with server.client(None) as client:
        assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 403


def test_each_request_has_an_id_and_one_line_without_names(server, caplog):
    """LOG-1, LOG-2."""
    caplog.set_level(logging.INFO, "sync_server.requests")
    call = a_call()
    with server.client() as client:
        answer = client.put(
            f"/api/v1/assessments/{call.id}", content=body_of(call), headers={"X-Request-Id": "from-the-phone"}
        )
    assert answer.headers["X-Request-Id"] == "from-the-phone"

    def written():
        return [JsonLines().format(one) for one in caplog.records if one.name == "sync_server.requests"] or None

    lines = until(written, "the request is in the log")
    assert len(lines) == 1
    told = json.loads(lines[0])
    assert (told["status"], told["request_id"], told["route"]) == (
        200,
        "from-the-phone",
        "/api/v1/assessments/{assessment_id}",
    )
    assert call.id not in lines[0]
    assert TOKEN not in lines[0]


@pytest.mark.parametrize("told", ["x" * 65, "a b", "a\tb", "é"])
def test_log_2_an_id_that_is_not_plain_is_replaced(server, told):
    with server.client(None) as client:
        answer = client.get("/healthz", headers={"X-Request-Id": told.encode()})
    assert answer.headers["X-Request-Id"] != told


def test_every_wrong_setting_is_named_at_once():
    wrong = {
        f"{PREFIX}DATABASE_URL": "mysql://root:secret@x/y",
        f"{PREFIX}WRITER_QUEUE": "many",
        f"{PREFIX}PUBLIC_URL": "example.org",
        f"{PREFIX}TIME_ZONE": "Mars/Base",
        f"{PREFIX}DATABSE_URL": "typo",
        "OTHER": "is not ours",
    }
    with pytest.raises(ConfigError) as refused:
        Config.from_environment(wrong)
    for name in ("DATABASE_URL", "WRITER_QUEUE", "PUBLIC_URL", "TIME_ZONE", "DATABSE_URL"):
        assert f"{PREFIX}{name}" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_settings_are_read_and_all_documented():
    config = Config.from_environment({f"{PREFIX}DATABASE_URL": "postgresql://u:p@h/d", f"{PREFIX}SESSION_H": "3"})
    assert config.database == "postgresql+psycopg://u:p@h/d"
    assert config.session_h == 3
    assert all(f"{PREFIX}{name.upper()}" in documentation() for name in SETTINGS)
