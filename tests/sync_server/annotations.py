"""Litestar reads the annotations of every handler anew for each app: half of what the start of a server costs.

They are the same for every server that the tests start, so what was read of a function is kept for the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from litestar._signature.model import SignatureModel
from litestar.routes import http
from litestar.utils.signature import ParsedSignature


def read_annotations_once() -> None:
    """Have the annotations of each function read once in this process."""
    parse, make = ParsedSignature.from_fn, SignatureModel.create
    parsed: dict[Any, ParsedSignature] = {}
    made: dict[Any, type[SignatureModel]] = {}

    def from_fn(fn: Callable[..., Any], signature_namespace: dict[str, Any]) -> ParsedSignature:
        key = _source(fn)
        if key not in parsed:
            parsed[key] = parse(fn, signature_namespace)
        return _of_its_own(parsed[key])

    def create(
        dependency_name_set: set[str],
        fn: Callable[..., Any],
        parsed_signature: ParsedSignature,
        data_dto: Any = None,
        **others: Any,
    ) -> type[SignatureModel]:
        key = (_source(fn), frozenset(dependency_name_set), data_dto)
        if key not in made:
            made[key] = make(
                dependency_name_set=dependency_name_set,
                fn=fn,
                parsed_signature=_of_its_own(parsed_signature),
                data_dto=data_dto,
                **others,
            )
        return made[key]

    setattr(ParsedSignature, "from_fn", staticmethod(from_fn))  # noqa: B010 - a class of others
    setattr(SignatureModel, "create", staticmethod(create))  # noqa: B010


def _source(fn: Callable[..., Any]) -> Any:
    # Each path has an answer to OPTIONS of its own, made anew for each app: Litestar's, with the same annotations.
    return fn.__code__ if getattr(fn, "__module__", "") == http.__name__ else fn


def _of_its_own(signature: ParsedSignature) -> ParsedSignature:
    # Describing an app adds to the parameters of a handler what only its path names.
    return replace(signature, parameters=dict(signature.parameters))
