"""What the demo's assessors write, and what stands on the screens they keep. Invented; no personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

# By whether the contact was in English.
COMMENTS: Mapping[bool, Sequence[str]] = {
    True: (
        "Warm from the first sentence and clear about the fee. The summary at the end could be shorter.",
        "Knew the answer at once and offered the link. Did not ask whether anything else was needed.",
        "Polite, but read from a screen; checking what I wanted first would have saved two minutes.",
        "Took ownership and promised a written answer. The wait before reaching a person was too long.",
    ),
    False: (
        "語氣親切，解釋收費清楚；總結可以再精簡一點。",
        "即時答到問題並提供連結，惟沒有詢問是否還有其他需要。",
        "態度有禮，但似照稿讀出；若先了解需要，可節省不少時間。",
        "主動承擔跟進並承諾書面回覆；等候接聽的時間偏長，宜改善。",
        "對退款安排十分熟悉，能舉例說明；環境稍嘈吵，宜放慢語速。",
    ),
}
VERBATIM: Sequence[str] = (
    "“You can pick it up any day before six; there is no charge.”",
    "“Let me check that for you, one moment please.”",
    "「請放心，三個工作天內會有書面回覆。」",
    "「呢個情況可以退款，不過要收返手續費。」",
    "「我幫你查一查先，請稍等。」",
    "“I am not sure about the exception; I will ask my supervisor and write to you.”",
)
_SAID: Mapping[str, Sequence[str]] = {
    "transcript": (
        "Good afternoon, how may I help you?",
        "I have two questions about my booking for next Friday.",
        "Certainly. It can be cancelled until the day before; a fee applies.",
        "Thank you. And is there help for an older relative?",
        "Yes, please tell us one day before so that we can prepare.",
        "That is all I needed. Thank you!",
    ),
    "screenshot": ("Contact us", "Service hours 09:00 - 20:00", "We reply within one working day", "中文 | English"),
    "timestamp_capture": ("Sent", "Delivered", "Answered", "Case number QX-5521"),
    "call_log": ("Customer hotline", "Outgoing call", "Incoming call from the same number"),
    "menu_map": (
        "1 Cantonese  2 English  3 Putonghua",
        "1 Services and fees",
        "2 Lost property",
        "0 Speak to a person",
    ),
    "ticket_photo": ("Please wait for your number.", "Counters 1 to 4", "Thank you for waiting"),
    "receipt": ("1 item            HK$38.00", "Cash              HK$40.00", "Change             HK$2.00"),
    "photo_no_people": ("Open daily", "09:00 - 20:00", "Please use the ramp at the side"),
}


def transcript(kind: str, at: datetime) -> Sequence[str]:
    """Return the lines a picture of `kind` shows, the time first."""
    return (f"{at:%H:%M}", *_SAID.get(kind, ()))
