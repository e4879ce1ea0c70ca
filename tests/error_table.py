"""The README's table of codes, made from the catalogue: `python -m tests.error_table` writes it between its markers.

What a phone says by itself never travels: those codes are listed here, and `test_readme` holds them to the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sync_server.routes.catalogue import CATALOGUE
from sync_server.routes.catalogue_entry import Actor
from sync_server.routes.detail_codes import DETAIL_CODES

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- codes: python -m tests.error_table -->", "<!-- end of codes -->"

PHONE: Mapping[Actor, tuple[str, ...]] = {
    Actor.NOBODY: ("half-an-answer", "no-answer", "not-our-server", "receipt-incomplete", "sync-stopped"),
    Actor.ASSESSOR: (
        "address-wrong", "app-fault", "app-locked", "device-revoked", "file-empty", "file-gone", "files-set-aside",
        "form-missing", "hand-over-not-taken", "open-elsewhere", "photo-used-before", "photo-waits",
        "picture-too-large", "picture-unreadable", "position-missing", "reason-missing", "recording-kept",
        "recording-left", "sound-unreadable", "storage-refused", "unsent-work", "visit-unknown",
    ),
}  # fmt: skip
FINDINGS = (
    "answer-missing", "answer-not-as-measured", "answer-wrong", "call-log-missing", "clock-moved", "contact-open",
    "critical-note-missing", "evidence-missing", "measurement-impossible", "measurement-missing",
    "measurements-disordered", "must-be-yes",
    "na-not-allowed", "note-open", "notes-unsorted", "personal-data", "place-proof-missing", "recordings-missing",
    "text-too-short",
)  # fmt: skip


def table() -> str:
    """Return the table: for each who acts, the server's codes with their status, then those of the phone alone."""
    rows = []
    for actor in Actor:
        served = [f"`{code}` {entry.status}" for code, entry in sorted(CATALOGUE.items()) if entry.actor is actor]
        rows.append((actor.value, [*served, *_quoted(PHONE.get(actor, ()))]))
        if actor is Actor.ASSESSOR:
            rows.append(("the assessor, before finishing (findings)", list(_quoted(FINDINGS))))
    rows.append(("as `code` of one problem in `details`, beside the findings", list(_quoted(sorted(DETAIL_CODES)))))
    lines = [f"| {who} | {', '.join(codes)} |" for who, codes in rows]
    return "\n".join(["| who acts | codes, with the HTTP status where they travel |", "|---|---|", *lines])


def written(readme: str) -> str:
    """Return `readme` with the table as it is now."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _quoted(codes: Iterable[str]) -> Iterable[str]:
    return (f"`{code}`" for code in codes)


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
