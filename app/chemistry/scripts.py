"""Letters of other scripts that spellings use for one another, folded to one: a name borrowed from English has many.

Devanagari and Bengali write the same foreign vowel long or short, Arabic with or without hamza and article, katakana
with or without a long mark, Chinese in traditional or simplified characters.
"""

import re

_DIGITS = {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966, 0x9E6) for digit in range(10)}
_DEVANAGARI = dict(zip("ईऊऐऔऑएीूैौॉेँंटठडढणषश", "इउइओओइिुिोोिननतथदधनसस", strict=True)) | dict.fromkeys("़्", "")
_BENGALI = dict(zip("ঈঊঐঔএীূৈৌেঁংটঠডঢণষশঙ", "ইউইওইিুিোিননতথদধনসসন", strict=True)) | dict.fromkeys("়্", "")
_ARABIC = dict(zip("أإآٱىئیةؤکجث", "ااااييييوكغت", strict=True)) | {"ة": "ه", "ئ": "ي"}
_ARABIC |= dict.fromkeys([*map(chr, range(0x64B, 0x653)), "ـ", "\u200c", "\u200d"], "")
_KATAKANA = dict(zip("ァィゥェォャュョヮヂヅ", "アイウエオヤユヨワジズ", strict=True)) | dict.fromkeys("ー・", "")
_HAN = dict(
    zip(
        "鹼碱礆鈉鉀鈣錳過氫醯亞鹽塩偽僞麥黃紅銨環無鄰異純劑鎂羥對間噁內卤鹵濃發煙鹸燐樹萃釀銅鋅鐵銀鋁鋇鉛硃",
        "碱碱碱钠钾钙锰过氢酰亚盐盐伪伪麦黄红铵环无邻异纯剂镁羟对间恶内卤卤浓发烟碱磷树萃酿铜锌铁银铝钡铅朱",
        strict=True,
    )
)
_LETTERS = str.maketrans({**_DIGITS, **_DEVANAGARI, **_BENGALI, **_ARABIC, **_KATAKANA, **_HAN})

_GREEK = str.maketrans(
    {
        **dict(zip("αβγδεζηικλμνοπρσςτυω", "abgdeziiklmnoprsstyo", strict=True)),
        **{"θ": "th", "ξ": "x", "φ": "ph", "χ": "ch", "ψ": "ps"},
        **dict(zip("άέήίόύώϊϋΐΰ", "aeiioyoiyiy", strict=True)),
    }
)
_GREEK_WORD = re.compile(r"[\u0370-\u03ff]{3,}")
_GREEK_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^οξ(?:[υύ]|[εέ]οσ|[εέ]α)$", "acid"),
        ("^ανυδρ[ιί]τ[ηεω]σ?$", "anhydride"),
        ("[ιϊ]κ(?:[οόηή]σ?|ο[υύ])$", "ic"),
        ("α[ιί]", "e"),
        ("ο[υύ]", "u"),
        ("ευ|εύ", "eu"),
        ("eθ[εέ]ρασ?$", "ether"),
        ("(?:(?<=[λνδ])[ιί]ο|[ηή])$", "e"),
    )
)
"""Two vowels that are one, and ends that English writes otherwise: `φαινυλ` is `phenyl`, `κετόνη` `ketone`."""
_SPELLINGS = tuple(
    (re.compile(pattern), same)
    for pattern, same in (
        (r"अम्ल|ऐसिड|एसीड", "एसिड"),
        (r"ा[इई]ल", "िल"),
        (r"्यू", "ू"),
        (r"অ্যা|এ্যা|অ্য|এ্য", "এ"),
        (r"্যা", "া"),
        (r"াইল", "িল"),
        (r"(?<![\u0620-\u06ff])ال(?=[\u0620-\u06ff]{3})", ""),
        (r"حامض", "حمض"),
        (r"ヴ([ァィェォ])", r"ブ\1"),
        (r"ヴ", "ブ"),
        (r"ティ", "チ"),
        (r"ディ", "ジ"),
        (r"りん", "リン"),
        ("\u03c5\u0308\u0301", "ΰ"),
        ("\u03b9\u0308\u0301", "ΐ"),
    )
)


def plain_scripts(text: str) -> str:
    """Return a text whose Indic, Arabic, Greek, Japanese and Chinese letters are folded to one spelling.

    Args:
        text: text in lower case and NFKC; what is Latin or Cyrillic comes back as it is.

    Returns:
        `एसीटोन` and `ऐसिटोन` alike, `الأسيتون` and `اسيتون` alike, `過錳酸鉀` and `过锰酸钾` alike, `ακετόνη` as
        `aketone`.
    """
    for pattern, same in _SPELLINGS:
        text = pattern.sub(same, text)
    text = _GREEK_WORD.sub(_latin_of_greek, text)
    return text.translate(_LETTERS)


def _latin_of_greek(found: re.Match[str]) -> str:
    word = found.group()
    for pattern, sound in _GREEK_SOUNDS:
        word = pattern.sub(sound, word)
    return word.translate(_GREEK)
