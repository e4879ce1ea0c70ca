"""The demo's proposals: two that two judges have marked, one that waits for them, and one that is still a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection

from checklists.proposal.template import proposal_template
from sync_server.database.queries import users
from sync_server.demo.accounts import JUDGE
from sync_server.panel.marking import Mark, declare, keep_marks
from sync_server.people import accounts, passwords
from sync_server.people.permissions import Role
from sync_server.proposals.figures import subject_of
from sync_server.proposals.handing import save_draft, take_version

OTHER_JUDGE = "judge-2"  # whose password nobody is told
# Code, what the company says of itself, and what each judge gives the five parts: of the last one, nothing yet.
COMPANIES: tuple[tuple[str, Mapping[str, str], tuple[str, ...]], ...] = (
    (
        "lotus-market-demo-code--",
        {
            "company_en": "Lotus Market",
            "company_zh": "蓮花超市",
            "nature": "零售",
            "category": "超級市場",
            "business": "新鮮食品及日用品零售，全港 38 間分店；顧客以住戶家庭及長者為主。",
            "programme_zh": "問一次就好",
            "programme_en": "Ask Once",
        },
        ("8 15 13.5 7 6", "9 16 15 8 7"),
    ),
    (
        "harbour-bank-demo-code--",
        {
            "company_en": "Harbour Bank",
            "company_zh": "海港銀行",
            "nature": "銀行",
            "category": "零售銀行及電話理財",
            "business": "個人及中小企銀行服務；顧客以在職人士及小店東主為主。",
            "programme_zh": "一通電話辦妥",
            "programme_en": "One Call Is Enough",
        },
        ("9 16 12 8 7.5", "8 17 14 8 8"),
    ),
    (
        "egret-ferries-demo-code-",
        {
            "company_en": "Egret Ferries",
            "company_zh": "白鷺渡輪",
            "nature": "交通",
            "category": "港內及離島航線",
            "business": "每日 210 班航次；顧客以離島居民、上班人士及旅客為主。",
            "programme_zh": "風雨同程",
            "programme_en": "Together in Any Weather",
        },
        (),
    ),
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
BOXES: Mapping[str, str] = {
    "basis-mission": "yes",
    "aims-skills": "yes",
    "aims-skills-words": "每月工作坊",
    "methods-mystery": "yes",
}


def add_proposals(db: Connection, now: datetime) -> None:
    """Do it. Inside a write transaction."""
    template = proposal_template()
    judges, at = _judges(db, now), min(now, template.deadline - timedelta(days=2, hours=7, minutes=28))
    for code, said, points in COMPANIES:
        receipt = take_version(db, template, code, {**WORDS, **said, **BOXES}, [], now=at)
        subject = subject_of(receipt.hand_in_id)
        for judge, given in zip(judges, points, strict=False):
            declare(db, subject, judge, is_tied=False, now=now)
            marks = {part.key: Mark(Fraction(text)) for part, text in zip(template.marked, given.split(), strict=True)}
            keep_marks(db, (subject, receipt.version), judge, marks, is_final=True, now=now)
    code, en, zh = DRAFT
    save_draft(db, code, {"company_en": en, "company_zh": zh, "goals": WORDS["goals"]}, at)


def _judges(db: Connection, now: datetime) -> list[str]:
    names = ((JUDGE, "Demo judge"), (OTHER_JUDGE, "Second demo judge"))
    found = []
    for username, name in names:
        account = users.user_named(db, username)
        if account is None:
            secret = passwords.hashed(passwords.generated())
            new = accounts.add_account(db, username=username, name=name, role=Role.JUDGE, password_hash=secret, now=now)
            found.append(new.id)
        else:
            found.append(account.id)
    return found
