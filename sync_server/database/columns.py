"""Column types and checks that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, CheckConstraint, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

# A growing number: 64 bits on PostgreSQL, and what SQLite calls INTEGER PRIMARY KEY.
Serial = BigInteger().with_variant(Integer, "sqlite")


def moment_text(at: datetime) -> str:
    """Return aware `at` as the database holds it: UTC, fixed width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a moment must carry its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as UTC text of fixed width: equal on both engines, and sorting by time."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write an aware datetime."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read it back, aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value kept as text with sorted keys; `msgspec` types of `checklists` go in, plain values come out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write any JSON value; None is SQL NULL."""
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read the value back."""
        return None if value is None else msgspec.json.decode(value)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return the check that `column` holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def is_sha256(column: str) -> CheckConstraint:
    """Return the check that `column` has the length of a SHA-256 in hex."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_is_sha256")
