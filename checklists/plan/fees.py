"""What taking part costs (R26), in whole HK$. A waived fee is an amount not charged, never subtracted."""

from __future__ import annotations

import msgspec

from checklists.plan.quota import GROUPS
from checklists.rules.programme import Fees


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a fee. `waived` is shown, not subtracted."""

    entry: int
    certification: int
    waived: int

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.entry + self.certification


def bill(fees: Fees, group: str, *, is_member: bool, is_new: bool, with_certification: bool) -> Bill:
    """Return the fee of an entrant of size `group` (A to D)."""
    place = GROUPS.index(group)
    return Bill(
        entry=(fees.member if is_member else fees.non_member)[place],
        certification=fees.certification if with_certification else 0,
        waived=fees.application_waived_for_new if is_new else 0,
    )
