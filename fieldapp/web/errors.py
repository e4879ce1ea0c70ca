"""What can go wrong while the web app is built."""

from __future__ import annotations

from fieldapp.errors import CodedError


class BuildError(CodedError):
    """The web app could not be built; nothing was replaced."""
