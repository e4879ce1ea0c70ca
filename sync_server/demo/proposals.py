"""The demo's proposals: two that were handed in and marked by a judge, and one that is still a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from checklists.proposal.template import proposal_template
from sync_server.database.queries import users
from sync_server.demo.accounts import JUDGE
from sync_server.panel.marking import Mark, declare, keep_marks
from sync_server.proposals.figures import subject_of
from sync_server.proposals.handing import save_draft, take_version

COMPANIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("lotus-market-demo-code--", "Lotus Market", "蓮花超市", ("8", "15", "13.5", "7", "6")),
    ("harbour-bank-demo-code--", "Harbour Bank", "海港銀行", ("9", "16", "12", "8", "7.5")),
)
DRAFT = ("kapok-fibre-demo-draft--", "Kapok Fibre", "木棉光纖")
WORDS: Mapping[str, str] = {
    "goals": "讓每位顧客一次便得到解答，並知道下一步是甚麼。",
    "content": "前線員工可即場作主，毋須轉駁；每星期抽聽錄音，一起改善。六個月後在所有分店推行。",
    "change": "由按部門接聽改為由同一人跟進到底。",
    "distinctive": "顧客可看見自己的個案進度，毋須再問。",
    "results": "神秘顧客評分由 78.2 升至 85.6，重複來電減少兩成。",
    "forward": "每季與前線員工檢討一次，結果張貼於各分店。",
    "resources": "兩名專責同事及一套個案系統，成效與成本相稱。",
}


def add_proposals(db: Connection, now: datetime) -> None:
    """Do it. Inside a write transaction."""
    template = proposal_template()
    judge, at = users.user_named(db, JUDGE), min(now, template.deadline - timedelta(days=3))
    for code, en, zh, points in COMPANIES:
        body = {**_body(en, zh), "aims-skills": "yes", "aims-skills-words": "每月工作坊", "methods-mystery": "yes"}
        receipt = take_version(db, template, code, body, [], now=at)
        if judge is None:
            continue
        subject = subject_of(receipt.hand_in_id)
        declare(db, subject, judge.id, is_tied=False, now=now)
        marks = {part.key: Mark(Fraction(text)) for part, text in zip(template.marked, points, strict=True)}
        keep_marks(db, (subject, receipt.version), judge.id, marks, is_final=True, now=now)
    code, en, zh = DRAFT
    save_draft(db, code, {"company_en": en, "company_zh": zh, "goals": WORDS["goals"]}, at)


def _body(en: str, zh: str) -> dict[str, str]:
    needed = {field.key: WORDS.get(field.key, "顧客服務") for field in proposal_template().fields if field.needed}
    return {**needed, "company_en": en, "company_zh": zh, "basis-mission": "yes"}
