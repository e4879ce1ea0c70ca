"""The lock on the screen: a PIN after some minutes away. It keeps a glance out; it encrypts nothing.

LCK-1  With a PIN, the app opens locked, and locks once nobody touched it for the minutes chosen, by whichever clock
       says more. Never while a call or a recording runs: nothing of a visit waits for a PIN.
LCK-2  After five wrong PINs each further one is heard only after half a minute. A PIN never loses anything: what was
       kept stays kept, and the page that was open opens again.
LCK-3  Forgotten: a one-time enrolment code of the coordinator, for the same assessor, opens it and ends the PIN.
LCK-4  Signing out takes the PIN away with everything else.
LCK-5  A phone that is left to the customers of a counter shows their questions and nothing else, after a restart too,
       until the PIN or the coordinator's code is given. Without a PIN it is not left to anybody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import flet as ft
from msgspec.structs import replace

from checklists.language import N_, Template, sentence
from fieldapp.errors import NotKept
from fieldapp.kept import Lock
from fieldapp.ports import Ports
from fieldapp.state.notices import Notice, NoticeKind
from fieldapp.state.one_at_a_time import OneAtATime

MINUTES = (1, 5, 15)
SHORTEST, LONGEST = 4, 8
FREE_TRIES, WAIT_S = 5, 30
ROUNDS = 20_000


@dataclass(eq=False)
class ScreenLock(ft.Observable):
    """Observable. Every verb returns whether what it did is durable; `tell` says what went wrong."""

    ports: Ports = field(repr=False)
    tell: Callable[[Notice], None] = field(repr=False)
    is_locked: bool = False
    lock: Lock | None = None  # None: there is no PIN
    _touched_s: int = field(default=0, repr=False)
    _touched_at: datetime | None = field(default=None, repr=False)
    _opening: OneAtATime = field(default_factory=OneAtATime, repr=False)

    @property
    def is_for_customers(self) -> bool:
        """Whether the phone was left to the customers of a counter (LCK-5)."""
        return self.lock is not None and self.lock.for_customers

    def begin(self) -> None:
        """The storage is open: with a PIN, the app opens locked."""
        self.lock = self.ports.store.device().lock
        self.is_locked = self.lock is not None
        self.touch()

    def touch(self) -> None:
        """Somebody uses the app."""
        self._touched_s, self._touched_at = self.ports.clock.monotonic_s(), self.ports.clock.now()

    def look(self, *, is_busy: bool) -> None:
        """Lock once the time is over; `is_busy`: something runs that must not be stopped for it."""
        if is_busy:
            self.touch()
        elif self.lock is not None and not self.is_locked and self._away_s() >= 60 * self.lock.after_min:
            self.is_locked = True

    async def choose(self, pin: str, after_min: int) -> bool:
        """Lock with `pin` from now on."""
        if not is_pin(pin):
            self._say(N_("A PIN has 4 to 8 digits."))
            return False
        salt = secrets.token_hex(8)
        return await self._keep(Lock(salt=salt, digest=digest_of(salt, pin), after_min=after_min))

    async def leave_to_customers(self) -> bool:
        """Show the questions of the counter, and nothing else, from now on."""
        if self.lock is None:
            self._say(N_("Choose a PIN first: nothing else ends the questions."))
            return False
        return await self._keep(replace(self.lock, for_customers=True))

    async def remove(self) -> bool:
        """Take the PIN away."""
        return await self._keep(None)

    async def open(self, pin: str) -> bool:
        """Open with the PIN; a wrong one is counted, once however often it is tapped."""
        return await self._opening.run(lambda: self._open(pin))

    async def _open(self, pin: str) -> bool:
        lock = self.lock
        if lock is None:
            self.is_locked = False
            return True
        now = self.ports.clock.now()
        # A wait longer than ours was set by a clock that has been put right since.
        if lock.wait_until is not None and timedelta() < lock.wait_until - now <= timedelta(seconds=WAIT_S):
            self._say(N_("Too many wrong PINs. Wait half a minute, then try again."))
            return False
        if digest_of(lock.salt, pin) != lock.digest:
            wrong = lock.wrong + 1
            wait = now + timedelta(seconds=WAIT_S) if wrong >= FREE_TRIES else None
            await self._keep(replace(lock, wrong=wrong, wait_until=wait))
            self._say(N_("This is not the PIN."))
            return False
        self.is_locked = False
        opened = replace(lock, wrong=0, wait_until=None, for_customers=False)
        if opened != lock and not await self._keep(opened):
            self.is_locked = True
            return False
        self.touch()
        return True

    async def open_by_code(self, enrol: Callable[[], Awaitable[bool]]) -> bool:
        """Open by a one-time code of the coordinator, which `enrol` uses up; the PIN is gone then (LCK-3)."""
        return await self._opening.run(lambda: self._open_by_code(enrol))

    async def _open_by_code(self, enrol: Callable[[], Awaitable[bool]]) -> bool:
        before = self.ports.store.device().assessor_id
        if not await enrol():
            return False
        if self.ports.store.device().assessor_id != before:
            self._say(N_("This code is another assessor's: it does not open what is here."))
            return False
        if not await self._keep(None):
            return False
        self.is_locked = False
        self.touch()
        return True

    def _away_s(self) -> int:
        by_timer = self.ports.clock.monotonic_s() - self._touched_s
        by_clock = self.ports.clock.now() - (self._touched_at or self.ports.clock.now())
        return max(by_timer, int(by_clock.total_seconds()))

    async def _keep(self, lock: Lock | None) -> bool:
        try:
            await self.ports.store.save_device(replace(self.ports.store.device(), lock=lock))
        except NotKept as problem:
            self.tell(Notice.of(problem))
            return False
        self.lock = lock
        return True

    def _say(self, message: Template) -> None:
        self.tell(Notice(kind=NoticeKind.WARNING, code="app-locked", message=sentence(message)))


def is_pin(text: str) -> bool:
    """Whether it is a PIN at all."""
    return text.isascii() and text.isdigit() and SHORTEST <= len(text) <= LONGEST


def digest_of(salt: str, pin: str) -> str:
    """Return what is kept of a PIN. Slow by intent, and no protection against whoever has the storage itself."""
    digest = f"{salt}:{pin}".encode()
    for _round in range(ROUNDS):
        digest = hashlib.sha256(digest).digest()
    return digest.hex()
