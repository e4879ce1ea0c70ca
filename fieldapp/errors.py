"""Everything that can go wrong on the device, and who acts. All share one shape: a code and a message.

AppError                .code, permanent; .message, the sentence the assessor reads
├── NotKept             the device could not store it          assessor, now; the screen keeps the old value
├── OpenElsewhere       the app is open in another tab         assessor, now; close the other one
├── NotPrepared         a file cannot be made ready here       nobody; it is kept as it came and marked
│   ├── NotAPicture     the bytes are no picture we can read
│   └── NotSound        the bytes are no sound we can read
├── NoPosition          where the device is cannot be told     assessor; two other proofs stand in
├── UnsentWork          signing out would lose work            assessor; send or export first
└── SyncError
    ├── Unreachable     no network, timeout, 5xx, half an answer   nobody; retried with backoff
    ├── SignInNeeded    401                                    assessor, once; then retried; nothing is lost
    └── Refused         any other 4xx                          coordinator; never retried by itself
"""

from __future__ import annotations

from checklists.language import N_, Sentence, SentenceError, sentence


class CodedError(SentenceError):
    """An error a person can act on. `code` is permanent and readable; `message` names the thing and the remedy."""

    def __init__(self, code: str, message: Sentence) -> None:
        super().__init__(message)
        self.code = code

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class AppError(CodedError):
    """Something went wrong on the device, and the assessor reads about it."""


class NotKept(AppError):  # noqa: N818 - reads as the sentence it stands for, as do its sisters below
    """The device could not store something; what was kept before is untouched."""


class OpenElsewhere(AppError):  # noqa: N818
    """Another tab holds the data; this one must not write."""

    def __init__(self) -> None:
        super().__init__(
            "open-elsewhere",
            sentence(N_("The app is already open in another tab or window. Close that one, then reload this page.")),
        )


class NotPrepared(AppError):  # noqa: N818
    """A file cannot be made ready on this device. It is kept as it came."""


class NotAPicture(NotPrepared):
    """The bytes cannot be read as a picture here."""


class NotSound(NotPrepared):
    """The bytes cannot be read as sound here."""


class NoPosition(AppError):  # noqa: N818
    """Where the device is cannot be told. `why`, as a record keeps it: "refused", "off" or "unknown"."""

    def __init__(self, why: str, message: Sentence) -> None:
        super().__init__("position-missing", message)
        self.why = why


class UnsentWork(AppError):  # noqa: N818
    """Signing out now would lose work that is neither safe on the server nor exported."""


class SyncError(AppError):
    """The server did not do what the app asked for."""


class Unreachable(SyncError):  # noqa: N818
    """No answer, or none to rely on. `retry_after_s` is the server's own wish; `network` is False for a 5xx."""

    def __init__(self, code: str, message: Sentence, *, network: bool = True, retry_after_s: int | None = None) -> None:
        super().__init__(code, message)
        self.network = network
        self.retry_after_s = retry_after_s


class SignInNeeded(SyncError):  # noqa: N818
    """The server no longer knows this device's token."""


class Refused(SyncError):  # noqa: N818
    """The server will not take it, and would not next time. `status` is the HTTP status."""

    def __init__(self, code: str, message: Sentence, *, status: int) -> None:
        super().__init__(code, message)
        self.status = status
