"""VOU: what is believed of a provider, and what is not. Ids are those in sync_server/people/provider.py."""

from __future__ import annotations

import logging
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from joserfc.jwk import ECKey, OctKey

from sync_server.config import Config, ConfigError
from sync_server.people.provider import LEEWAY_S, OpenIdProvider
from sync_server.people.vouching import ProviderError, Why, new_trial
from tests.sync_server.people.stand_in_provider import CLIENT, CODE, SECRET, StandIn, stand_in

BACK = "https://desk.example/sign-in/provider/back"
STRANGER = ECKey.generate_key("P-256", {"kid": "key-1"})
MAY = "may@office.example"
SET = {"ISSUER": "https://o.example", "CLIENT_ID": "a"}
ANSWERED = {"code": CODE}


@pytest.fixture
def there() -> Iterator[StandIn]:
    with stand_in() as provider:
        yield provider


def client_of(there: StandIn, **more: str) -> OpenIdProvider:
    settings = {
        "issuer": there.issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "claim": "email",
        "name": "Office",
    }
    return OpenIdProvider(**{**settings, **more})


def person(there: StandIn, answer=ANSWERED, **more: str):
    client, trial = client_of(there, **more), new_trial()
    there.begin(client.address(BACK, trial))
    return client.person(answer, BACK, trial, datetime.now(UTC))


def without_signature(there: StandIn) -> str:
    none = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{none}.{there.signed().split('.')[1]}."


def changed(there: StandIn) -> str:
    header, _, signature = there.signed().split(".")
    return f"{header}.{there.signed(sub='s-2').split('.')[1]}.{signature}"


def in_s(seconds: int) -> int:
    return int(time.time()) + seconds


REFUSED = {
    "another audience": lambda it: it.signed(aud="another-client"),
    "no audience": lambda it: it.signed(aud=None),
    "two audiences, and not said for whom": lambda it: it.signed(aud=[CLIENT, "another-client"]),
    "made for another of two audiences": lambda it: it.signed(aud=[CLIENT, "other"], azp="other"),
    "another issuer": lambda it: it.signed(iss="https://elsewhere.example"),
    "no issuer": lambda it: it.signed(iss=None),
    "over": lambda it: it.signed(exp=in_s(-LEEWAY_S - 5)),
    "never over": lambda it: it.signed(exp=None),
    "over at a word": lambda it: it.signed(exp="tomorrow"),
    "of the future": lambda it: it.signed(iat=in_s(LEEWAY_S + 5)),
    "not yet": lambda it: it.signed(nbf=in_s(LEEWAY_S + 5)),
    "no nonce": lambda it: it.signed(nonce=None),
    "another nonce": lambda it: it.signed(nonce="of-another-sign-in"),
    "signed by nobody": without_signature,
    "signed with the client's secret": lambda it: it.signed(key=OctKey.import_key(SECRET * 3), algorithm="HS256"),
    "signed by a stranger": lambda it: it.signed(key=STRANGER),
    "signed with a key that is not there": lambda it: it.signed(kid="key-2"),
    "changed after it was signed": changed,
    "nobody": lambda it: it.signed(sub=None),
    "an empty subject": lambda it: it.signed(sub=""),
    "a subject that is a number": lambda it: it.signed(sub=17),
    "made with another access token": lambda it: it.signed(at_hash="c29tZXRoaW5n"),
    "no token at all": lambda it: "not.a.token",
    "an empty token": lambda it: "",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=[f"VOU-2 {name}" for name in REFUSED])
def test_an_id_token_that_is_wrong_in_one_way_is_refused(there, token):
    there.token = token
    with pytest.raises(ProviderError) as refused:
        person(there)
    assert refused.value.why is Why.TOKEN


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda it: it.signed(), id="VOU-2 as it should be"),
        pytest.param(lambda it: it.signed(exp=in_s(-LEEWAY_S + 30)), id="VOU-2 clocks that differ a little"),
        pytest.param(lambda it: it.signed(iat=in_s(LEEWAY_S - 30)), id="VOU-2 a clock that is ahead"),
        pytest.param(lambda it: it.signed(aud=[CLIENT]), id="VOU-2 a list of one audience"),
        pytest.param(lambda it: it.signed(aud=[CLIENT, "other"], azp=CLIENT), id="VOU-2 made for us among two"),
    ],
)
def test_an_id_token_that_is_right_says_who_it_is(there, token):
    there.token = token
    assert person(there) == (there.issuer, "s-1", "may@office.example")


@pytest.mark.parametrize(
    ("claims", "claim", "name"),
    [
        pytest.param({"email": "May@Office.example", "email_verified": True}, "email", MAY, id="VOU-3 verified"),
        pytest.param({"email": MAY, "email_verified": False}, "email", "", id="VOU-3 not verified"),
        pytest.param({"email": MAY}, "email", "", id="VOU-3 nothing is said of it"),
        pytest.param({"email": MAY, "email_verified": "true"}, "email", "", id="VOU-3 a word is no yes"),
        pytest.param({"upn": "may"}, "upn", "may", id="VOU-3 another claim, which whoever set it answers for"),
        pytest.param({"upn": ["may"]}, "upn", "", id="VOU-3 no text"),
        pytest.param({"upn": "m" * 400}, "upn", "", id="VOU-3 too long"),
    ],
)  # fmt: skip
def test_which_name_counts(there, claims, claim, name):
    there.person = {"sub": "s-1", **claims}
    assert person(there, claim=claim).name == name
    there.person, there.userinfo = {"sub": "s-1"}, {"sub": "s-1", **claims}
    assert person(there, claim=claim).name == name, "also where userinfo says it"


def test_userinfo_about_somebody_else_is_refused(there):
    """VOU-3"""
    there.person, there.userinfo = (
        {"sub": "s-1"},
        {"sub": "s-2", "email": "boss@office.example", "email_verified": True},
    )
    with pytest.raises(ProviderError, match="somebody else"):
        person(there)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param({"error": "access_denied", "error_description": "May said no"}, Why.BROKEN_OFF, id="no"),
        pytest.param({}, Why.BROKEN_OFF, id="nothing"),
        pytest.param({"code": "another"}, Why.TOKEN, id="a code that is none"),
        pytest.param({**ANSWERED, "iss": "https://elsewhere.example"}, Why.TOKEN, id="an answer of another issuer"),
    ],
)
def test_an_answer_that_is_no_sign_in_says_why(there, answer, why):
    with pytest.raises(ProviderError) as refused:
        person(there, answer)
    assert refused.value.why is why
    assert "May said no" not in str(refused.value)


DISCOVERY, HTML = "/.well-known/openid-configuration", {"Content-Type": "text/html"}


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        pytest.param(DISCOVERY, (404, HTML, b"not here"), id="VOU-1 no discovery"),
        pytest.param(DISCOVERY, (302, {"Location": "/elsewhere"}, b""), id="VOU-1 sent elsewhere"),
        pytest.param(DISCOVERY, (200, HTML, b"<!doctype html>"), id="VOU-1 a page"),
        pytest.param(DISCOVERY, (200, {}, b"[]"), id="VOU-1 a list"),
        pytest.param("/keys", (500, HTML, b"down"), id="VOU-1 no keys"),
        pytest.param("/token", (502, HTML, b"bad gateway"), id="VOU-1 a gateway"),
        pytest.param("/token", (200, HTML, b"<!doctype html>"), id="VOU-1 a page for a token"),
        pytest.param("/token", (302, {"Location": "/elsewhere"}, b""), id="VOU-1 the code is sent elsewhere"),
    ],
)
def test_a_provider_that_does_not_answer_as_it_should_is_away(there, path, answer):
    there.answers[path] = answer
    with pytest.raises(ProviderError) as refused:
        person(there)
    assert refused.value.why is Why.AWAY
    assert "/elsewhere" not in there.calls


@pytest.mark.parametrize(
    "discovery",
    [
        pytest.param({"issuer": "https://elsewhere.example"}, id="VOU-1 of another issuer"),
        pytest.param({"token_endpoint": "http://office.example/token"}, id="VOU-1 not https"),
        pytest.param({"jwks_uri": None}, id="VOU-1 no keys"),
        pytest.param({"userinfo_endpoint": "file:///etc/passwd"}, id="VOU-1 a file"),
    ],
)
def test_a_discovery_that_leads_elsewhere_is_not_followed(there, discovery):
    there.discovery = discovery
    with pytest.raises(ProviderError) as refused:
        person(there)
    assert refused.value.why is Why.AWAY
    assert there.calls == [DISCOVERY]


def test_nobody_answers(there):
    with pytest.raises(ProviderError) as refused:
        client_of(there, issuer="http://127.0.0.1:9").address(BACK, new_trial())
    assert refused.value.why is Why.AWAY


def test_a_key_that_is_not_there_is_looked_for_once_and_the_rest_is_asked_once(there):
    client = client_of(there)
    there.token = lambda it: it.signed(kid="key-2")
    for _ in range(3):
        trial = new_trial()
        there.begin(client.address(BACK, trial))
        with pytest.raises(ProviderError):
            client.person(ANSWERED, BACK, trial, datetime.now(UTC))
    assert there.calls.count(DISCOVERY) == 1
    assert there.calls.count("/keys") == 1


def test_no_secret_is_logged(there, caplog):
    """VOU-4"""
    there.token = REFUSED["another audience"]
    with caplog.at_level(logging.DEBUG), pytest.raises(ProviderError) as refused:
        person(there)
    for secret in (SECRET, CODE, "the-access-token", there.nonce):
        assert secret not in caplog.text + str(refused.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        pytest.param({"ISSUER": "http://office.example", "CLIENT_ID": "a"}, "write the issuer", id="not https"),
        pytest.param({"ISSUER": "https://office.example"}, "needs", id="no client"),
        pytest.param({"CLIENT_ID": "a"}, "needs", id="no issuer"),
        pytest.param({**SET, "CLIENT_SECRET_FILE": "/nowhere"}, "path", id="no file"),
        pytest.param({**SET, "CLAIM": "e mail"}, "claim", id="no claim"),
        pytest.param({**SET, "LABEL": "x" * 50}, "letters", id="a long name"),
    ],
)  # fmt: skip
def test_settings_that_do_not_fit_are_named_at_start(settings, said):
    with pytest.raises(ConfigError, match=said):
        Config.from_environment({f"SYNC_SERVER_OIDC_{name}": value for name, value in settings.items()})


def test_a_secret_may_stand_in_a_file_or_the_environment_but_not_in_both(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    both = {"SYNC_SERVER_OIDC_ISSUER": "https://o.example/x/", "SYNC_SERVER_OIDC_CLIENT_ID": "a"}
    in_file = {**both, "SYNC_SERVER_OIDC_CLIENT_SECRET_FILE": str(file)}
    config = Config.from_environment(in_file)
    assert (config.oidc_secret, config.oidc_name) == ("from the file", "o.example")
    with pytest.raises(ConfigError, match="not both"):
        Config.from_environment({**in_file, "SYNC_SERVER_OIDC_CLIENT_SECRET": "too"})
