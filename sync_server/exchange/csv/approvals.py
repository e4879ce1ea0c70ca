"""What a file says about who approved a scenario: kept as its word, refused where it is nobody's (APV)."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.language import N_, Sentence, sentence
from sync_server.exchange.csv.overlay import Overlay
from sync_server.exchange.csv.problems import Place, SheetProblem, problem
from sync_server.exchange.csv.records import Record
from sync_server.season.approval import given_by_file, misnamed, person_of, signed

COLUMN = "approved_by"
EXAMPLES = 3


def complete(record: Record, season: Overlay, at: Place) -> list[SheetProblem]:
    """Put into a scenario of a file what was signed for the same words; return the names that can be no approval."""
    kept = season.kept["scenarios"].get((record["id"],), {})
    same_words = all(kept.get(column) == value for column, value in record.items() if column != COLUMN)
    before = kept.get(COLUMN, ())
    stay = signed(before, season.accounts) if same_words else []
    wrong = [problem(at.at_column(COLUMN), *each) for each in misnamed(record[COLUMN], stay, season.accounts)]
    record[COLUMN] = given_by_file(record[COLUMN], before, season.accounts, same_words=same_words)
    return wrong


def remarks(season: Overlay) -> Iterator[Sentence]:
    """Say which approvals are the word of the files alone, and which of the names nobody here has."""
    people = {each.username for each in season.accounts}
    by_file: dict[str, list[str]] = {}
    for key in season.changed("scenarios"):
        row = season.laid("scenarios")[key]
        names = [name for name in row[COLUMN] if name not in signed(row[COLUMN], season.accounts)]
        if names:
            by_file[row["id"]] = names
    if not by_file:
        return
    names = sorted({name for names in by_file.values() for name in names})
    strangers = [name for name in names if person_of(name, season.accounts) not in people]
    words = N_(
        "Scenarios whose approval is the word of the file alone: {count}, such as {examples}. Two people of the office"
        " can approve each on its page. Names nobody has an account of: {names}."
    )
    examples = ", ".join(sorted(by_file)[:EXAMPLES])
    more = " …" if len(strangers) > EXAMPLES else ""
    listed = ", ".join(strangers[:EXAMPLES]) + more if strangers else "-"
    yield sentence(words, count=len(by_file), examples=examples, names=listed)
