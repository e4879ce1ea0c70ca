"""What the store holds, joined: assignments with their assessments, forms, rules and reviews. Reads only, remembers."""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from checklists.record import attempts
from checklists.record.asked import asked_items
from checklists.record.assessment import Assessment, RecordStatus
from checklists.record.assignment import Assignment
from checklists.record.service_hours import serving
from checklists.record.sheet import SheetError
from checklists.rules.attempt_rules import AttemptRules
from checklists.rules.ruleset import RulesetError, ruleset
from fieldapp.ids import new_id
from fieldapp.kept import Delivery, Review
from fieldapp.ports import Clock, Store
from fieldapp.state import rows
from fieldapp.state.device_clock import off_s, reading, trusted_now
from fieldapp.state.reading import Context, answered, tries_of
from fieldapp.state.rows import Outlook, Progress, SyncItem, VisitRow
from fieldapp.state.sheets import Sheets
from fieldapp.state.waiting import waiting, waiting_late

LOG = logging.getLogger(__name__)


class Shelf:
    """One reader over the store. Progress is worked out once for each state of a record."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._rules: tuple[str, AttemptRules | None] = ("", None)
        self._progress: dict[str, tuple[Assessment, Progress]] = {}
        self._rows: dict[str, tuple[tuple[object, ...], VisitRow]] = {}
        self._sheets = Sheets(store.form)

    def now(self) -> datetime:
        """Return the server's time, as far as it is known: due windows are set by its clock, not by this device's."""
        return trusted_now(self._clock, self._store)

    def minute(self) -> datetime:
        """Return the minute it is."""
        return self.now().replace(second=0, microsecond=0)

    def clock_off_s(self) -> int:
        """Return how far the server's clock is ahead of this device's, in seconds, where that is worth a word."""
        return off_s(self._store)

    def visit_rows(self) -> tuple[VisitRow, ...]:
        """Return the visits list in order. A row is worked out anew when what it stands on changed, or the minute."""
        feed = self._store.feed()
        mine = self._by_assignment()
        now, rules = self.now(), self._attempt_rules()
        shown: dict[str, tuple[tuple[object, ...], VisitRow]] = {}
        for assignment in feed.assignments.values():
            assessment = mine.get(assignment.id)
            handed_on = assignment.id in feed.handed_on
            if assessment is None and (handed_on or assignment.withdrawn):
                continue
            review = feed.reviews.get(assessment.id) if assessment else None
            delivery = self.delivery(assessment) if assessment else None
            others = feed.attempts.get(assignment.id)
            stands_on = (assignment, assessment, review, delivery, others, handed_on, rules, self.minute())
            kept = self._rows.get(assignment.id)
            if kept and all(old is new or old == new for old, new in zip(kept[0], stands_on, strict=True)):
                shown[assignment.id] = kept
                continue
            outlook = self._outlook(assignment, assessment, now)
            row = rows.visit_row(
                assignment,
                assessment,
                progress=self._progress_of(assessment),
                delivery=delivery,
                review=review,
                due=rows.due_group(assignment, assessment, review, now, rules.tz if rules else None, outlook=outlook),
                handed_on=handed_on or (assessment is not None and assessment.is_given),
                outlook=outlook,
            )
            shown[assignment.id] = (stands_on, row)
        # A form that has not arrived yet leaves its row without a count: such a row is looked at again.
        self._rows = {key: kept for key, kept in shown.items() if kept[1].status is None or kept[1].asked}
        return tuple(sorted((row for _, row in shown.values()), key=rows.row_order))

    def _outlook(self, assignment: Assignment, assessment: Assessment | None, now: datetime) -> Outlook:
        """Return what tries and hours come to; of what is finished nothing is ahead."""
        if assessment is not None and assessment.status is not RecordStatus.DRAFT:
            return self._outlook_late(assignment, assessment, now)
        context, zone = self.context(assignment), self.zone()
        series = tries_of(assessment.attempts if assessment else (), context)
        log = [judged.attempt for judged in series.tries] if series else []
        return Outlook(
            upcoming=attempts.next_try(series, now) if series else None,
            waits=waiting(assignment, assessment, log, now, zone) if assessment else None,
            serves=serving(assignment.service, now, zone) if zone else None,
        )

    def _outlook_late(self, assignment: Assignment, assessment: Assessment, now: datetime) -> Outlook:
        """Return what a finished visit waits for; while its form is not here, nothing."""
        try:
            sheet = self._sheets.of(assessment)
        except SheetError:
            return rows.NOTHING_AHEAD
        return Outlook(waits=waiting_late(assignment, assessment, sheet, now))

    def sync_items(self) -> tuple[SyncItem, ...]:
        """Return the sync list: unsent first, then the latest finished."""
        feed = self._store.feed()
        items = []
        for assessment in self._store.assessments():
            delivery = self.delivery(assessment)
            if delivery is None:
                continue
            assignment = feed.assignments.get(assessment.assignment_id)
            entrant = assignment.entrant_name if assignment else {"en": assessment.entrant_id}
            items.append((assessment, rows.sync_item(assessment, delivery, entrant)))
        items.sort(key=lambda pair: pair[0].finished_at or pair[0].started_at, reverse=True)
        items.sort(key=lambda pair: pair[1].safe_at is not None)
        return tuple(item for _, item in items)

    def delivery(self, assessment: Assessment) -> Delivery | None:
        """Return where it is; None for a draft of one's own, of which there is nothing to send."""
        if assessment.status is RecordStatus.DRAFT and not assessment.is_given:
            return None
        return self._store.delivery(assessment.id).about(assessment)

    def review(self, assessment: Assessment) -> Review | None:
        """Return what a reviewer said of it last."""
        return self._store.feed().reviews.get(assessment.id)

    def assessment_of(self, assignment: Assignment, app_version: str) -> Assessment:
        """Return the assessment on this device, or a fresh one that nobody has kept yet."""
        begun = self._by_assignment().get(assignment.id)
        if begun:
            return begun
        from checklists.record import verbs  # noqa: PLC0415 - what changes a record is not needed to list it

        now = self._clock.now()
        clock = reading(self._clock, self._store)
        return verbs.begin(assignment, new_id(now), at=now, app_version=app_version, clock=clock)

    def context(self, assignment: Assignment) -> Context:
        """Return what an assessment of `assignment` is read against."""
        feed = self._store.feed()
        return Context(
            assignment=assignment,
            sheets=self._sheets,
            rules=self._attempt_rules(),
            others=feed.attempts.get(assignment.id, assignment.earlier_attempts),
            audio_kept_days=feed.programme.audio_kept_days if feed.programme else None,
        )

    def zone(self) -> ZoneInfo | None:
        """Return the programme's zone; None while its rules are not here or cannot be read here."""
        rules = self._attempt_rules()
        return rules.tz if rules else None

    def _by_assignment(self) -> dict[str, Assessment]:
        return {assessment.assignment_id: assessment for assessment in self._store.assessments()}

    def _attempt_rules(self) -> AttemptRules | None:
        programme = self._store.feed().programme
        if programme is None:
            return None
        if self._rules[0] != programme.digest:
            try:
                self._rules = (programme.digest, AttemptRules.of(ruleset(programme.rules)))
            except RulesetError as error:
                # A newer server may name rules this app does not know; the visit goes on without the counter.
                LOG.warning("the programme's rules cannot be read here: %s", error)
                self._rules = (programme.digest, None)
        return self._rules[1]

    def _progress_of(self, assessment: Assessment | None) -> Progress:
        if assessment is None:
            return Progress()
        kept = self._progress.get(assessment.id)
        if kept and kept[0] is assessment and kept[1].asked:
            return kept[1]
        progress = self._counted(assessment)
        self._progress[assessment.id] = (assessment, progress)
        return progress

    def _counted(self, assessment: Assessment) -> Progress:
        try:
            sheet = self._sheets.of(assessment)
        except SheetError:  # the form has not arrived yet
            return Progress()
        return Progress(answered=answered(assessment, sheet), asked=len(asked_items(assessment, sheet)))
