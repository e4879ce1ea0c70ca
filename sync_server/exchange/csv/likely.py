"""How likely a reading of a file is: each non-ASCII character by how common it is, and by what stands around it.

Counted once each: a word that stands in every row is no more evidence than a word that stands once. The first ENOUGH
are looked at: what they do not tell, a million more would not.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from math import log

# The commonest characters of our own texts, of surnames and given names of Hong Kong, and of Simplified Chinese.
_FREQUENT = frozenset(
    "的有請分不一或時及員用次評沒已服以審間個數可職機錄回出接行會務在通單作案並內開此所碼合未號音話於人中為本最提到對項問資前目上後需查其由選"
    "只位表料期題如客檔要取與存成示入部計是下戶答無結保能記你參手須名新字使登同寫收這電明式格完供設器線正程留天地動容即法候任日定交語至列過試每"
    "再安送第按份改多之首理整文確連重處相得全道應說見何清填先傳非版秒進置三費而網比常面更情兩統原方小獲致者知我度大訪現核均限實頁備該月場除代始"
    "證另意告必元準認來則求自將否因失被工身址公裝顯業件退但關他續空物條加樣編少看主帳言平二六總事停止等別規決十起去五年助離路片性書約讀步港例優"
    "管門感信錯高外生做子基金向銀息頭從月變店幣張心英才票卡持撤市種協好令街禮口帶親樓社保態佳庫體待嗎旅花價車房廣灣環島新界九龍香荃沙田元朗"
    "陳李黃何王吳劉林葉楊梁鄭周許郭馬徐朱羅胡孫曹鄧蘇盧蔡潘彭曾蕭董袁余程呂丁沈姚鍾姜譚陸范汪廖石江馮簡容麥霍湯莫孔戴嚴錢萬邵龔賀陶歐雷薛侯邱秦"
    "華家偉嘉志俊傑麗美玲珍慧敏詩欣怡婷雯穎芳芬秀蘭梅燕鳳娟淑儀君樂浩軒宇恆健強國榮輝添福祥德仁智勇永康達興雄峰海波濤思靜雅寶珠玉瑩晴彥澤謙宏卓然"
    "们这个来说时国对会过发后样还动经么现实开点从当学种进应长间产电机务员议题话请问办处证单联系户银险费邮网线际报货购码环优质设备图书馆陈张刘吴"
    "杨赵黄郑罗谢许邓冯萧苏叶卢钟谭陆韦邹龙欧顾严汤关马丽华伟杰军红建刚兰凤洁云莲荣爱东南西北京深圳广州门铺号楼层区级别观众气热红绿蓝白黑"
    "我你他她它了着那什吗呢吧啊没很都也就和让把给被跟向往里边上下左右百千万亿元角店铺"
    "嘅咗啲喺嗰哋佢唔咁嚟冇乜嘢睇俾畀邨鰂涌埗筲箕深水"
)
MARKS = frozenset("、。，！？：；「」『』《》〈〉（）【】〔〕…—–～·‧　“”‘’％＄＆＋－／＝｜○●★☆※＊")
_WESTERN_MARKS = frozenset("“”‘’–—…•€£®™©°·½¼×\u00a0")
_SIGNS = frozenset("§±¢¥«»¿¡²³µ÷")
_LETTERS = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽŸ")
_ANY_WESTERN = _WESTERN_MARKS | _SIGNS | _LETTERS | frozenset("¨´¸ªº¹¶ˆ˜‹›‚„…†‡‰¾ƒÐðÞþÝ")
ENOUGH = 20_000
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_ENDINGS = ("s", "t", "re", "ve", "ll", "d", "m")

_OFTEN, _COMMON, _RARE, _STRANGE, _WRONG = log(0.6), log(0.35), log(0.04), log(0.003), log(0.0005)
_INSIDE_A_WORD = log(0.003)


def likelihood_of_chinese(text: str) -> float:
    """Return the logarithm of how likely the characters of `text` are in a Chinese or mixed text."""
    weights: dict[str, float] = {}
    for match in islice(_NOT_ASCII.finditer(text), ENOUGH):
        at, letter = match.start(), match[0]
        weight = _in_chinese(letter)
        before = text[at - 1] if at else " "
        if "a" <= before <= "z" and is_han(letter):
            weight += _INSIDE_A_WORD
        weights[letter] = min(weight, weights.get(letter, 0.0))
    return sum(weights.values())


def likelihood_of_latin(text: str) -> float:
    """Return the logarithm of how likely the characters of `text` are in English with a few accents."""
    weights: dict[tuple[str, str, str], float] = {}
    padded = f" {text}  "
    for match in islice(_NOT_ASCII.finditer(padded), ENOUGH):
        at, letter = match.start(), match[0]
        around = (padded[at - 1], letter, padded[at + 1])
        if around not in weights:
            weights[around] = _in_latin(padded, at)
    return sum(weights.values())


def is_wrong_in_latin(text: str) -> bool:
    """Whether a character stands there that no English text has: the text is in another encoding."""
    return any(match[0] not in _ANY_WESTERN for match in islice(_NOT_ASCII.finditer(text), ENOUGH))


@lru_cache(maxsize=30_000)
def _in_chinese(letter: str) -> float:
    if letter in _FREQUENT:
        return _OFTEN
    if letter in MARKS or "！" <= letter <= "～":
        return _COMMON
    if not is_han(letter):
        return log(0.02) if letter in "€£°×±½®©é" else _WRONG
    if _row(letter, "big5", 0xA4, 0xC6) or _row(letter, "gb2312", 0xB0, 0xD7):
        return _COMMON
    return _RARE if _row(letter, "big5hkscs", 0xA1, 0xFE) else _STRANGE


def _in_latin(text: str, at: int) -> float:
    before, letter, after = text[at - 1], text[at], text[at + 1]
    is_inside = before.isalpha() and after.isalpha()
    if letter == "’" and before.isascii() and is_inside:
        word = text[at + 1 : at + 4].split(" ", maxsplit=1)[0].rstrip(".,;:!?\r\n\"'")
        return log(0.9) if word in _ENDINGS else log(0.3)
    if letter in _WESTERN_MARKS:
        return log(0.01) if is_inside and letter not in "–—·’" else log(0.5)
    if letter in _SIGNS:
        return _STRANGE if is_inside else log(0.02)
    if letter not in _LETTERS:
        return _WRONG
    beside = before.isascii() and before.isalpha(), after.isascii() and after.isalpha()
    if letter.islower():
        return log(0.25) if any(beside) and not (before.isupper() and after.isupper()) else _STRANGE
    begins = not before.isalpha() and beside[1]
    is_capital = before.isupper() or (beside[1] and after.isupper())
    return log(0.05) if begins or is_capital else _WRONG


def is_frequent(letter: str) -> bool:
    """Whether it is one of the commonest Chinese characters."""
    return letter in _FREQUENT


def is_han(letter: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u3400" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or "\U00020000" <= letter <= "\U0003ffff"


def _row(letter: str, encoding: str, first: int, last: int) -> bool:
    try:
        raw = letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and first <= raw[0] <= last
