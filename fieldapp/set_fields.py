"""Flet looks for controls in every field of every control that it shows or takes away. Here it looks at what is set.

A control has about sixty fields, five of which are set, and a screen has hundreds of controls. Where Flet compares and
sends it goes by what is set, too. The controls that are found, and the marks they are given, are the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from weakref import ref

from flet.controls.object_patch import DiffBuilder, ObjectPatchException, _control_setattr

_NOTHING: dict[str, Any] = {}
_FIELDS = "__dataclass_fields__"  # a class that has it is a dataclass


def look_only_into_these() -> None:
    """Have Flet do so from now on."""
    for name, own in OWN.items():
        setattr(DiffBuilder, name, own)


def _come(builder: Any, item: Any, parent: Any, frozen: bool, configure_setattr_only: bool = False) -> Iterable[Any]:
    """Stands for `_configure_dataclass`: makes what is new ready, and returns the controls in it."""
    marking = _Marking(builder.control_cls, configure_setattr_only)
    marking.look(item, parent, frozen)
    return marking.found


class _Marking:
    def __init__(self, control: type, is_known: bool) -> None:
        self._control, self._is_known = control, is_known
        self.found: list[Any] = []

    def look(self, item: Any, parent: Any, frozen: bool) -> None:
        if isinstance(item, (list, dict)):
            for value in item.values() if isinstance(item, dict) else item:
                self.look(value, parent, frozen)
        elif hasattr(type(item), _FIELDS):
            self._mark(item, _parent(item, parent), _frozen(item, frozen))

    def _mark(self, item: Any, parent: Any, frozen: bool) -> None:
        if getattr(type(item), "__flet_control_cls__", None) is None:
            type(item).__flet_control_cls__ = self._control
        is_control = isinstance(item, self._control)
        if is_control:
            if not self._is_known:
                item.build()
                item._before_update_safe()  # noqa: SLF001
                object.__setattr__(item, "_initialized", True)
            self.found.append(item)
        if not self._is_known:
            for value in _set(item):
                self.look(value, item if is_control else parent, frozen)
        if not frozen:
            _watch(item)


def _parent(item: Any, parent: Any) -> Any:
    if parent is None:
        held = getattr(item, "_parent", None)
        parent = held() if held else None
    if parent is item:
        raise ObjectPatchException(f"Parent is the same as item: {item}")
    if parent is not None:
        item._parent = ref(parent)  # noqa: SLF001
    return parent


def _frozen(item: Any, frozen: bool) -> Any:
    if hasattr(item, "_frozen"):
        return item._frozen  # noqa: SLF001
    if frozen:
        item._frozen = frozen  # noqa: SLF001
    return frozen


def _watch(item: Any) -> None:
    """Have what is changed from now on noted."""
    dirty = getattr(item, "_dirty", None)
    if dirty is not None:
        dirty.clear()
        return
    kind: Any = type(item)
    if kind.__setattr__ is not _control_setattr:
        kind.__setattr__ = _control_setattr
    object.__setattr__(item, "__changes", {})


def _gone(builder: Any, item: Any, recurse: bool) -> Iterable[Any]:
    """Stands for `_removed_controls`: returns the controls in what goes, the inner ones first."""
    found: list[Any] = []
    _find(builder.control_cls, item, recurse, found)
    return found


def _find(control: type, item: Any, recurse: bool, found: list[Any]) -> None:
    if isinstance(item, (list, dict)):
        for value in item.values() if isinstance(item, dict) else item:
            _find(control, value, recurse, found)
    elif isinstance(item, control):
        for value in _told(item) if hasattr(item, "__prev_lists") else _set(item) if recurse else ():
            _find(control, value, recurse, found)
        found.append(item)


def _told(item: Any) -> Iterable[Any]:
    """Return what the client was last told of a control that may change in place."""
    for name in ("__prev_lists", "__prev_dicts", "__prev_classes"):
        yield from getattr(item, name, _NOTHING).values()


# What stands for which method of Flet's `DiffBuilder`.
OWN: dict[str, Callable[..., Iterable[Any]]] = {"_configure_dataclass": _come, "_removed_controls": _gone}


def _set(item: Any) -> list[Any]:
    """Return what is set in the fields of a dataclass and may be, or hold, another."""
    kind: Any = type(item)
    values = [getattr(item, name) for name in _always(kind)]
    values += getattr(item, "_values", _NOTHING).values()
    return [value for value in values if may_hold(value.__class__)]


@cache
def _always(kind: Any) -> tuple[str, ...]:
    """Return the fields of a class that are not kept among what was set."""
    names = [field.name for field in dataclasses.fields(kind) if not field.metadata.get("skip", False)]
    return tuple(name for name in names if name not in getattr(kind, "_prop_defaults", _NOTHING))


@cache
def may_hold(kind: Any) -> bool:
    """Whether a value of this class may be or hold a control."""
    return issubclass(kind, (list, dict)) or hasattr(kind, _FIELDS)
