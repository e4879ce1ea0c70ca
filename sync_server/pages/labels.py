"""What codes are called on screen, and the tone each is shown in. A code without a label is shown as it is.

What the phone calls by the same name comes from `checklists`.
"""

from __future__ import annotations

from collections.abc import Mapping

from checklists.award.grades import GRADE_WORDS
from checklists.award.words import AWARD_WORDS, STANDING_WORDS
from checklists.forms import evidence_kinds
from checklists.forms import labels as forms
from checklists.language import N_
from checklists.record import labels as record
from sync_server.pages.action_labels import ACTIONS, SUBJECTS

LABELS: Mapping[str, Mapping[str, str]] = {
    "channel": forms.CHANNELS,
    "subchannel": forms.SUBCHANNELS,
    "spoken": record.SPOKEN,
    "status": record.STATUSES,
    "contact": record.CONTACTS,
    "verdict": {verdict: record.STATUSES[verdict] for verdict in ("accepted", "returned", "void")},
    "question": {
        "yes_no": N_("Yes or no"),
        "scale": N_("0 to 4"),
        "maturity": N_("0 to 3, each step resting on those below"),
        "choice": N_("One of a list"),
        "bands": N_("A number"),
        "faq": N_("Against the filed answer"),
        "text": N_("In words"),
    },
    "letter": {
        "receipt": N_("Receipt"),
        "accepted": N_("Acceptance"),
        "returned": N_("Sent back"),
        "reminder": N_("Reminder"),
        "milestone": N_("Date of the calendar"),
        "sent": N_("has left"),
        "waiting": N_("waits"),
        "given-up": N_("has not left"),
        "address-wrong": N_("The address is none. Correct it where it is kept, and write anew."),
        "sender-missing": N_(
            "Nobody stands as the sender: set the edition’s e-mail, or “from” in the address of the mail server."
        ),
        "sender-refused": N_("The mail server does not take mail from this sender."),
        "refused": N_("The mail server did not take it."),
        "tls-missing": N_("The mail server offers no TLS, and a password is not sent without."),
        "certificate-not-trusted": N_("The mail server’s certificate is not trusted."),
        "sign-in-refused": N_("The mail server refused user name or password."),
        "no-connection": N_("The mail server cannot be reached."),
    },
    "survey-contact": {
        "phone": N_("By telephone"),
        "branch": N_("At a branch"),
        "online": N_("Online"),
        "face_to_face": N_("Somebody came to me"),
        "other": N_("In another way"),
    },
    "csqs-module": {
        "full": N_("Full centre"),
        "small": N_("Small centre"),
        "outsourced": N_("Outsourced centre"),
    },
    "csqs-state": {
        "holds": N_("holds"),
        "later": N_("still to begin"),
        "ended": N_("has ended"),
        "withdrawn": N_("withdrawn"),
        "printed": N_("as printed"),
    },
    "evidence": evidence_kinds.LABELS,
    "survey-origin": {"local": N_("I live in Hong Kong"), "visitor": N_("I am visiting")},
    "import": {
        "reading": N_("Being read"),
        "asked": N_("Waits for an answer"),
        "refused": N_("Refused"),
        "previewed": N_("Waits for confirmation"),
        "written": N_("Written"),
        "undone": N_("Taken back"),
        "failed": N_("Could not be read"),
    },
    "publication": {
        "round-1": N_("Round 1"),
        "round-2": N_("Round 2"),
        "round-3": N_("Round 3"),
        "results": N_("Results"),
    },
    "plan": {
        "sealed": N_("Hash published"),
        "making": N_("Being made"),
        "made": N_("Made, not written"),
        "failed": N_("Could not be made"),
        "written": N_("Written"),
    },
    "plan-rule": {
        "share": N_("More than a fifth of a round for one assessor"),
        "a-day": N_("Many contacts on one day"),
        "month": N_("Less than 40 % in a month"),
        "daypart": N_("Parts of the week"),
        "weekday": N_("Weekdays"),
        "language": N_("Languages"),
        "branch": N_("Branches"),
        "load": N_("Many visits of one assessor on a day"),
        "district": N_("Visits outside an assessor’s districts"),
        "certificate": N_("Visits without a certificate"),
        "lost": N_("Visits left with who or what was lost"),
    },
    "import-step": {
        "reading": N_("Reading the files"),
        "checking": N_("Checking, table by table"),
        "staging": N_("Preparing the rows"),
    },
    "import-verb": {"add": N_("added"), "change": N_("changed"), "withdraw": N_("withdrawn")},
    "recording_policy": {
        "none": N_("No recording"),
        "assessor_audio_with_notice": N_("By the assessor, with notice given"),
        "entrant_system_only": N_("By the entrant's own system only"),
    },
    "onsite_variant": {"recording": N_("Recordings"), "branch": N_("Visits to branches"), "both": N_("Both")},
    "direction": {"inbound": N_("Inbound"), "outbound": N_("Outbound"), "both": N_("Both")},
    "faq_filing": {"in_time": N_("In time"), "at": N_("At the moment given"), "never": N_("Never")},
    "yes-no": {"yes": N_("Yes"), "no": N_("No")},
    "effect": {**STANDING_WORDS, "fee": N_("Fee"), "award": N_("Award")},
    "effect-value": {"unchanged": N_("unchanged"), "none": N_("none")},
    "bill": {"invoice": N_("Invoice"), "credit": N_("Credit note")},
    "coverage": {
        "daypart": N_("Parts of the week"),
        "weekday": N_("Weekdays"),
        "language": N_("Languages"),
        "branch": N_("Branches"),
        "scenario": N_("Scenarios"),
    },
    "light": {"green": N_("green"), "amber": N_("amber"), "red": N_("red")},
    "hand-in": {"waiting": N_("Waits for you"), "accepted": N_("Accepted"), "returned": N_("Sent back")},
    "hand-in-own": {"waiting": N_("Waits for the organiser"), "accepted": N_("Accepted"), "returned": N_("Sent back")},
    "set-kind": {"import": N_("Import"), "page": N_("Typed on a page"), "undo": N_("Taken back")},
    "dispute": {
        "stands": N_("It stands"),
        "corrected": N_("Answer corrected"),
        "voided": N_("Visit void"),
    },
    "step": {"base": N_("Base"), "ease": N_("Ease of access"), "penalty": N_("Tries without an answer")},
    "role": {
        "admin": N_("Administrator"),
        "coordinator": N_("Coordinator"),
        "reviewer": N_("Reviewer"),
        "viewer": N_("Viewer"),
        "entrant": N_("Entrant"),
        "entrant_reader": N_("Entrant, reads only"),
        "judge": N_("Judge"),
        "member": N_("Consortium member"),
        "assessor_device": N_("Assessor's phone"),
        "visitor": N_("Visitor"),
    },
    "gathering": {
        "meeting": N_("Meeting"),
        "case_sharing": N_("Case sharing"),
        "luncheon": N_("Luncheon"),
        "focus_group": N_("Focus group"),
        "site_visit": N_("Site visit"),
    },
    "outcome": record.OUTCOMES,
    "media": record.MEDIA,
    "code": {
        "open": N_("Ready to use"),
        "used": N_("Used"),
        "expired": N_("Expired"),
        "revoked": N_("Revoked"),
    },
    "webhook": {
        "assessment.received": N_("An assessment arrived"),
        "assessment.edited": N_("Another revision arrived"),
        "assessment.accepted": N_("An assessment was accepted"),
        "assessment.returned": N_("An assessment was returned"),
        "assessment.voided": N_("An assessment was declared void"),
        "assessment.unvoided": N_("A void assessment counts again"),
        "assessment.decided": N_("A penalty, “never reached” or ease of access was decided"),
        "round.closed": N_("A round was closed"),
        "round.released": N_("A round was released"),
        "dispute.opened": N_("A dispute was opened"),
        "dispute.decided": N_("A dispute was decided"),
    },
    "message": {"sent": N_("Taken"), "waiting": N_("Waits"), "given-up": N_("Given up")},
    "call": {
        "no-answer": N_("Nobody answered over https."),
        "address-not-valid": N_("This is no address."),
        "address-not-public": N_("The address lies in a private network, and is not called."),
        "name-unknown": N_("The name is not known."),
    },
    "scope": {
        "assessments": N_("Read assessments"),
        "answers": N_("Read coded answers"),
        "season": N_("Read entrants, branches, rounds and assignments"),
        "standings": N_("Read standings"),
        "people": N_("Read the names of assessors"),
        "collect": N_("Collect with ODK Collect: forms out, submissions in"),
        "calendar": N_("Subscribe a calendar to the visits of the assessor"),
    },
    "decision": {
        "void": N_("Voided"),
        "unvoid": N_("Counted again"),
        "penalty": N_("Penalty set"),
        "no_penalty": N_("Penalty lifted"),
        "unreached": N_("Never reached: set"),
        "no_unreached": N_("Never reached: lifted"),
        "ease": N_("Ease of access: met"),
        "no_ease": N_("Ease of access: not met"),
        "consistency": N_("Consistency decided"),
        "settled": N_("Settled double score counts"),
        "ivrs_panel": N_("IVRS panel fixed"),
    },
    "why_no_base": {
        "not-finished": N_("Not scored: the assessment is not finished."),
        "nothing-applicable": N_("Not scored: no question applies."),
        "of-another-programme": N_("No score of the award: it is of another programme."),
        "contact-open": N_("Not scored: the contact was not made yet."),
        "contact-unreachable": N_("Not scored: the contact was never made."),
        "contact-void": N_("Not scored: the contact was broken off."),
        "form-not-usable": N_("Not scored: the form is not known or does not fit."),
    },
    "grade": GRADE_WORDS,
    "award": AWARD_WORDS,
    "standing": STANDING_WORDS,
    "rules": {
        "season": N_("Finals, grades, marks and awards"),
        "round-1": N_("Round 1"),
        "round-2": N_("Round 2"),
        "round-3": N_("Round 3"),
    },
    "problem": {
        "": N_("Being prepared for showing"),
        "not-readable": N_("Cannot be shown: the file cannot be read"),
        "too-large": N_("Cannot be shown: too large"),
        "too-slow": N_("Cannot be shown: it takes too long to prepare"),
        "empty": N_("Cannot be shown: the file is empty"),
        "other-kind": N_("Cannot be shown: pages do not show files of this kind"),
        "not-as-recorded": N_("Cannot be shown: it is of another kind than its record says"),
        "missing": N_("Cannot be shown: its bytes are missing from the server"),
        "gave-up": N_("Cannot be shown: preparing it failed three times"),
    },
    "blackout": {
        "not-readable": N_("It could not be blacked out: the file cannot be read. The original is as it was."),
        "too-large": N_("It could not be blacked out: too large. The original is as it was."),
        "too-slow": N_("It could not be blacked out: it takes too long. The original is as it was."),
        "missing": N_("It could not be blacked out: its bytes are missing from the server."),
        "legal-hold": N_("It could not be blacked out: the entrant's files are under a legal hold."),
        "gave-up": N_("It could not be blacked out: it failed three times. The original is as it was."),
    },
    "actor": {
        "user": N_("Account"),
        "device": N_("Device"),
        "command": N_("Command"),
        "system": N_("Server"),
    },
    "action": ACTIONS,
    "subject": SUBJECTS,
    "theme": {"auto": N_("Auto"), "light": N_("Light"), "dark": N_("Dark")},
}

# A tone is a class of the style sheet; each has a mark of its own, so that nothing rests on colour alone.
TONES: Mapping[str, Mapping[str, str]] = {
    "status": {"draft": "plain", "finished": "calm", "returned": "warn", "accepted": "good", "void": "bad"},
    "contact": {"open": "plain", "connected": "good", "unreachable": "warn", "void": "bad"},
    "verdict": {"accepted": "good", "returned": "warn", "void": "bad"},
    "hand-in": {"waiting": "warn", "accepted": "good", "returned": "calm"},
    "message": {"sent": "good", "waiting": "plain", "given-up": "bad"},
    "code": {"open": "good", "used": "plain", "expired": "warn", "revoked": "bad"},
}


def label(kind: str, code: str) -> str:
    """Return the English label of a code, to be translated; the code itself where none is known."""
    return LABELS.get(kind, {}).get(code, code)


def tone(kind: str, code: str) -> str:
    """Return the class a code is shown with."""
    return TONES.get(kind, {}).get(code, "plain")
