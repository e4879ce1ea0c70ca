"""ENC: the encoding of a file, decided by what it says or asked for, never guessed."""

from __future__ import annotations

import random

import pytest

from sync_server.exchange.csv.encoding import Decoded, Doubt, decoded

HEAD = "entrant,faq,question_en,answer_en,answer_zh\n"
CHINESE = HEAD + "hb,f1,Which card?,Bring your card,請帶同信用咭及身份證到中環分行辦理，職員會協助你。\n"
CANTONESE = HEAD + "hb,f1,Where?,There,鰂魚涌嗰間舖頭喺邊度？佢哋話冇嘢賣㗎，啲職員好唔錯。\n"
SIMPLIFIED = HEAD + "hb,f1,Which card?,Bring your card,请带同信用卡及身份证到中环分行办理，职员会协助你。\n"
ENGLISH = HEAD + "hb,f1,Which card?,Bring the customer’s card to the café – it’s “free”,\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(CHINESE, "utf-8", id="ENC-1 UTF-8"),
        pytest.param(CHINESE, "utf-8-sig", id="ENC-1 UTF-8 with a mark"),
        pytest.param("\ufeff" + CHINESE, "utf-8-sig", id="ENC-1 two marks"),
        pytest.param(CHINESE, "utf-16", id="ENC-1 UTF-16 with a mark"),
        pytest.param(CHINESE, "utf-16-le", id="ENC-1 UTF-16 without one"),
        pytest.param(CHINESE, "utf-16-be", id="ENC-1 UTF-16, the other order"),
        pytest.param(CHINESE, "utf-32", id="ENC-1 UTF-32"),
        pytest.param(CHINESE, "big5", id="ENC-2 Big5"),
        pytest.param(CANTONESE, "big5hkscs", id="ENC-2 Big5 with Hong Kong's characters"),
        pytest.param(CHINESE.replace("職員", "職員€"), "cp950", id="ENC-2 Windows' Big5 with its euro sign"),
        pytest.param(SIMPLIFIED, "gb18030", id="ENC-2 Simplified Chinese"),
        pytest.param(CHINESE, "gb18030", id="ENC-2 Traditional Chinese saved in GB18030"),
        pytest.param(ENGLISH, "cp1252", id="ENC-2 an English Windows"),
        pytest.param(ENGLISH, "mac_roman", id="ENC-2 an old Mac"),
        pytest.param(HEAD + "hb,f1,Which?,Bring the customer’s card,\n", "cp1252", id="ENC-2 one apostrophe"),
        pytest.param(HEAD + "hb,f1,a,£5 or €5,\n", "cp1252", id="ENC-2 signs of money"),
    ],
)
def test_an_encoding_that_is_clear_is_taken(text: str, encoding: str) -> None:
    read = decoded(text.encode(encoding))
    assert isinstance(read, Decoded)
    assert read.text == text.lstrip("\ufeff")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(HEAD + "hb,f1,a,café,\n", "mac_roman", id="ENC-3 one letter that is a sign elsewhere"),
        pytest.param("assessor,name\nA-1,赵磊\n", "gb18030", id="ENC-3 one name"),
        pytest.param("assessor,name\nA-1,陳大文\n", "big5", id="ENC-3 one name in Big5"),
        pytest.param("assessor,name\nA-1,然探石\n", "gb18030", id="ENC-3 characters that are UTF-8 by chance"),
        pytest.param(HEAD + "hb,f1,a,Señor Müßig,\n", "mac_roman", id="ENC-3 names with accents"),
    ],
)
def test_an_encoding_in_doubt_is_asked_for_and_the_right_one_is_offered(text: str, encoding: str) -> None:
    doubt = decoded(text.encode(encoding))
    assert isinstance(doubt, Doubt)
    assert len(doubt.readings) > 1
    assert text in doubt.readings.values()
    chosen = next(name for name, reading in doubt.readings.items() if reading == text)
    assert decoded(text.encode(encoding), chosen) == Decoded(text, chosen)


def cells(*words: str) -> str:
    return HEAD + "".join(f"hb,f{number},Which?,There,{word}\n" for number, word in enumerate(words))


JAPANESE = cells("カードをご持参のうえ、中環支店までお越しください。", "職員がお手伝いします。")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(JAPANESE, "cp932", id="Shift_JIS"),
        pytest.param(cells("田中太郎", "鈴木一郎", "佐藤花子", "高橋健太"), "shift_jis", id="Shift_JIS names"),
        pytest.param(JAPANESE, "euc_jp", id="EUC-JP"),
        pytest.param(JAPANESE, "iso2022_jp", id="ISO-2022-JP, all of it ASCII"),
        pytest.param(cells("김민수", "이영희", "박지훈", "최은정"), "cp949", id="EUC-KR names"),
        pytest.param(cells("Принесите карту в отделение банка."), "cp1251", id="a Russian Windows"),
        pytest.param(cells("Принесите карту в отделение банка."), "koi8_r", id="KOI8-R"),
        pytest.param(cells("Φέρτε την κάρτα σας στο υποκατάστημα."), "cp1253", id="a Greek Windows"),
        pytest.param(cells("กรุณานำบัตรมาที่สาขา"), "cp874", id="a Thai Windows"),
        pytest.param(cells("يرجى إحضار البطاقة إلى الفرع."), "cp1256", id="an Arabic Windows"),
        pytest.param(cells("请带同信用卡及身份证"), "hz", id="HZ, all of it ASCII"),
        pytest.param(cells("請帶同信用咭"), "utf_7", id="UTF-7, all of it ASCII"),
    ],
)
def test_enc_4_an_encoding_from_abroad_is_asked_for_and_offered(text: str, encoding: str) -> None:
    doubt = decoded(text.encode(encoding))
    assert isinstance(doubt, Doubt)
    assert text in doubt.readings.values()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(cells("Señor pays 5€ at the café"), "iso8859_15", id="a euro sign that is another sign"),
        pytest.param(cells("Proszę przynieść kartę do oddziału, życzę miłego dnia"), "cp1250", id="a Polish Windows"),
        pytest.param(cells("Bring it to the café for £5"), "cp437", id="an old PC"),
        pytest.param(cells("Принесите карту в отделение банка."), "cp866", id="an old Russian PC"),
    ],
)
def test_enc_4_what_is_looked_for_in_vain_is_asked_for(text: str, encoding: str) -> None:
    assert isinstance(decoded(text.encode(encoding)), Doubt)


@pytest.mark.parametrize(
    "text", [pytest.param("a,b\n+852 2004,~ 5 {x}\n", id="signs"), pytest.param("a,b\n+ABC-,1+1=2\n", id="a code")]
)
def test_plain_ascii_is_no_other_encoding(text: str) -> None:
    assert decoded(text.encode()) == Decoded(text, "utf-8")


def test_enc_3_a_doubt_shows_the_cells_that_differ_in_each_reading() -> None:
    doubt = decoded("assessor,name\nA-1,赵磊\nA-2,Ann\n".encode("gb18030"))
    assert isinstance(doubt, Doubt)
    assert doubt.samples()["gb18030"] == ("赵磊",)
    assert {len(cells) for cells in doubt.samples().values()} == {1}
    many = Doubt({"gb18030": "赵磊,钱敏,a\n孙,李,b", "cp1252": "Àâ,Ç®,a\nËï,Àî,b"})
    assert many.samples() == {"gb18030": ("赵磊", "钱敏", "孙"), "cp1252": ("Àâ", "Ç®", "Ëï")}


SURNAMES = {"big5hkscs": "陳李張黃何王吳劉林葉", "gb18030": "陈李张黄何王吴刘林叶"}
GIVEN = {
    "big5hkscs": "明華文家偉嘉志俊傑麗美玲珍慧敏詩欣怡鋆煒焯",
    "gb18030": "明华文家伟嘉志俊杰丽美玲珍慧敏诗欣怡鋆炜焯",
}


@pytest.mark.parametrize("encoding", ["big5hkscs", "gb18030"])
@pytest.mark.parametrize("names", [1, 2, 4, 10])
def test_enc_3_random_names_are_right_or_asked_for(encoding: str, names: int) -> None:
    chance = random.Random(names)
    for _ in range(40):
        picked = [chance.choice(SURNAMES[encoding]) + "".join(chance.sample(GIVEN[encoding], 2)) for _ in range(names)]
        text = "assessor,name\n" + "".join(f"A-{number},{name}\n" for number, name in enumerate(picked))
        read = decoded(text.encode(encoding))
        assert text in (read.readings.values() if isinstance(read, Doubt) else [read.text])
        assert isinstance(read, Decoded) or names < 10, "ten names are enough to decide by"


@pytest.mark.parametrize(
    "content", [pytest.param(b"\xff\xfe\x00", id="broken UTF-16"), pytest.param(b"\xef\xbb\xbf\xff", id="broken UTF-8")]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        decoded(content)
