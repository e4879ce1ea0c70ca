"""How a secret is kept: as its hash."""

from __future__ import annotations

import hashlib


def secret_hash(secret: str) -> str:
    """Return what is kept of a secret: random secrets need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
