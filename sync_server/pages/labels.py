"""What codes are called on screen, and the tone each is shown in. A code without a label is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.language import N_
from sync_server.pages.action_labels import ACTIONS

LABELS: Mapping[str, Mapping[str, str]] = {
    "channel": {
        "phone_in": N_("Phone-in"),
        "onsite": N_("Onsite"),
        "online": N_("Online"),
        "face_to_face": N_("Face-to-face"),
    },
    "subchannel": {
        "chat": N_("live chat"),
        "email": N_("e-mail"),
        "form": N_("web form"),
        "social": N_("social media"),
    },
    "spoken": {"yue": N_("Cantonese"), "en": N_("English"), "cmn": N_("Putonghua")},
    "status": {
        "draft": N_("Draft"),
        "finished": N_("Finished"),
        "returned": N_("Returned"),
        "accepted": N_("Accepted"),
        "void": N_("Void"),
    },
    "contact": {
        "open": N_("Not reached yet"),
        "connected": N_("Connected"),
        "unreachable": N_("Not reachable"),
        "void": N_("Void"),
    },
    "verdict": {
        "accepted": N_("Accepted"),
        "returned": N_("Returned"),
        "void": N_("Void"),
    },
    "role": {
        "admin": N_("Administrator"),
        "coordinator": N_("Coordinator"),
        "reviewer": N_("Reviewer"),
        "viewer": N_("Viewer"),
        "entrant": N_("Entrant"),
        "assessor_device": N_("Assessor's phone"),
        "visitor": N_("Visitor"),
    },
    "outcome": {
        "connected": N_("Connected"),
        "no_answer": N_("No answer"),
        "busy": N_("Busy"),
        "queue_timeout": N_("Queue too long"),
        "dropped_before_agent": N_("Cut off before an agent"),
        "ivrs_dead_end": N_("Menu led nowhere"),
        "voicemail": N_("Voicemail only"),
        "network_announcement": N_("Number not in service"),
        "closed": N_("Closed at this hour"),
        "misdial": N_("Misdialled"),
        "wrong_number_supplied": N_("Wrong number supplied"),
        "caller_network_fault": N_("Fault on the assessor's network"),
        "aborted_by_assessor": N_("Stopped by the assessor"),
        "severe_weather": N_("Severe weather"),
    },
    "media": {
        "photo": N_("Photo"),
        "audio_note": N_("Audio note"),
        "recording": N_("Recording"),
        "file": N_("File"),
    },
    "code": {
        "open": N_("Ready to use"),
        "used": N_("Used"),
        "expired": N_("Expired"),
        "revoked": N_("Revoked"),
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
    },
    "why_no_base": {
        "not-finished": N_("Not scored: the assessment is not finished."),
        "nothing-applicable": N_("Not scored: no question applies."),
        "contact-open": N_("Not scored: the contact was not made yet."),
        "contact-unreachable": N_("Not scored: the contact was never made."),
        "contact-void": N_("Not scored: the contact was broken off."),
        "form-not-usable": N_("Not scored: the form is not known or does not fit."),
    },
    "grade": {
        "gold": N_("Gold"),
        "silver": N_("Silver"),
        "bronze": N_("Bronze"),
        "below_pass": N_("Below pass"),
    },
    "award": {
        "industry": N_("Industry Award"),
        "grand": N_("Grand Award"),
        "most_improved": N_("Most Improved"),
        "best_ivrs": N_("Best IVRS"),
    },
    "standing": {
        "round_1": N_("Round 1"),
        "round_2": N_("Round 2"),
        "round_3": N_("Round 3"),
        "final": N_("Final"),
        "grade": N_("Grade"),
        "mark": N_("Badge"),
    },
    "problem": {
        "": N_("Being prepared for showing"),
        "not-readable": N_("Cannot be shown: the file cannot be read"),
        "too-large": N_("Cannot be shown: too large"),
        "too-slow": N_("Cannot be shown: it takes too long to prepare"),
    },
    "actor": {
        "user": N_("Account"),
        "device": N_("Device"),
        "command": N_("Command"),
        "system": N_("Server"),
    },
    "action": ACTIONS,
    "theme": {"auto": N_("Auto"), "light": N_("Light"), "dark": N_("Dark")},
}

# A tone is a class of the style sheet; each has a mark of its own, so that nothing rests on colour alone.
TONES: Mapping[str, Mapping[str, str]] = {
    "grade": {"gold": "good", "silver": "calm", "bronze": "plain", "below_pass": "bad"},
    "status": {"draft": "plain", "finished": "calm", "returned": "warn", "accepted": "good", "void": "bad"},
    "contact": {"open": "plain", "connected": "good", "unreachable": "warn", "void": "bad"},
    "verdict": {"accepted": "good", "returned": "warn", "void": "bad"},
    "code": {"open": "good", "used": "plain", "expired": "warn", "revoked": "bad"},
}


def label(kind: str, code: str) -> str:
    """Return the English label of a code, to be translated; the code itself where none is known."""
    return LABELS.get(kind, {}).get(code, code)


def tone(kind: str, code: str) -> str:
    """Return the class a code is shown with."""
    return TONES.get(kind, {}).get(code, "plain")
