"""SMT: letters given to a mail server, and what it says to each."""

from __future__ import annotations

import ssl
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from sync_server import clock
from sync_server.database.queries.letters import DueLetter, NewLetter
from sync_server.machine.tls import local_certificate
from sync_server.post.smtp import MailServer, message_of
from tests.builders import NOON
from tests.sync_server.mail_server import PASSWORD, USER, mail_server


def a_letter(key: str = "receipt/a/1", address: str = "chan@example.org", **changes: str) -> DueLetter:
    values = {
        "kind": "receipt", "about": "Peak", "name": "Chan 陳", "sender": "The association 協會",
        "reply_to": "secretariat@example.org", "subject": "Your enrolment / 參賽申請", "body": "Received.\n已收到。\n",
    }  # fmt: skip
    return DueLetter(NewLetter(key=key, address=address, **{**values, **changes}), NOON, 0)


def outcomes(server: MailServer, *letters: DueLetter) -> list[tuple[str, bool]]:
    return [(one.problem, one.is_final) for one in server.send(letters)]


def test_smt_2_a_letter_arrives_as_it_was_written_and_a_refused_one_stops_no_other() -> None:
    refuses = {"gone@example.org": "550 no such user", "full@example.org": "452 mailbox full"}
    letters = [
        a_letter("1", "gone@example.org"),
        a_letter("2", "full@example.org"),
        a_letter("3", "no address"),
        a_letter("4"),
    ]
    with mail_server(refuses) as taken:
        assert outcomes(MailServer.of(taken.url), *letters) == [
            ("refused", True),
            ("refused", False),
            ("address-wrong", True),
            ("", False),
        ]
    (message,) = taken.letters
    assert message["From"] == "The association 協會 <desk@award.example.org>"
    assert (message["To"], message["Reply-To"]) == ("Chan 陳 <chan@example.org>", "secretariat@example.org")
    assert message["Subject"] == "Your enrolment / 參賽申請"
    assert message.get_content().splitlines() == ["Received.", "已收到。"]


def test_a_header_holds_one_line_and_the_same_letter_the_same_id() -> None:
    forged = message_of(a_letter(subject="Hello\nBcc: all@example.org"), "desk@example.org")
    assert (forged["Bcc"], forged["Subject"]) == (None, "Hello Bcc: all@example.org")
    assert forged["Message-ID"] == message_of(a_letter(), "desk@example.org")["Message-ID"]


def test_smt_4_a_letter_in_chinese_is_ascii_in_short_lines_and_reads_as_it_was_written() -> None:
    letter = a_letter(subject="參賽申請已收到，請留意常見問題的提交限期" * 3, body="多謝參加。" * 300)
    sent = message_of(letter, "desk@example.org").as_bytes(policy=policy.SMTP)
    assert sent.isascii()
    assert max(map(len, sent.split(b"\r\n"))) <= 78
    read = message_from_bytes(sent, policy=policy.default)
    assert (read["Subject"], read.get_content().strip()) == (letter.letter.subject, letter.letter.body)


def test_smt_2_a_server_that_is_away_keeps_none_of_them() -> None:
    with mail_server() as taken:
        url = taken.url
    assert outcomes(MailServer.of(url), a_letter("1"), a_letter("2")) == [("no-connection", False)] * 2


@pytest.mark.parametrize(
    ("password", "is_trusted", "problem"),
    [
        pytest.param(PASSWORD, True, "", id="over STARTTLS"),
        pytest.param("wrong", True, "sign-in-refused", id="a wrong password"),
        pytest.param(PASSWORD, False, "certificate-not-trusted", id="a certificate nobody vouches for"),
    ],
)
def test_smt_1_a_password_travels_over_tls(tmp_path: Path, password: str, is_trusted: bool, problem: str) -> None:
    certificate = local_certificate(tmp_path / "ca", ["127.0.0.1"], now=clock.now())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    trusting = ssl.create_default_context(cafile=certificate.authority if is_trusted else None)
    trusting.verify_flags &= ~ssl.VERIFY_X509_STRICT
    with mail_server(tls=context) as taken:
        url = taken.url.replace("smtp://", f"smtp://{USER}:{password}@")
        assert outcomes(replace(MailServer.of(url), context=trusting), a_letter()) == [(problem, False)]
    assert taken.over_tls == ([] if problem else [True])


def test_smt_1_no_password_is_sent_where_no_tls_is_offered() -> None:
    with mail_server() as taken:
        server = MailServer.of(taken.url.replace("smtp://", f"smtp://{USER}:{PASSWORD}@"))
        assert outcomes(server, a_letter()) == [("tls-missing", False)]
    assert taken.letters == []
