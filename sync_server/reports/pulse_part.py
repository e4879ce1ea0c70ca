"""The customer index in an attachment: the newest that is out, for the industries of the entrant's group.

OWR-4  Figures are those of the published copy, each with how many answered and its interval; what the copy does not
       show is not shown. Of companies only the entrant itself is there, where the survey has it under its own code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from checklists.index.survey import pulse_survey
from checklists.language import N_, Text, in_language
from sync_server.database.queries import publications, survey
from sync_server.print.document import Block, Rows, Words
from sync_server.publication.packed import inflated
from sync_server.reports.words import MINUS, Say
from sync_server.survey.publishing import MEASURES, what_of

Index = Mapping[str, Any]  # what `survey.publishing` has published


def newest_index(db: Connection) -> Index | None:
    """Return the newest index that is out, or None."""
    for row in survey.survey_rows(db):
        out = publications.published(db, what_of(row.edition))
        if out is not None:
            return inflated(publications.body_of_publication(db, out.id))
    return None


def pulse_blocks(say: Say, index: Index | None, group: str, entrant: str) -> list[Block]:
    """Return the part; nothing where no index is out, or it shows no figure of the group (OWR-4)."""
    if index is None:
        return []
    known = pulse_survey()
    lines = [one for one in index["industries"] if (own := known.industry(one["code"])) and own.group == group]
    lines += [one for rows in index["companies"].values() for one in rows if one["code"] == entrant]
    shown = [one for one in lines if one["satisfaction"] is not None]
    if not shown:
        return []
    heads = [N_("Industry"), N_("Answers"), N_("Satisfaction"), N_("Loyalty"), N_("NPS")]
    caption = say(N_("Customer index {edition}, with 95 % intervals"), edition=index["index"])
    rows = [[_name(say, one["name"]), str(one["n"]), *(_cell(one, name) for name in MEASURES)] for one in shown]
    told = N_(
        "Satisfaction and loyalty lie between 0 and 100, the NPS between -100 and 100; customers answered anonymously."
    )
    return [Rows(caption=caption, heads=[say(head) for head in heads], rows=rows), Words(text=say(told))]


def _name(say: Say, name: Text) -> str:
    return in_language(name, say.language)


def _cell(line: Mapping[str, Any], name: str) -> str:
    return "–" if line[name] is None else f"{line[name]} ± {line[f'{name}_half']:.2f}".replace("-", MINUS)
