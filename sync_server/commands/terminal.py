"""What a command says: in the language of the terminal, to a person, one line at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import segno

from checklists.language import Language, Sentence, Template, in_language, language_of_environment, sentence
from sync_server.commands.system_errors import to_output


class Terminal:
    """Writes sentences of this package, in one language, to standard output and standard error."""

    def __init__(self, language: Language | None = None) -> None:
        self.language: Language = language or language_of_environment(os.environ)

    def text(self, template: Template, **values: object) -> str:
        """Return a sentence marked with `N_`, translated and filled in."""
        return sentence(template, **values).in_language(self.language)

    def of(self, said: Sentence) -> str:
        """Return a sentence, whichever package it comes from."""
        return said.in_language(self.language)

    def say(self, template: Template | None = None, **values: object) -> None:
        """Write one line; an empty one without a template."""
        self.line(self.text(template, **values) if template else "")

    def line(self, line: str) -> None:
        """Write one line as it is, at once: whoever waits for it may read a pipe."""
        with to_output():
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def wrong(self, line: str) -> None:
        """Write one line to standard error."""
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def bilingual(self, text: Mapping[str, str]) -> str:
        """Return a data text in the terminal's language."""
        return in_language(text, self.language)

    def qr(self, address: str) -> None:
        """Draw the QR code of `address`, small enough for a terminal."""
        segno.make(address, error="m", micro=False).terminal(out=sys.stdout, border=2, compact=True)
        sys.stdout.flush()
