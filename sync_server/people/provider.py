"""The provider of OpenID Connect that vouches for people: asked over HTTP, and believed only after every check.

VOU-1  Where it answers is read from its discovery, which must be of the very issuer that is set; every address is
       https (http only where the issuer itself is on this machine), and no redirect is followed.
VOU-2  An ID token counts if a key of the provider's signed it (an asymmetric algorithm, never none), for this client,
       by this issuer, with the nonce of this sign-in, not over and not of the future by more than LEEWAY_S.
VOU-3  An e-mail address counts only if the provider says that it is verified. What the ID token lacks is read from its
       userinfo, which must be about the same subject.
VOU-4  Tokens, codes and secrets are neither kept nor logged; what came is thrown away once it is read.

Authlib speaks the protocol over `requests`, which the field app has already; its HTTPX client asks for another package.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any, cast
from urllib.parse import quote_plus, urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from sync_server.clock import monotonic_s
from sync_server.people.vouching import MOST_NAME, Person, ProviderError, Trial, Why

logger = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
LEEWAY_S = 120
TIMEOUT_S = 10
DISCOVERY_LASTS_S, KEYS_LAST_S = 3600.0, 3600.0
KEYS_REST_S = 60.0  # a key that is not there is looked for at most so often
MOST_BYTES = 1_000_000
MOST_SUBJECT = 255
DISCOVERY = "/.well-known/openid-configuration"
EMAIL = "email"


class OpenIdProvider:
    """One provider, from any thread."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str, claim: str, name: str) -> None:
        """Nothing is asked of it yet."""
        self.name = name
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._claim = claim
        self._lock = Lock()
        self._discovered: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def address(self, redirect_uri: str, trial: Trial) -> str:
        """Return where the browser goes to sign in. Waits for the provider.

        Raises:
            ProviderError: it does not answer, or not as it should.
        """
        found = self._discovery()
        with self._client(redirect_uri) as client:
            asked: tuple[str, str] = client.create_authorization_url(
                found["authorization_endpoint"], state=trial.state, nonce=trial.nonce, code_verifier=trial.verifier
            )
        return asked[0]

    def person(self, answer: Mapping[str, str], redirect_uri: str, trial: Trial, now: datetime) -> Person:
        """Return who came back with this answer, once all of it was checked. Waits for the provider.

        Raises:
            ProviderError: it does not answer, said no, or what came cannot be trusted.
        """
        if answer.get("error") or not answer.get("code"):
            raise ProviderError(Why.BROKEN_OFF, _plain(answer.get("error", "no code")))
        if answer.get("iss", self._issuer) != self._issuer:  # RFC 9207
            raise ProviderError(Why.TOKEN, "the answer is another issuer's")
        found = self._discovery()
        with self._client(redirect_uri) as client:
            tokens = self._tokens(client, found, answer["code"], trial.verifier)
            claims = self._checked(tokens, trial.nonce, now)
            subject = claims["sub"]
            if self._claim not in claims and found.get("userinfo_endpoint") and tokens.get("access_token"):
                bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
                more = self._read(client, found["userinfo_endpoint"], bearer)
                if more.get("sub") != subject:
                    raise ProviderError(Why.TOKEN, "userinfo is about somebody else")
                claims = {**more, **claims}
        return Person(self._issuer, subject, self._name_in(claims))

    def _client(self, redirect_uri: str) -> OAuth2Session:
        return OAuth2Session(
            self._client_id,
            self._client_secret or None,
            token_endpoint_auth_method="client_secret_post" if self._client_secret else "none",
            scope="openid email" if self._claim == EMAIL else "openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_S,
        )

    def _tokens(self, client: OAuth2Session, found: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        offered = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        # Written as OAuth 2 has it (RFC 6749, 2.3.1), which authlib leaves out: a secret may hold any letter.
        basic = (quote_plus(self._client_id), quote_plus(self._client_secret))
        auth = basic if self._client_secret and "client_secret_basic" in offered else None

        def fetch() -> Any:
            there = found["token_endpoint"]
            return client.fetch_token(there, code=code, code_verifier=verifier, auth=auth, allow_redirects=False)

        tokens = _answered(fetch)
        if not isinstance(tokens, dict) or not isinstance(tokens.get("id_token"), str):
            raise ProviderError(Why.TOKEN, "no ID token")
        return tokens

    def _checked(self, tokens: Mapping[str, Any], nonce: str, now: datetime) -> dict[str, Any]:
        """Return the claims of the ID token (VOU-2)."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        wanted = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client_id},
        }
        params = {"nonce": nonce, "client_id": self._client_id, "access_token": tokens.get("access_token")}
        try:
            try:
                token = jwt.decode(tokens["id_token"], self._key_set(), registry=registry)
            except InvalidKeyIdError:
                token = jwt.decode(tokens["id_token"], self._key_set(anew=True), registry=registry)
            claims = CodeIDToken(token.claims, token.header, wanted, params)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
        except JoseError as error:
            raise ProviderError(Why.TOKEN, _plain(str(error))) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ProviderError(Why.TOKEN, type(error).__name__) from error
        subject = claims["sub"]
        if not subject or len(subject) > MOST_SUBJECT:
            raise ProviderError(Why.TOKEN, "no subject")
        return dict(claims)

    def _name_in(self, claims: Mapping[str, Any]) -> str:
        """Return the name by which an account is found the first time (VOU-3)."""
        name = claims.get(self._claim)
        if not isinstance(name, str) or len(name) > MOST_NAME:
            return ""
        return "" if self._claim == EMAIL and claims.get("email_verified") is not True else name.strip().lower()

    def _discovery(self) -> dict[str, Any]:
        with self._lock:
            if self._discovered is not None and monotonic_s() - self._discovered[0] < DISCOVERY_LASTS_S:
                return self._discovered[1]
        with OAuth2Session(default_timeout=TIMEOUT_S) as client:
            found = self._read(client, self._issuer.rstrip("/") + DISCOVERY)
        if found.get("issuer") != self._issuer:
            raise ProviderError(Why.AWAY, "its discovery names another issuer than the setting")
        for endpoint in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._check_address(endpoint, found.get(endpoint))
        if found.get("userinfo_endpoint") is not None:
            self._check_address("userinfo_endpoint", found["userinfo_endpoint"])
        with self._lock:
            self._discovered = monotonic_s(), found
        return found

    def _check_address(self, endpoint: str, address: object) -> None:
        url = urlsplit(address) if isinstance(address, str) else None
        own = urlsplit(self._issuer)
        is_here = own.scheme == "http" and url is not None and url.hostname == own.hostname
        if url is None or not url.hostname or not (url.scheme == "https" or is_here):
            raise ProviderError(Why.AWAY, f"{endpoint} is no https address")

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            age_s = None if self._keys is None else monotonic_s() - self._keys[0]
            if self._keys is not None and age_s is not None and age_s < (KEYS_REST_S if anew else KEYS_LAST_S):
                return self._keys[1]
        with OAuth2Session(default_timeout=TIMEOUT_S) as client:
            keys = KeySet.import_key_set(cast("KeySetSerialization", self._read(client, self._discovery()["jwks_uri"])))
        with self._lock:
            self._keys = monotonic_s(), keys
        return keys

    def _read(self, client: OAuth2Session, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return the object that an address answers with."""

        def read() -> Any:
            sent = {"headers": headers, "withhold_token": True, "allow_redirects": False, "stream": True}
            with client.get(address, **sent) as said:
                if said.status_code != 200:
                    raise ProviderError(Why.AWAY, f"status {said.status_code}")
                return json.loads(said.raw.read(MOST_BYTES, decode_content=True))

        answer = _answered(read)
        if not isinstance(answer, dict):
            raise ProviderError(Why.AWAY, "its answer is no object")
        return answer


def _answered(call: Callable[[], Any]) -> Any:
    """Return what a call of the provider came to, or raise what it is for whoever signs in."""
    try:
        return call()
    except OAuthError as error:
        raise ProviderError(Why.TOKEN, f"the code is refused: {_plain(str(error.error))}") from error
    except (requests.RequestException, OSError) as error:
        raise ProviderError(Why.AWAY, type(error).__name__) from error
    except ValueError as error:
        raise ProviderError(Why.AWAY, "its answer is no JSON") from error


def _plain(words: str) -> str:
    """Return words of the provider's as the log may hold them: short, and letters alone."""
    return "".join(letter for letter in words[:80] if letter.isalnum() or letter in " _-:'.")
