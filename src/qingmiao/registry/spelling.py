"""Names as people search for them: pinyin without tones, and initials. 曾国藩 is found by `zeng`, `zgf` and 曾."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

# Surnames read otherwise than the same character in the middle of a word.
SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "澹台": "tan tai",
    "令狐": "ling hu",
    "宰父": "zai fu",
    "乜": "nie",
    "仇": "qiu",
    "任": "ren",
    "冼": "xian",
    "区": "ou",
    "单": "shan",
    "员": "yun",
    "哈": "ha",
    "解": "xie",
    "尉": "wei",
    "尹": "yin",
    "曾": "zeng",
    "朴": "piao",
    "查": "zha",
    "燕": "yan",
    "盖": "ge",
    "相": "xiang",
    "祭": "zhai",
    "种": "chong",
    "秘": "bi",
    "缪": "miao",
    "繁": "po",
    "翟": "zhai",
    "臧": "zang",
    "华": "hua",
    "覃": "qin",
    "贾": "jia",
    "逄": "pang",
    "那": "na",
    "重": "chong",
    "郇": "xun",
    "都": "du",
    "长": "zhang",
    "阚": "kan",
    "隗": "wei",
    "黑": "he",
    "折": "she",
    "葛": "ge",
    "牟": "mu",
    "宓": "fu",
    "幺": "yao",
    "洗": "xian",
    "纪": "ji",
    "薄": "bo",
    "车": "che",
    "过": "guo",
}


class Spelling(NamedTuple):
    """`full` has the syllables run together (`zhangwei`), `initials` their first letters (`zw`)."""

    full: str
    initials: str


@lru_cache(maxsize=65_536)
def spelling(name: str) -> Spelling:
    """How `name` is typed by somebody who searches for it; Latin letters stay as they are, lower case."""
    if name.isascii():
        words = name.lower().split()
        return Spelling("".join(words)[:160], "".join(word[0] for word in words)[:24])
    before, after = _surname_first(name)
    return Spelling((before.full + after.full)[:160], (before.initials + after.initials)[:24])


def _surname_first(name: str) -> tuple[Spelling, Spelling]:
    for length in (2, 1):
        if (read := _SURNAMES_SPELLED.get(name[:length])) is not None:
            return read, _read(name[length:])
    return (_read(name[:1]), _read(name[1:])) if len(name) == 3 else (_read(name), _NOTHING)


@lru_cache(maxsize=65_536)
def _read(characters: str) -> Spelling:
    """The spelling of a part of a name; remembered, since a city of a million names has few given names."""
    from pypinyin import lazy_pinyin  # 60 ms to import: only whoever writes a name pays for it

    return _spelled(_letters(lazy_pinyin(characters)))


def _spelled(syllables: list[str]) -> Spelling:
    return Spelling("".join(syllables), "".join(syllable[0] for syllable in syllables))


def _letters(syllables: list[str]) -> list[str]:
    cleaned = ("".join(character for character in syllable.lower() if character.isalnum()) for syllable in syllables)
    return [syllable for syllable in cleaned if syllable]


_SURNAMES_SPELLED = {surname: _spelled(read.split()) for surname, read in SURNAMES.items()}
_NOTHING = Spelling("", "")
