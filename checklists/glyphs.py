"""Which characters the one font of the app and of printed papers draws: staff paste emoji and rare ones into notes.

GLY-1  Characters that this device draws as boxes are counted beside the words that hold them; the words are kept whole.
"""

from __future__ import annotations

import base64
import zlib
from functools import cache

# A bit for each character below U+30000, packed. Made anew with the font: a test compares the two.
_DRAWN = (
    "eNrtPH90FeWV30yGZIghGRCPsSAZKCv0tCuproUV8I2IW2zZY2rr0i7qi61HtutiOJuViI9kBonC/hI8tuKpBx7duofaVVN/AErIm7cqxS7WyNIa"
    "Nb5MFJeAj2QSQt4kb97M3fvNzHtvXvKCbM/+sT/m4ktmvvm++93f937x3SGEEMiDTArvoYpUVZAqQp4aqiAkRJ9ypERhCOmFGrwpITlg8V8elEr3"
    "VhDIOLDBLKGf7KrsTiwJIIAA/lsgXnKREyuI3NRH/nBOa4nP/76Qv/zSo6vIr1aJvBMXqjAcEKCoSzZUX4abiKR/x9WfnpEHxYXTCTHefptkKnpL"
    "5qL7O6iVz9l6HEARmCJMny4INIrQuxqMHrVIxzu1b/RUkc2Iv+H1+CDdp8xZX2wbh3Tx/4vij18n1u79jlQnvRKX+EIZFIWsnO18CrD98u91fhZb"
    "579jJ0p8UsskG+hsQbrKNygSZiaOEf4eQlYRUSECyxAFlc5L7gT8Vc6y4iOMQBRmnkiUf1q5ciEhlatw6ykLRXGFchNREC9HP+LML844xHxXvBfx"
    "lv8BEb5SO42bSjOXY48Kwey1wkFJcFghLCNKjJ9uesMLM9xkR3ekK0XnOcOUcuUz3CnCfIHc8g2kh5RSSlvr4m7moxOpvSHSKTxuw3I8fuhaUlrN"
    "kHoWaaybSRSRCLOR9XmMu6tQKLyFKwSy3XETxMXxUh2rcI+KovgIS0RRUOLX8Lwy9alaTz5kKiPmcSxgt7TOfGP1o+VX/Oi4lNNKCe9McDdgGEUQ"
    "RaScdWhlRdxsfiubFcB2/GzBqymzV7hicDirIztd1jkitCKivVTxrIORjjKcxNGEzxFxhsdTdQFPDi0KRUb19DARp5BSKqy8d3KoRWUK2SJ+SSK9"
    "whyBVJdLCxVp1c95ctX00vmKw6XkIuRwMVml7PWbHce41shTtRBCn/EMXSHEc0JmJM/miCgQhvd05gywLp56RwgiEXkO1SeJ88U6tCQicpwz5WGv"
    "xNnrLkUs/vCCexGBoRMFBzHDMoIXCJUpq4j0azq53lM62ekQw63aQhQUhLJwnuMbWxxqSvGjsExer+g8hGULKqqnobHrNquz/bnkaiCl/L9C5IZO"
    "edNbe7SGQeP6W+HZkK4u4F5OwIAJEO2xANqMZu7X1gsqdMO178K6M6at6dBenYTPLBms+W2bmuTVg2CldPMF04iYIKs/brpfVc2l5+02+dylR/bZ"
    "t++/ExpHITp2uRhp0sOdg8Nfhys/bDlvl8FhNap271gri3/edo2eDP9du/Z9ve9A9JWoqTbtOd99TjVnvvmRMSLfXn51qGuHDPr3PoQwIGkRvV8g"
    "oIJljMHtABqAeeNK0B/rsCF682kLuk1dH2ypHEhrEDpoy6E9Tsza1Wc3DcNoW8rSG4zd62TQNLCfN85Z9rmG0IdnD57d+kI0tNmaZlx5Wrd3bX+v"
    "DTLTOl4DdeUG6Plg/yCcAxnkyx4CA9oehxgsa2+x9c4aI6ndlzl1TIbdT19pZ86nDuy3n/zWi0fbL9t3P5ihU4k+OI7kQViO0Po4NqC1t5xuhMU0"
    "dG6FuxJgGx9SDj4DWbb0F9rNAdO6bMi0zI7NEehQu/sh88DYVtgMx0BreOQQyL9dftnfa8MQaewwvhCuV0MpgOSUX2nQKRrD7W+MGrp1Agw93PeN"
    "557eBUbD4RT+XNz5i9SZvlvUT+64K9UWuu/9u0PWq2YnNENC/XSO1Qw/SMkA+oke7YB1+PnMD5JXfg9OXBuLaaZec7R7GE7ZoZeM5NL+Q88zNrQA"
    "xMrha8v1DPxz3GwayexmKH+HQCuhv5vVf+j+3WkDcUMCNu5okdUnAbp09ZYjVkMfPN3U9JjakjjVKdeE5Y81G7pgbh1EzAyamzgKsMOMMARspGa4"
    "7Jdmn6pCl6lCyfeROvxPXhu3rQRYln7JX9TASRPUZ1TdaE6HR9WBxCJQo1Z3yjRl20r+5b70cKYjE4VZRvpgot9sGdXONgyHDlsQGoIzcmlMfcy2"
    "E5o8JBv7LtdBPw4r5Q8i2okQWEm9+SEYNJOpbUhUOq0enP4uoO1pkEFqa8SEtU6n9EVE8XTKhKj2mgbyvFEZRrrR2ADUKvFHlilrTlqsWn+PicYJ"
    "6bAdYVORHnychuQfLwPTRIbabntTTWEqHbMbzqqz4GeJb9Ys39G57ssv2jAgo1U889vOsHHumHW2/xVTTdyp7f5HkNsjqpkw9Vvt/XBSl1EozSqX"
    "0WhCtttg0cMAR/UR3LBMUjQwDEoDU/tRDEZUNDeAluWtonNlDuCTYz2XSskEwNtOHg9xJpoSZLpocp8VB0uzE2DIVi+dr8ES0MyuhGmfAy2qanLI"
    "sCA6bLS807LNTLfLQxYYlysmPNDyt3ZDt7wabM2AsN5sdHWBelA1oLNJNTY1mXpqbCAj3613Rfuh872EaZjQbxvXPSO3dO0KV70Pu3Z3Rs7idiFj"
    "m96ngQVaZsgIZbR+wHCjo4GEUlT4u1B6tgpySg/tB7PN0BftHgP4tnGmYwyMe0HVj1jXx6zMkb4PMovXHa6QQbUOgrYX7UuN2PByaPlvhrVdBhr9"
    "e53rW/767Iv9m5vusNMpNXxIWzRg/Ystj2X+BuNcK6jmL6CtA+zD9mty/3BU/qvhmiEd1GsPyzUbHoCSHnM4fVRVw+FDoParhmpvvC36UBpdxIii"
    "qhfVpDr7QTVkTW+EjUOJln+f1rxc1W7u32qPye/u3hdp1M0ovDFNQzfcUa5aA/GBRq1GRxu9xIImBuPN1FcsY2nNLw/cdKLnq1jORkG3F6T10LNm"
    "x+Lu2Ji9HCJNqeMDx2+A52RIHRkBGmJgQXcDwKey9Y5eFYuY9qCGgdKwd4PZBfdvRwWrVPeXgtaG4j1q2VGaghXFTWpurov3tUNoLInmdRrszTCM"
    "acA+OIp8A4wZZmOXmX7rkTXNPTv1kyN71qsvDKSuyxjDcuQlWdbXnNdjsR/f+5El32WktV0J9efQH0aLOrhPB+Mj7WCoyVqnZoz9/wZaC9rba2dr"
    "dBo1rmzFBIPpBpbG5RHVRr/XyGpl1PoMjc/SmE/QhTAOyJC2w1esTQO1Brqs7+aPNYjCGuRPW30Aw3k/AJrUrB9iWYp4k2E6Sdtm9kGyz5DhKBix"
    "E+gXLVr/puYPYxC9q3czNKn7ENesbrhD7b0V5MowjiRuHaSSNBfZ7Zq1DP1BDqPvWpkeWTXbMRCZsnX2fgw956Kmru26M2Xss0fg9Q8A+u6Co7at"
    "b+o5hFHB7unRd6TH7NSbqZvI5hgs1RK7f6ePPXfDt6HRML7ZGYEe+1V5jbnjdrDaMbj0g4ZeheEtSYk3+tXHdfnOZo3x1MLl/1qSHoDhVzaq+qKm"
    "AyqoqgXqftvG3CtbKizNznrXTCxanJJ/koTMe/qYqWpazXk4hWw1RDAyjKFO7DtRKP9hhm7+2jR7j2WYKU1H09mUso7RcKs5u/JPnfkYtI02cPL6"
    "IZBfM+yaXnvoSVuORE0k9vmXj+lH5DOH/nRQDakhG5JdGCvkTgxvXWqXdTnYVRiX0CHS5sGMnO7D3Pln6fVgNAKqavQIDY0hCNs0MCZN1J9mNuPO"
    "kUuRfURjyk4MM9RnE7iV9i0TjQS+PIR2aakHf9hBFeQViOVO0SNljwfeUVLpWG9q3SCftM+E5I9CjFMKbagZqVJDmbVjc2KwydTttbE1a9tBzsDV"
    "24w2K3krGkxTn3bJKevrTZql6jtBbu7RwbSG76tv0GEExrqTHZekodO0oiF3v+Ee0MLkfT22cePza0B7CdqgDUNspetLkbQVCsXS6Dwbh8G2GzFS"
    "GyAblmbVeKXksxocfQYe7xztsTFyHO3QYz2y1bTjxBPDGf1M29mm/rt/1r1ttMUIPfHTT+WOVyPtiAWsk7+5O1bjr+16r7Jj1qUjyYaT3clQjwZb"
    "MXpBDcZ31aaeCy1UXxg1feeoGE0KBgyPakMRa+QMZo+j/WGcdR9QZ+wxOkn94idG6DE+gAACCCCAAAIIIIAAApgAyudNqP2fQCUeC+wRW66c+MSG"
    "oiBnMpnZshzoN4AAAggggAACCCCAAAIIIIAAAggggAACCCCAAAIIIIAAAggggAD+rwBLiCRJxGnii3Nee9ky1v36dR1hxs8Xyr3uNtoH6Db408Y5"
    "3vsyxAqGKE73nUicKc7vT9ylcTq+hY6U01sRF1crWbx0niKVeu2CznBd9llukkTn8YTn5ipu7968Urf7UCK574v7QcqSRwouChnKXvg7V8UcAj4/"
    "qWC9UoCS8REpEE4chya/SCElyCZPuzrJdrKQrhQqKp2mUWU6ESXcSEQRPijSAQcBU0rijXTtjHeRHkGhQs12jZ66ScyRJ56uIoI0l5tNmVbm4g/6"
    "RW9Rqi/h6XOHA0RNxA2CQ8kyZ2G9R5dAlN6phJEQn6Bs3UqXbMjSvFDc4l5uKTAbnwQVnyRLmKw0pWWuDL1Wh3oqzuneFWVNov2+bp/kH7lTOCWv"
    "R2a89Cjn43TM8Wyhlp2tppSRhQoa2x2UX3w429licJan5hBtrd1DlHrn+/bMAlI5l3DSHKLwS9BGy5xGy9dpnzu3hCwQWmk7MKUGzX0qI/mMxbMX"
    "2gHKX7jvefxrMEoLeCB5G0KYLxQ1Yyk/B+XJOV2uTis1T3uJfVoRnGZcb8j3yNtHYgu3c1lgc97C+fxN8K2jHHJZOZcXwVGETQfmTRwSPUviCgcp"
    "T2weqUM6z3vt1r4gUWAE1b7Gbc5pu84Btd+Z2/O70B3o0tqcX/p0hjGLze3B+jxcord4qTiUTK7lAstEuUteWOLcpYXcrsxfxp0QMM99jBuwbCtZ"
    "yWaJchcJQrZLWSRXZLUjZWUkZVF75PHjgmYR9Qh+3nlqRBRdvdejLWSp5QujmMg50uO9N78oJU6EUubkaGCpYS9xmaVTkHylqDcImHNI7Z8wOUoZ"
    "r/NnQgRmXf2znIvI6y3vdalj3EXU5B/O6Ut0SHGshDbgM3vzvXCsy5jAuQgmeODFwoUWKFmhuiLhLnYPT9aVtG9dcV/gMehzM95hwUEeD3nzMRoh"
    "R4O+l3e4rT2eLJSanN27retKmbN+J6HJgYwy2ah5Q5ZqcQmbkzrtNMdkQweU6VLvzqyClgiioxzONSiXbJ6GlTgjYEITadt6qWcSojcNt3LTjSTk"
    "wk0p53ZwudmgIte2T8gMIq3K2YAv0TBFr7gsl4LP6IW8iygTlZNHwRV4dIGS2KrtJUIcfb86XuUQuGE7BwLZeb1SJRLmzYW18UuI9BVilxFp/psl"
    "Yi95uIwID6LSKmdv4ViFY8f5oFQkDE6sSOKe/Fl/9TEOXNIr/KaTF8je4kFJcMMO6pAlDDchLHBkkoqF5F7w4CkqO+st77KkUCFs3qHp/uWfW36K"
    "CuOSWTeZn8yjUnzwHmoYuaJL5HM1ps9KeB/51AElJ2JmBzm/GSiF78hRxIKtmVxR64lRKpSXMFlsxWIgPlm1KXhj1Q42wX0RiTvEZYl0K+sSn/aY"
    "C2UdqXCvSndIIFlP8mVvMlkN4qVc15mVgq80c3nUc3KD9VwxO2HYiokmmjOWarYI1SLaYVnBRsIXx583uAnXjOj3Km6iWynz3AdMvoeULahbq/36"
    "E3L1FZ06hR933mDd/F8QhbKscy5B9YL7MpIiIHILnTeQYGDmiRMM46KbtwpPEDd5vl/mFtNzp/r2y5RlZ7lEg+TRXcGQn3oycWKr1ErzuLcQioQA"
    "53Usineyixc85CvyauvNZnq8u4bkzLnWr3KRTDg0UW7m8vniRiquR258NOZ89lJ3wVAhFGyIB4l6xY1dLMnlc6FIMq4nHs952xaKxVTG44wrMF8h"
    "j4ojhdWpmGfVKVyzL2epz66UXFWXTTxFF5RZ42hiC51LycYMnubjbNgr5GDvBcQmTR57UXJStY8pzzJd+kuE/HrFPY261UB+bxya4tskXw940VSi"
    "mBWXSVF0q4FJ/Xs6P+ExmzW9Yjpj3Pf3iOOjWwWXf8+Pwn++RfEXUZmVSET4KnHKLTKNTEcp1f2EwZioSFjMrCSDVW4AqHTOmoTc+F0SX8TRVwHx"
    "pPRVlEMdQx50y5NrKFvzyc5SpUZU0GpqV/HMxCQ5n5vsWMUWhDMlf6TLHuSJ4Pgyq1yAI3GyPwVN5Z3MSK2gttb7ewElQMSDOvGus27yuXK7KMAd"
    "eGWifzCleye1Zsb9YwsrXNQGTNHSWxiXp5RxT5y3iWH0dh/tLcnZrnsqZcelukkEKkr/FQ3wkz3KnsspaVP9w5J/fpYVIVcvMD6fHh9QpGKBUPG5"
    "HSvyNyrO+mofclqm13pTRf+hM8sDjn9nvodKKfrnIvb388ICgfB+VFxhGR+8SjSAAAIIIIAAAggggAufhXgmVy8LhTV10XMDJ0zyv7r+18F/Amfa"
    "NY4="
)
# What follows or joins others and has no picture of its own.
_SILENT = frozenset({0x09, 0x0A, 0x0D, 0x200B, 0x200C, 0x200D, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF})


def is_drawn(letter: str) -> bool:
    """Has the font a picture of this character?"""
    code, bits = ord(letter), _bits()
    return code >> 3 < len(bits) and bool(bits[code >> 3] >> (code & 7) & 1)


def undrawn(words: str) -> str:
    """Return the characters of `words` that show as boxes, each once, in order."""
    if words.isascii():
        return ""
    return "".join(dict.fromkeys(letter for letter in words if not is_drawn(letter) and ord(letter) not in _SILENT))


@cache
def _bits() -> bytes:
    return zlib.decompress(base64.b64decode(_DRAWN))
