"""What can go wrong while the web app is built, in one sentence a person can act on."""

from __future__ import annotations

from checklists.language import Sentence


class BuildError(Exception):
    """The web app could not be built; nothing was replaced. `code` is permanent, `sentence` says what to do."""

    def __init__(self, code: str, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.code = code
        self.sentence = sentence
