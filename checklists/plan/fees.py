"""What an organisation pays for a season (R26), in whole HK$.

R-FEE-1  Each entry pays the member price of its size group. The non-member price includes joining: it is paid for one
         entry of an organisation that joins, and never again while the membership runs.
R-FEE-2  The application fee that a new organisation is spared is a line of its own, as `fees.waiver` reads the source:
         on_top charges a returning organisation `fees.waiver_charged`, inside takes the fee off what a new one pays,
         certification takes it off the certification of a new one.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from checklists.plan.quota import GROUPS
from checklists.rules.programme import Fees
from checklists.rules.ruleset import Ruleset


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of a bill. `entries` are prices in the order given, joining included in the first of a non-member.

    `application` is what is added for the application fee, below 0 what is taken off; `waived` is shown only.
    """

    entries: tuple[int, ...]
    joining: int
    certification: int
    application: int
    waived: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        return sum(self.entries) + self.certification + self.application


def bill(
    fees: Fees, groups: Sequence[str], rules: Ruleset, *, is_member: bool, is_new: bool, certifications: int = 0
) -> Bill:
    """Return what one organisation pays for entries of the size `groups` (A to D), whichever of its units they are.

    `is_new`: it never took part before. `certifications`: for how many entries it takes the certification.
    """
    places = [GROUPS.index(group) for group in groups]
    joining = 0 if is_member or not places else fees.non_member[places[0]] - fees.member[places[0]]
    prices = [fees.member[place] for place in places]
    waiver, application = rules.text("fees.waiver"), 0
    if waiver == "on_top":
        application = 0 if is_new else rules.whole("fees.waiver_charged")
    elif is_new and (waiver == "inside" or certifications):
        application = -fees.application_waived_for_new
    return Bill(
        entries=(prices[0] + joining, *prices[1:]) if prices else (),
        joining=joining,
        certification=certifications * fees.certification,
        application=application if places else 0,
        waived=fees.application_waived_for_new if is_new and places else 0,
    )
