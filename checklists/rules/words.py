"""Every parameter in words: one sentence with its value in it, and where the rule comes from (award-rules 1.1, 1.7).

RWD-1  Each parameter of `PARAMETERS` has exactly one sentence, which holds `{value}` once; each word of a `Choice`
       has words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from checklists.language import N_, Template

# Where a rule comes from.
PAPER = N_("stated in the award paper")
READING = N_("our reading of the award paper")
OURS = N_("not in the award paper: the organiser chooses")


class RuleWords(NamedTuple):
    """A parameter's sentence, and its source."""

    sentence: Template
    source: Template


class Chapter(NamedTuple):
    """Rules that are read together."""

    name: Template
    rules: Mapping[str, RuleWords]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        N_("Rounds"),
        {
            "tz": RuleWords(N_("Every clock, day and window is read in the time zone {value}."), READING),
            "rounds.weights": RuleWords(N_("Rounds 1, 2 and 3 weigh {value} in the final."), PAPER),
            "rounds.months": RuleWords(N_("Rounds 1, 2 and 3 are these months of the season: {value}."), PAPER),
            "rounds.assign_by": RuleWords(N_("A contact belongs to the round of {value}."), READING),
            "rounds.missing": RuleWords(N_("A round without a score {value}."), READING),
        },
    ),
    Chapter(
        N_("Size and quota"),
        {
            "size.bands": RuleWords(N_("Groups A, B and C end at this many seats: {value}; more is D."), PAPER),
            "size.branch_bands": RuleWords(
                N_("Groups A, B and C end at this many branches: {value}; more is D."), PAPER
            ),
            "quota.basis.phone_in": RuleWords(N_("The size of a phone-in entry is counted in {value}."), READING),
            "quota.basis.online": RuleWords(N_("The size of an online entry is counted in {value}."), READING),
            "quota.basis.face_to_face": RuleWords(
                N_("The size of a face-to-face entry is counted in {value}."), READING
            ),
            "quota.basis.onsite.recording": RuleWords(
                N_("The size of an onsite entry of recordings is counted in {value}."), READING
            ),
            "quota.basis.onsite.branch": RuleWords(
                N_("The size of an onsite entry of branch visits is counted in {value}."), READING
            ),
            "quota.contacts": RuleWords(N_("Groups A to D get this many contacts in two months: {value}."), PAPER),
            "quota.visits": RuleWords(N_("Groups A to D get this many visits in two months: {value}."), PAPER),
            "quota.branches": RuleWords(N_("Groups A to D have this many branches assessed: {value}."), PAPER),
            "quota.visits_per_branch": RuleWords(
                N_("Each chosen branch is visited {value} times in two months."), READING
            ),
            "quota.close_min": RuleWords(
                N_("A round closed with less than {value} of its quota needs a second name."), OURS
            ),
        },
    ),
    Chapter(
        N_("Getting through"),
        {
            "attempts.needed": RuleWords(N_("A contact is written off after {value} tries that count."), PAPER),
            "attempts.days": RuleWords(N_("Those tries lie within {value} days."), PAPER),
            "attempts.window": RuleWords(N_("Days are counted as {value}."), READING),
            "attempts.min_gap_min": RuleWords(
                N_("A try counts from {value} minutes after the last one that counted."), READING
            ),
            "attempts.in_service_hours": RuleWords(
                N_("Tries outside the filed service hours do not count: {value}."), READING
            ),
            "attempts.require_stamp": RuleWords(
                N_("A try counts only with the app's own time stamp: {value}."), READING
            ),
            "attempts.connected": RuleWords(N_("Through is {value}."), READING),
            "attempts.queue_timeout_s": RuleWords(N_("Waiting in the queue ends after {value} seconds."), READING),
            "attempts.late_connect": RuleWords(N_("Reached after it was written off: the deduction {value}."), READING),
            "attempts.modes": RuleWords(N_("This applies to {value}."), READING),
            "attempts.suggest_per_day": RuleWords(N_("The app suggests at most {value} tries a day."), OURS),
            "unreachable.penalty": RuleWords(N_("A contact written off loses {value} points."), PAPER),
            "unreachable.max_penalty": RuleWords(N_("One assessment loses at most {value} points for it."), READING),
            "unreachable.score_mode": RuleWords(N_("A contact never reached {value}."), READING),
            "unreachable.all": RuleWords(N_("A round in which nobody was reached {value}."), READING),
        },
    ),
    Chapter(
        N_("Bonuses and deductions"),
        {
            "ease.points.phone_in": RuleWords(N_("A call that is easy to get through earns {value} points."), READING),
            "ease.points.online": RuleWords(
                N_("An online contact that is easily served earns {value} points."), READING
            ),
            "ease.points.face_to_face": RuleWords(
                N_("A face-to-face visit that is easily served earns {value} points."), READING
            ),
            "ease.points.onsite": RuleWords(N_("An onsite assessment earns {value} points for it."), PAPER),
            "ease.test.agent_wait_s": RuleWords(N_("Easy on the phone: an agent within {value} seconds."), READING),
            "ease.test.first_attempt": RuleWords(N_("Easy on the phone: at the first try: {value}."), READING),
            "ease.test.menu_levels": RuleWords(N_("Easy on the phone: at most {value} levels of menu."), READING),
            "ease.test.chat_s": RuleWords(N_("Easy in a chat: a reply within {value} seconds."), READING),
            "ease.test.social_s": RuleWords(N_("Easy on social media: a reply within {value} seconds."), READING),
            "ease.test.email_form_service_s": RuleWords(
                N_("Easy by e-mail or form: a reply within {value} seconds of service."), READING
            ),
            "ease.test.ack_s": RuleWords(N_("Easy face to face: acknowledged within {value} seconds."), READING),
            "ease.test.served_s": RuleWords(N_("Easy face to face: served within {value} seconds."), READING),
            "consistency.method": RuleWords(N_("Even service is judged by {value}."), READING),
            "consistency.tiers": RuleWords(
                N_("A standard deviation of at most this earns these points: {value}."), READING
            ),
            "consistency.within": RuleWords(N_("Even is within {value} points of the mean."), OURS),
            "consistency.share_tiers": RuleWords(
                N_("At least this share of even assessments earns these points: {value}."), OURS
            ),
            "consistency.min_n": RuleWords(N_("It takes at least {value} scored assessments."), READING),
            "consistency.min_mean": RuleWords(N_("It takes a mean of at least {value}."), READING),
            "consistency.max": RuleWords(N_("Even service earns at most {value} points a round."), PAPER),
            "faq.deadline": RuleWords(N_("FAQs are in time until {value}."), PAPER),
            "faq.penalty": RuleWords(N_("FAQs that come later cost {value} points, once."), PAPER),
            "faq.round": RuleWords(N_("They are taken off round {value}."), PAPER),
        },
    ),
    Chapter(
        N_("Limits and critical questions"),
        {
            "cap.assessment": RuleWords(N_("An assessment counts at most {value} points."), OURS),
            "cap.round": RuleWords(N_("A round counts at most {value} points."), OURS),
            "cap.final": RuleWords(N_("A final is at most {value} points."), OURS),
            "cap.floor": RuleWords(N_("Nothing falls below {value} points."), OURS),
            "critical.effect": RuleWords(N_("A critical question that is failed {value}."), OURS),
            "critical.cap": RuleWords(N_("Where it limits the assessment, the limit is {value} points."), OURS),
        },
    ),
    Chapter(
        N_("Grades"),
        {
            "grade.dp": RuleWords(N_("A final is graded with {value} decimals."), READING),
            "grade.rounding": RuleWords(N_("It is rounded {value}."), READING),
            "grade.bands.gold": RuleWords(N_("Gold is from {value} points."), PAPER),
            "grade.bands.silver": RuleWords(N_("Silver is from {value} points."), PAPER),
            "grade.bands.bronze": RuleWords(N_("Bronze is from {value} points."), PAPER),
            "grade.pass": RuleWords(N_("The pass line is {value} points."), PAPER),
        },
    ),
    Chapter(
        N_("Awards"),
        {
            "award.industry.min_entrants": RuleWords(
                N_("The Industry Award takes a group of at least {value}."), PAPER
            ),
            "award.industry.group_by": RuleWords(N_("Its groups are made by {value}."), READING),
            "award.industry.count": RuleWords(N_("It counts {value}."), READING),
            "award.industry.min_score": RuleWords(N_("Its winner needs at least {value} points."), OURS),
            "award.improved.metric": RuleWords(N_("Most Improved compares {value}."), READING),
            "award.improved.same": RuleWords(N_("Most Improved needs the same {value} as last time."), PAPER),
            "award.improved.last": RuleWords(N_("Last time is {value}."), READING),
            "award.improved.must_be_positive": RuleWords(N_("Only a rise wins: {value}."), READING),
            "award.improved.max_age": RuleWords(N_("Last time is at most {value} years ago."), OURS),
            "award.ivrs.channel": RuleWords(N_("Best IVRS is for {value}."), PAPER),
            "award.ivrs.needs": RuleWords(N_("Best IVRS needs the grade {value}."), PAPER),
            "award.ivrs.source": RuleWords(N_("The best IVRS is found by {value}."), READING),
            "award.ivrs.min_n": RuleWords(N_("It takes at least {value} annexes in the season."), READING),
        },
    ),
    Chapter(
        N_("Badges and ties"),
        {
            "badge.min_run": RuleWords(N_("The badge takes {value} golds in a row."), PAPER),
            "badge.star_min": RuleWords(N_("Stars are shown from {value} on."), PAPER),
            "badge.crown_every": RuleWords(N_("{value} golds make a crown."), PAPER),
            "badge.crown_repeat": RuleWords(N_("Every further five make another crown: {value}."), READING),
            "badge.basis": RuleWords(N_("A run is counted in {value}."), READING),
            "badge.same": RuleWords(N_("A run needs the same {value}."), PAPER),
            "badge.carry_over": RuleWords(N_("A run goes on in another group without a ruling: {value}."), READING),
            "tie.dp": RuleWords(N_("Ties are looked for with {value} decimals."), OURS),
            "tie.breakers": RuleWords(N_("A tie is broken by {value}, in this order."), OURS),
            "tie.then": RuleWords(N_("What is still equal is {value}."), OURS),
        },
    ),
    Chapter(
        N_("What is shown, and fees"),
        {
            "report.release_at": RuleWords(N_("Reports of rounds 1, 2 and 3 are released at {value}."), PAPER),
            "results.release_at": RuleWords(N_("Results are released at {value}."), PAPER),
            "fees.waiver": RuleWords(N_("The application fee is {value}."), READING),
            "fees.waiver_charged": RuleWords(N_("A returning organisation is charged HK${value} for it."), OURS),
            "onsite.variants": RuleWords(N_("Onsite entries may be of {value}."), READING),
        },
    ),
)

# The words of choices; each means the same wherever it may stand.
CHOICES: Mapping[str, Template] = {
    "first_attempt_or_start": N_("its first try, or its start"),
    "block": N_("holds the score back until a coordinator decides"),
    "renormalise": N_("is left out, and the others weigh more"),
    "zero": N_("counts as 0"),
    "seats": N_("seats"),
    "branches": N_("branches"),
    "anchored_calendar": N_("calendar days from the first try"),
    "anchored_72h": N_("24 hours each from the first try"),
    "sliding_calendar": N_("any calendar days in a row"),
    "service_days": N_("days of service from the first try"),
    "agent": N_("a person who speaks"),
    "any_answer": N_("any answer, a machine's too"),
    "penalty_stands": N_("stands"),
    "waive": N_("is waived"),
    "impute_minus_penalty": N_("stands at the mean, less the deduction"),
    "exclude": N_("is left out of the mean"),
    "round_deduct": N_("takes its deduction off the round"),
    "sd": N_("the standard deviation"),
    "share_within": N_("the share near the mean"),
    "manual": N_("a coordinator, with a reason"),
    "off": N_("nothing: it earns nothing"),
    "section_zero": N_("takes its section to 0"),
    "flag_only": N_("is only shown"),
    "assessment_cap": N_("limits the assessment"),
    "half_up": N_("half up"),
    "floor": N_("down"),
    "half_even": N_("half to even"),
    "none": N_("not at all"),
    "industry": N_("industry"),
    "industry_channel": N_("industry and channel"),
    "channel": N_("channel"),
    "finalised_units": N_("entrants with a final"),
    "finalised_organisations": N_("organisations with a final"),
    "enrolled_units": N_("entrants enrolled"),
    "enrolled_organisations": N_("organisations enrolled"),
    "points": N_("points gained"),
    "percent": N_("per cent gained"),
    "same": N_("the last in the same group"),
    "any": N_("the last of all"),
    "phone_in": N_("phone-in"),
    "onsite": N_("onsite"),
    "online": N_("online, all of it"),
    "face_to_face": N_("face-to-face"),
    "online.chat": N_("live chat"),
    "online.email": N_("e-mail"),
    "online.form": N_("web forms"),
    "online.social": N_("social media"),
    "branch": N_("branch visits"),
    "recording": N_("recordings"),
    "both": N_("both"),
    "R1": N_("the higher round 1"),
    "R2": N_("the higher round 2"),
    "R3": N_("the higher round 3"),
    "sd_R1_low": N_("the more even base scores of round 1"),
    "sd_R2_low": N_("the more even base scores of round 2"),
    "sd_R3_low": N_("the more even base scores of round 3"),
    "unreached_low": N_("fewer unreached assessments"),
    "gold": N_("Gold"),
    "silver": N_("Silver"),
    "bronze": N_("Bronze"),
    "annex_mean_weighted": N_("the annexes, rounds weighted"),
    "panel": N_("a panel"),
    "half_panel": N_("half annexes, half a panel"),
    "editions_held": N_("editions held"),
    "calendar_years": N_("calendar years"),
    "joint": N_("joint"),
    "on_top": N_("on top of the listed price"),
    "inside": N_("inside the listed price: a newcomer pays less"),
    "certification": N_("inside the certification fee"),
}


RULE_WORDS: Mapping[str, RuleWords] = {name: words for chapter in CHAPTERS for name, words in chapter.rules.items()}
