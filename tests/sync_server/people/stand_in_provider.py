"""A small provider of OpenID Connect, in a thread, that signs what a test wants it to: right, or wrong in one way."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET, CODE, ACCESS = "field-tool", "a secret & more", "the-code", "the-access-token"
KEY = ECKey.generate_key("P-256", {"kid": "key-1"})


@dataclass
class StandIn:
    """What it answers. A test changes what it is about."""

    issuer: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "s-1", "email": "may@office.example", "email_verified": True}
    )
    userinfo: dict[str, Any] | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    token: Callable[[StandIn], str] | None = None  # the ID token, where it is not the right one
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)  # by path, as they are
    nonce: str = ""
    challenge: str = ""
    calls: list[str] = field(default_factory=list)

    def claims(self, **more: Any) -> dict[str, Any]:
        now = int(time.time())
        own = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": self.nonce}
        return {key: value for key, value in {**own, **self.person, **more}.items() if value is not None}

    def signed(self, *, key: Any = KEY, algorithm: str = "ES256", kid: str = "key-1", **more: Any) -> str:
        header = {"alg": algorithm, "kid": kid}
        return jwt.encode(header, self.claims(**more), key, algorithms=[algorithm])

    def begin(self, address: str) -> None:
        """Take note of what a browser would ask at this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        self.nonce, self.challenge = asked["nonce"], asked["code_challenge"]

    def back(self, address: str, **more: str) -> str:
        """Return where a browser comes back to that went to `address` and signed in: path and query."""
        self.begin(address)
        asked = dict(parse_qsl(urlsplit(address).query))
        there = urlsplit(asked["redirect_uri"])
        query = {name: words for name, words in {"code": CODE, "state": asked["state"], **more}.items() if words}
        return f"{there.path}?{urlencode(query)}"

    def answer(self, path: str, body: bytes, authorization: str) -> tuple[int, dict[str, str], bytes]:
        self.calls.append(path)
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return _json({
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/me", **self.discovery,
            })  # fmt: skip
        if path == "/keys":
            return _json({"keys": [KEY.as_dict(private=False)]})
        if path == "/me":
            assert authorization == f"Bearer {ACCESS}"
            return _json(self.userinfo or {})
        sent = dict(parse_qsl(body.decode()))
        assert b64decode(authorization.removeprefix("Basic ")).decode() == "field-tool:a+secret+%26+more"
        if sent["code"] != CODE or create_s256_code_challenge(sent["code_verifier"]) != self.challenge:
            return _json({"error": "invalid_grant", "error_description": "no such code"}, 400)
        token = self.signed() if self.token is None else self.token(self)
        return _json({"access_token": ACCESS, "token_type": "Bearer", "expires_in": 60, "id_token": token})


def _json(value: object, status: int = 200) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """One that answers on this machine."""
    provider = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, answer = provider.answer(self.path, body, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = do_GET  # noqa: N815 - as the standard library names them

        def log_message(self, *_arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
