"""`sync-server publication list|show ID|export ID`: what was copied, signed and published.

`export` writes a season file on standard output that `sync-server score -` reads; its `x_publication` says what it is.
A finding or an index is no season: it is written as it is kept, and standard error says so.
Exit status 2 where there is no such publication.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import msgspec

from checklists.language import N_, Sentence, sentence
from sync_server.commands.data_folder import opened
from sync_server.commands.frame import parser_of, says_why
from sync_server.commands.status import CANNOT, DONE
from sync_server.commands.system_errors import write_out
from sync_server.commands.terminal import Terminal
from sync_server.database.queries import publications as queries
from sync_server.database.queries.publications import Publication
from sync_server.publication import frozen

SEASONS = ("round", "results")  # what a season file can hold


@says_why()
def main(argv: Sequence[str], terminal: Terminal) -> int:
    """Do what `argv` says."""
    arguments = _parser().parse_args(argv)
    if arguments.what != "list" and arguments.id is None:
        terminal.wrong(terminal.text(N_("Name a publication; `sync-server publication list` has their ids.")))
        return CANNOT
    with opened(arguments.data) as (_config, database), database.reading() as db:
        if arguments.what == "list":
            every = queries.copies_of(db)
            if arguments.json:
                write_out(msgspec.json.encode([_plain(one) for one in every]) + b"\n")
            else:
                for one in every:
                    terminal.say(
                        N_("{id}  {kind}  {audience}  {moment}  {digest}"),
                        id=one.id,
                        kind=_kind(one),
                        audience=one.audience,
                        moment=_moment(one),
                        digest=one.digest,
                    )
            return DONE
        publication = queries.publication_of_id(db, arguments.id)
        if publication is None:
            terminal.wrong(terminal.text(N_("There is no publication {id}."), id=arguments.id))
            return CANNOT
        if arguments.what == "export":
            for piece in frozen.exported(publication, queries.body_of_publication(db, publication.id)):
                write_out(piece)
            if publication.kind not in SEASONS:
                terminal.wrong(terminal.text(N_("{id} is no season: nothing in it is scored."), id=publication.id))
        elif arguments.json:
            write_out(msgspec.json.encode(_plain(publication)) + b"\n")
        else:
            _show(terminal, publication)
    return DONE


def _show(terminal: Terminal, one: Publication) -> None:
    terminal.say(N_("Publication {id}: {kind}, for {audience}"), id=one.id, kind=_kind(one), audience=one.audience)
    terminal.say(N_("Released: {moment}"), moment=_moment(one))
    terminal.say(N_("Digest: {digest}"), digest=f"sha256:{one.digest}")
    terminal.say(N_("Rules: version {version}, {digest}"), version=one.rules_version, digest=one.rules_digest)
    terminal.say(N_("Copied: {at}, by {name}"), at=one.made_at.isoformat(), name=one.made_by_name)
    for each in one.signatures:
        terminal.say(N_("Signed: {at}, by {name}"), at=each.signed_at.isoformat(), name=each.name)
    if one.reason:
        terminal.say(N_("Reason: {reason}"), reason=one.reason)
    if one.withdrawn_at is not None:
        terminal.say(N_("Withdrawn: {at}: {reason}"), at=one.withdrawn_at.isoformat(), reason=one.withdrawn_because)


def _kind(one: Publication) -> Sentence:
    if one.correction:
        return sentence(N_("correction {number} of {what}"), number=one.correction, what=one.what)
    if one.round is not None:
        return sentence(N_("round {number}"), number=one.round)
    return sentence(N_("results")) if one.kind == "results" else sentence(N_("{what}"), what=one.what)


def _moment(one: Publication) -> object:
    if one.published_at is not None:
        return one.published_at.isoformat()
    return sentence(N_("withdrawn")) if one.withdrawn_at is not None else sentence(N_("not released"))


def _plain(one: Publication) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "round": one.round,
        "correction": one.correction,
        "audience": one.audience,
        "moment": None if one.published_at is None else one.published_at.isoformat(),
        "digest": f"sha256:{one.digest}",
        "ruleset": {"version": one.rules_version, "digest": one.rules_digest},
        "signers": [{"name": each.name, "signed_at": each.signed_at.isoformat()} for each in one.signatures],
        "copied_at": one.made_at.isoformat(),
        "withdrawn_at": None if one.withdrawn_at is None else one.withdrawn_at.isoformat(),
    }


def _parser() -> argparse.ArgumentParser:
    parser = parser_of("publication", "List, show and export what was copied, signed and published.")
    parser.add_argument("what", choices=("list", "show", "export"), help="what to do")
    parser.add_argument("id", metavar="ID", nargs="?", help="of one publication")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser
