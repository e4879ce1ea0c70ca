"""What the screens show, and the verbs of the app. Knows ports, never I/O.

`App` is the whole app and `visit.Visit` the assessment on the screen; both are Flet observables. A component
subscribes with `ft.use_state(app)` (or takes the observable as an argument), reads attributes, and calls verbs; it
never assigns.

Every verb is a coroutine that returns True when what it did is durable and shown. When it could not be kept, it returns
False, the attributes still hold the old value, and `app.notice` says why. Verbs on one visit run one after the other.
Attributes are replaced whole, never changed inside, so `is` tells whether something changed.
"""

from fieldapp.state.app import App, Phase
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.reading import SectionProgress
from fieldapp.state.rows import Due, SyncItem, VisitRow

__all__ = ["App", "Due", "Notice", "NoticeKind", "Phase", "SectionProgress", "SyncItem", "VisitRow"]
