"""What the screens hear of the exchange with the server: how the line stands, each delivery, each feed."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from fieldapp.errors import NotKept, Refused, Unreachable
from fieldapp.kept import Delivery, Feed
from fieldapp.line import Line, LineState
from fieldapp.ports import SyncListener
from fieldapp.sync import outbox


class Report:
    """Holds the line as it stands, and passes on what changes. Silent until somebody listens."""

    def __init__(self) -> None:
        self.line = Line()
        self._listener: SyncListener | None = None

    def listen(self, listener: SyncListener) -> None:
        """Report to `listener` from now on, and at once how it stands."""
        self._listener = listener
        listener.on_line(self.line)

    def say(self, line: Line) -> None:
        """Let it stand like this; one that stands like this already is not repeated."""
        if line != self.line:
            self.line = line
            if self._listener:
                self._listener.on_line(line)

    def progress(self, sent_bytes: int, total_bytes: int) -> None:
        """So much of a file was sent."""
        self.say(replace(self.line, sent_bytes=sent_bytes, total_bytes=total_bytes))

    def contacted(self, now: datetime) -> None:
        """The server answered: earlier failures are over."""
        self.say(replace(self.line, reason=None, code="", failures=0, next_try_at=None, last_contact_at=now))

    def rests(self, *, files_wait: bool) -> None:
        """Nothing can be sent now; files that wait for another connection are said."""
        line = replace(self.line, files_wait=files_wait)
        if line.state is LineState.BUSY:
            line = replace(line, state=LineState.IDLE, sending=None, sent_bytes=0, total_bytes=0)
        self.say(line)

    def failed(self, problem: Unreachable | Refused | NotKept, now: datetime, *, jitter: int) -> datetime | None:
        """Nothing can be sent for now; return when it is tried again."""
        if not isinstance(problem, Unreachable):
            problem = Unreachable(problem.code, problem.message)
        self.say(outbox.line_failed(self.line, problem, now, jitter=jitter))
        return self.line.next_try_at

    def delivery(self, delivery: Delivery) -> None:
        """One record has got this far."""
        if self._listener:
            self._listener.on_delivery(delivery)

    def feed(self, feed: Feed) -> None:
        """The server sent something new."""
        if self._listener:
            self._listener.on_feed(feed)
