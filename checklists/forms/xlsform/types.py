"""What the `type` of a survey row means, in every dialect met.

XLS-3  A type is read in any case, with spaces or underscores, by its names of old and those of SurveyCTO and Kobo. What
       is none is told with the nearest one that is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from checklists.forms.xlsform.tables import plain


class Meaning(StrEnum):
    """What is made of a row."""

    SELECT = "select"  # one of a list
    TEXT = "text"
    MOMENT = "moment"  # a day or a time, in words here
    DECIMAL = "decimal"  # a number with decimals, in words here
    NUMBER = "number"
    YES = "yes"  # only yes can be said
    CALCULATED = "calculated"
    MULTIPLE = "multiple"  # several of a list
    RANKED = "ranked"  # the choices of a list in an order
    ELSEWHERE = "elsewhere"  # one of a list that stands in another file or table
    NOTE = "note"
    MEDIA = "media"
    PLACE = "place"
    META = "meta"  # the app keeps it by itself, or does without
    SCORED = "scored"  # one of the list that the table around it names
    BEGIN_GROUP = "begin_group"
    END_GROUP = "end_group"
    BEGIN_REPEAT = "begin_repeat"
    END_REPEAT = "end_repeat"
    BEGIN_SCORE = "begin_score"  # a table of questions with one list
    END_SCORE = "end_score"
    BEGIN_TABLE = "begin_table"  # a matrix, or places given to choices
    END_TABLE = "end_table"


class Type(NamedTuple):
    """A type read: what it means, its list of choices, and whether another answer may be given."""

    meaning: Meaning
    list_name: str = ""
    or_other: bool = False


_PLAIN: Mapping[Meaning, tuple[str, ...]] = {
    Meaning.TEXT: ("text", "string", "add_text_prompt", "q_string", "barcode", "qrcode", "comments", "tel"),
    Meaning.MOMENT: ("date", "time", "datetime", "date_time", "add_date_prompt", "add_time_prompt", "q_date"),
    Meaning.DECIMAL: ("decimal", "add_decimal_prompt", "q_decimal"),
    Meaning.NUMBER: ("integer", "int", "add_integer_prompt", "q_int", "range", "q_range"),
    Meaning.YES: ("acknowledge", "trigger", "q_acknowledge", "add_acknowledge_prompt"),
    Meaning.CALCULATED: ("calculate", "calculation", "calculate_here", "q_calculate", "add_calculate_prompt"),
    Meaning.NOTE: ("note", "add_note_prompt", "q_note"),
    Meaning.MEDIA: (
        *("image", "photo", "audio", "video", "file", "annotate", "signature", "draw", "add_image_prompt"),
        *("add_audio_prompt", "add_video_prompt", "add_photo_prompt", "q_image", "q_picture", "q_audio", "q_video"),
        *("background_audio", "background-audio", "add_file_prompt"),
    ),
    Meaning.PLACE: (
        *("geopoint", "geotrace", "geoshape", "location", "gps", "add_location_prompt", "q_location", "q_geopoint"),
        *("osm", "bearing", "background_geopoint", "background-geopoint", "start_geopoint", "start-geopoint"),
    ),
    Meaning.META: (
        *("start", "end", "today", "start_time", "end_time", "starttime", "endtime", "get_start_time", "get_end_time"),
        *("get_today", "deviceid", "device_id", "get_device_id", "imei", "subscriberid", "subscriber_id", "username"),
        *("get_subscriber_id", "simserial", "sim_id", "get_sim_id", "phonenumber", "phone_number", "get_phone_number"),
        *("email", "audit", "hidden", "caseid", "duration", "instanceid", "instance_id", "meta", "entity", "user_name"),
        *("text_audit", "audio_audit", "speed_violations_list", "speed_violations_count", "speed_violations_audit"),
        *("xml-external", "xml_external", "csv-external", "csv_external", "sensor_statistic", "sensor_stream", "print"),
        *("include", "set_form_title", "set_form_id", "set_title"),
        *("property", "device_info", "devicephonenum", "calculated_value", "server_property", "simserialnumber"),
    ),
    Meaning.BEGIN_GROUP: ("begin_group", "begin_lgroup", "begin_table_list", "begin_loop", "begingroup", "group"),
    Meaning.END_GROUP: ("end_group", "end_lgroup", "end_table_list", "end_loop", "endgroup"),
    Meaning.BEGIN_REPEAT: ("begin_repeat", "beginrepeat"),
    Meaning.END_REPEAT: ("end_repeat", "endrepeat"),
    Meaning.BEGIN_SCORE: ("begin_score",),
    Meaning.SCORED: ("score_row",),
    Meaning.END_SCORE: ("end_score",),
    Meaning.BEGIN_TABLE: ("begin_kobomatrix", "begin_rank"),
    Meaning.RANKED: ("rank_level",),
    Meaning.END_TABLE: ("end_kobomatrix", "end_rank"),
}
BY_NAME: Mapping[str, Meaning] = {name: meaning for meaning, names in _PLAIN.items() for name in names}
# With what stands behind the word, as in "begin group information" or "text audit p=100".
_FIRST = re.compile(
    r"(begin|end)[\s_]+(group|repeat|lgroup|loop)\b|(text|audio)[\s_]+audit\b|sensor_(statistic|stream)\b|"
    r"speed[\s_]+violations[\s_]+(list|count|audit)\b|(uri|db):\w+|(hidden|osm)\b",
    re.IGNORECASE,
)
_LISTED: tuple[tuple[Meaning, re.Pattern[str]], ...] = tuple(
    (meaning, re.compile(rf"(?:add_)?(?:{words})(?:_prompt)?(?:_using)?(?=_|$)"))
    for meaning, words in (
        (
            Meaning.ELSEWHERE,
            "select_(?:one|multiple)_from_file|select_(?:one|multiple)_external|rank_from_file|cascading_select",
        ),
        (
            Meaning.MULTIPLE,
            "select_multiple_from|select_multiple|select_all_that_apply_from|select_all_that_apply|select_many|select_all",
        ),
        (Meaning.RANKED, "rank|q_rank"),
        (Meaning.SELECT, "select_one_from|select_one|select1|q_select1|select_1|select_single"),
    )
)
_OTHER = re.compile(r"[\s_]+(?:or[\s_]+)?(?:specify[\s_]+)?other$", re.IGNORECASE)
_OFFERED = (
    *(
        "text",
        "integer",
        "decimal",
        "date",
        "time",
        "select_one",
        "select_multiple",
        "acknowledge",
        "calculate",
        "note",
    ),
    *("range", "rank", "image", "audio", "video", "file", "geopoint", "hidden", "begin_group", "end_group"),
    *("begin_repeat", "end_repeat"),
)
LONGEST = 300  # characters of a type; a list's name stands in it
_LIST = re.compile(r"\S+$")


def type_of(words: str) -> Type | None:
    """Return what a cell of the column `type` means; None: it is no type."""
    if len(words) > LONGEST:
        return None
    name = plain(words)
    first = _FIRST.match(words.strip())
    name = plain(first[0]) if first and name not in BY_NAME else name
    if name.startswith(("uri:", "db:")):
        return Type(Meaning.META)
    if name in BY_NAME:
        return Type(BY_NAME[name])
    for meaning, pattern in _LISTED:
        match = pattern.match(name)
        if match:
            return _listed(meaning, words.strip(), match.end())
    return None


def _listed(meaning: Meaning, words: str, end: int) -> Type:
    # As many words of the cell as the name took of its plain form; the list's own name stays as it is written.
    taken, seen = 0, 0
    rest = words
    while seen < end and taken < len(words):
        taken += 1
        seen = len(plain(words[:taken].rstrip(" _")))
    rest = words[taken:].strip(" _") if words[taken : taken + 1] == "_" else words[taken:].strip()
    other = _OTHER.search(" " + rest)
    if other:
        rest = (" " + rest)[: other.start()].strip()
    if meaning is Meaning.SELECT and ("${" in rest or rest.lower().endswith((".csv", ".xml", ".geojson"))):
        meaning = Meaning.ELSEWHERE
    found = _LIST.search(rest)
    return Type(meaning, found[0] if found else "", or_other=bool(other))


def nearest(words: str) -> str:
    """Return the type that is written most like `words`; "text" where none is."""
    whole = plain(words.partition(" ")[0] if "_" in words.partition(" ")[0] else words)
    for written in (whole, whole.partition("_")[0]):
        found = difflib.get_close_matches(written, _OFFERED, n=1)
        if found:
            return found[0]
    return "text"
