"""Faults of the app itself: logged without what anybody entered, and shown to the assessor as a message.

Flet draws what changed in one task a session. An error in drawing ends that task silently, and nothing is drawn
ever after; an error in a handler puts a page of code in the place of the app. Both are caught here, where Flet passes
them: each drawing by itself, so that the others go on, and what the session would report as its end.
"""

from __future__ import annotations

import logging
import sys
import traceback

import flet as ft

from checklists.language import N_, sentence
from fieldapp.state import App, Notice, NoticeKind, Phase

LOG = logging.getLogger(__name__)
CODE = "app-fault"
MESSAGE = N_("The app made a mistake. What was saved is safe. Try again, or reload the app.")


def watch(page: ft.Page, app: App) -> None:
    """Log every fault of this page's drawing and handlers, and show it in `app.notice`. Call it before drawing."""
    session = page.session
    schedule_update, end_with = session.schedule_update, session.error

    def fault(message: str) -> None:
        error = sys.exception()
        if error is not None:
            _log(error)
        if error is None or app.phase is Phase.STARTING:  # there is no screen yet to show it on
            end_with(message)
        elif app.notice is None or app.notice.code != CODE:  # a notice that cannot be drawn is not shown again
            app.notice = Notice(kind=NoticeKind.PROBLEM, code=CODE, message=sentence(MESSAGE))

    class Drawing:
        """One control to be drawn anew. Two of the same control are one."""

        def __init__(self, control: ft.BaseControl) -> None:
            self.control = control

        def update(self) -> None:
            try:
                self.control.update()
            except Exception:  # noqa: BLE001 - whatever a screen may raise; it is logged and shown
                fault("")

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Drawing) and self.control is other.control

        def __hash__(self) -> int:
            return id(self.control)

    session.schedule_update = lambda control: schedule_update(Drawing(control))  # type: ignore[method-assign, arg-type]
    session.error = fault  # type: ignore[method-assign]


def _log(error: BaseException) -> None:
    # Its message may quote what was entered; where it happened does not.
    place = "".join(traceback.format_tb(error.__traceback__))
    LOG.error("a fault of the app: %s\n%s", type(error).__name__, place)
