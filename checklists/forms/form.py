"""A form: the checklist of one channel, immutable per version. Pure data; `form_file` reads and checks it.

Sources: section weights, points, shares and critical items are the project's own drafts; nothing here knows a score.
Everything numeric is an exact integer or fraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

import msgspec

from checklists.forms.expression import Expression
from checklists.forms.quantities import INPUTS, SECONDS
from checklists.language import Text


class Kind(StrEnum):
    """How a question is answered, and so which value an answer may hold."""

    YES_NO = "yes_no"  # true / false
    SCALE = "scale"  # 0..4, 3 meets the standard; the share is value / 4
    CHOICE = "choice"  # an option's code
    BANDS = "bands"  # the measured number; the share is that of the first limit not exceeded
    FAQ = "faq"  # an option's code, judged against the entrant's filed answer
    TEXT = "text"  # the assessor's own words, never scored
    MATURITY = "maturity"  # 0..3, each step resting on those below it; the share is value / 3


class Channel(StrEnum):
    """The ways somebody is assessed: the award's four (R21), and those of other programmes."""

    PHONE_IN = "phone_in"
    ONSITE = "onsite"
    ONLINE = "online"
    FACE_TO_FACE = "face_to_face"
    SITE_VISIT = "site_visit"  # of the CSQS programme: announced, and rated by maturity


AWARD_CHANNELS = (Channel.PHONE_IN, Channel.ONSITE, Channel.ONLINE, Channel.FACE_TO_FACE)


class MeasurementKind(StrEnum):
    """What a measurement holds; `Assessment.measurements` says how each is written."""

    STAMP = "stamp"  # a moment
    STAMP_PLACE = "stamp_place"  # a moment, with position when allowed
    STAMP_CHOICE = "stamp_choice"  # a moment and one of `options`
    INTEGER = "integer"
    INTEGER_PAIR = "integer_pair"
    SPANS = "spans"  # pairs of moments
    CODED = "coded"  # a short code, never a name


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that may be chosen. `code` is permanent; `share` of the points, 0..1."""

    code: str
    label: Text
    share: Fraction


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """Measured values up to and including `limit` earn `share`; `limit` None is everything above."""

    limit: Fraction | None
    share: Fraction


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `id` is permanent and unique within the form."""

    id: str
    text: Text
    kind: Kind
    points: int = 0
    critical: bool = False
    must_be_yes: bool = False  # the assessor's own conduct: blocks finishing unless yes
    options: tuple[Option, ...] = ()
    bands: tuple[Band, ...] = ()
    bands_by_subchannel: Mapping[str, tuple[Band, ...]] = {}
    source: str | None = None  # the measurement or derived quantity a BANDS question reads
    faq_number: int | None = None  # which filed FAQ of the scenario a FAQ question compares with, from 1
    not_applicable: Text | None = None  # the only reason N/A is allowed for; None: N/A is not offered
    not_applicable_on: tuple[str, ...] = ()  # the sub-channels it is offered on; none named: all
    evidence: tuple[str, ...] = ()  # kinds that must be there before finishing
    min_chars: int = 0
    late_answer: bool = False  # may be filled after finishing, as the next revision
    optional: bool = False  # may be left unanswered; it carries no points
    show_if: Expression | None = None  # None: always asked


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Questions that share a weight."""

    id: str
    title: Text
    weight: int
    questions: tuple[Question, ...]


class MeasurementItem(msgspec.Struct, frozen=True, kw_only=True):
    """An unscored clock mark or count that the app stamps and the assessor only taps."""

    id: str
    key: str
    label: Text
    kind: MeasurementKind
    optional: bool = False
    options: tuple[Option, ...] = ()
    subchannels: tuple[str, ...] = ()  # those it happens on; none named: all


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity worked out from measurements by a named rule of `checklists.record.derived`."""

    key: str
    label: Text
    rule: str
    inputs: tuple[str, ...]

    @property
    def in_seconds(self) -> bool:
        """Whether it is a time."""
        return self.rule in SECONDS

    @property
    def moments_in_order(self) -> tuple[tuple[str, str], ...]:
        """Pairs of the moments it is worked out from, the earlier before the later."""
        kinds = INPUTS.get(self.rule, ())
        if kinds[:1] == ("spans",):
            return ()
        *starts, end = self.inputs[:-1] if kinds[-1:] == ("spans",) else self.inputs
        return tuple((start, end) for start in starts)


class Calculated(msgspec.Struct, frozen=True, kw_only=True):
    """A value worked out from answers, for conditions to read. `label` says what it is."""

    key: str
    label: Text
    value: Expression


class Recordings(msgspec.Struct, frozen=True, kw_only=True):
    """Drawn recordings are each judged on `sections` of `form`; own sections and their mean are blended by weight."""

    form: str
    sections: tuple[str, ...]
    own_weight: int
    recordings_weight: int


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One way of holding an assessment: which sections are used and which questions are left out."""

    code: str
    label: Text
    sections: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    recordings: Recordings | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A whole checklist. `id` is "name@version" and never changes meaning."""

    name: str
    version: int
    channel: Channel
    title: Text
    unit: Text
    sections: tuple[Section, ...]
    measurements: tuple[MeasurementItem, ...] = ()
    derived: tuple[Derived, ...] = ()
    variants: tuple[Variant, ...] = ()
    subchannels: Mapping[str, Text] = {}
    default_reply_s: Mapping[str, int] = {}  # by sub-channel: time to a complete answer where none is promised
    calculated: tuple[Calculated, ...] = ()
    annex: bool = False  # attached to an assessment; never counts in its score
    whole_not_applicable: Text | None = None

    @property
    def id(self) -> str:
        """The form's permanent name, "phone_in@1"."""
        return f"{self.name}@{self.version}"
