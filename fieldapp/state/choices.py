"""What the assessor chooses for the app as a whole, and the notices it gives.

PHR-1  A phrase is what the assessor keeps, or what the app offers until then; phrases stay on the phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft
from msgspec.structs import replace

from checklists.language import N_, Language, Sentence, sentence
from fieldapp.errors import NotKept
from fieldapp.kept import Settings
from fieldapp.ports import Ports
from fieldapp.state.address import is_safe, tidy
from fieldapp.state.notices import Notice, NoticeKind

TEXT_SIZES = (80, 200)
THEMES = ("system", "light", "dark", "contrast", "contrast-dark")
LONGEST_PHRASE, MOST_PHRASES = 60, 12
# What is offered until the assessor keeps phrases of their own.
PHRASES = (
    sentence(N_("Nothing of the kind was said.")),
    sentence(N_("Said clearly, without being asked.")),
    sentence(N_("I had to ask twice.")),
)


@dataclass(eq=False)
class Choices(ft.Observable):
    """Observable; every verb returns whether the choice is kept."""

    ports: Ports = field(repr=False)
    origin: str = ""  # where the app was loaded from: the server, unless the settings name another
    notice: Notice | None = None
    settings: Settings = field(default_factory=Settings)

    @property
    def server(self) -> str:
        """The server's address in use."""
        return self.settings.server or self.origin

    @property
    def phrases(self) -> tuple[str, ...]:
        """What is offered to write with one tap: what the assessor keeps, or what the app offers until then (PHR-1)."""
        kept, language = self.settings.phrases, self.settings.language
        return tuple(phrase.in_language(language) for phrase in PHRASES) if kept is None else kept

    async def choose_language(self, language: Language) -> bool:
        """Switch at once."""
        return await self._choose(replace(self.settings, language=language))

    async def choose_text_size(self, percent: int) -> bool:
        """Between 80 and 200 percent."""
        smallest, largest = TEXT_SIZES
        return await self._choose(replace(self.settings, text_size=min(largest, max(smallest, percent))))

    async def choose_theme(self, theme: str) -> bool:
        """One of `THEMES`."""
        return theme in THEMES and await self._choose(replace(self.settings, theme=theme))

    async def choose_files_when_metered(self, choice: str) -> bool:
        """ "send" or "wait": what photos and sound do where the connection is paid by size."""
        kept = await self._choose(replace(self.settings, files_when_metered=choice == "send"))
        self.ports.sync.wake()
        return kept

    async def keep_phrase(self, words: str) -> bool:
        """Offer these words at every note from now on, the newest first; the oldest of too many goes."""
        phrase = words.strip()
        if not phrase or len(phrase) > LONGEST_PHRASE:
            return False
        others = [other for other in self.phrases if other != phrase]
        return await self._choose(replace(self.settings, phrases=(phrase, *others)[:MOST_PHRASES]))

    async def forget_phrase(self, phrase: str) -> bool:
        """Offer these words no more."""
        kept = tuple(other for other in self.phrases if other != phrase)
        return await self._choose(replace(self.settings, phrases=kept))

    async def choose_server(self, address: str) -> bool:
        """Another server; "" for the app's own origin. False with a notice when it is no https address.

        Only this device itself, and where the app came from, may be http. A token stays with the server that gave it.
        """
        server = tidy(address)
        if server is None:
            message = sentence(N_("{address} is no server address. Write it as https://host:port."), address=address)
            self._say(NoticeKind.PROBLEM, "address-wrong", message)
            return False
        if server not in ("", self.origin) and not is_safe(server):
            message = sentence(
                N_("What goes to {address} could be read on the way. Write an address that begins with https://."),
                address=server,
            )
            self._say(NoticeKind.PROBLEM, "address-wrong", message)
            return False
        if not await self._choose(replace(self.settings, server="" if server == self.origin else server)):
            return False
        await self.ports.sync.start(self.server)
        return True

    async def dismiss(self) -> bool:
        """The notice was read."""
        self.notice = None
        return True

    async def _choose(self, settings: Settings) -> bool:
        try:
            await self.ports.store.save_settings(settings)
        except NotKept as problem:
            self.notice = Notice.of(problem)
            return False
        self.settings = settings
        return True

    def _tell(self, notice: Notice) -> None:
        self.notice = notice

    def _say(self, kind: NoticeKind, code: str, message: Sentence) -> None:
        self.notice = Notice(kind=kind, code=code, message=message)
