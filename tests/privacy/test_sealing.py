"""Numbers at rest: sealed, found by a keyed hash, masked on the screen."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from qingmiao.privacy.masking import masked_name, masked_number, masked_phone
from qingmiao.privacy.sealing import Sealed, lookup_hash, seal, unseal

NUMBER = "239904199002062210"


def test_what_was_sealed_comes_back():
    assert unseal(seal(NUMBER)) == NUMBER


def test_sealing_twice_looks_different():
    assert seal(NUMBER) != seal(NUMBER)


@pytest.mark.parametrize("place", [0, 1, 20, -1])
def test_a_changed_byte_is_noticed(place: int):
    sealed = bytearray(seal(NUMBER))
    sealed[place] ^= 1
    with pytest.raises(InvalidTag):
        unseal(bytes(sealed))


def test_printing_a_sealed_number_shows_nothing():
    sealed = Sealed.of(NUMBER)
    assert NUMBER not in f"{sealed} {sealed!r} {[sealed]}"
    assert sealed.reveal() == NUMBER


def test_a_hash_finds_its_number_only_within_its_kind():
    assert lookup_hash("number", NUMBER) == lookup_hash("number", NUMBER)
    assert lookup_hash("number", NUMBER) != lookup_hash("phone", NUMBER)
    assert lookup_hash("number", NUMBER) != lookup_hash("number", NUMBER[:-1] + "1")
    assert len(lookup_hash("number", NUMBER)) == 16


@pytest.mark.parametrize(
    ("number", "shown"),
    [(NUMBER, "239904********2210"), ("PA5467344", "PA*****44"), ("1234", "****"), ("", "")],
)
def test_a_masked_number_can_be_checked_aloud_but_not_used(number: str, shown: str):
    assert masked_number(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"), [("13800001234", "138****1234"), ("0451-5551234", "045*****1234"), ("5551", "****")]
)
def test_a_masked_phone(phone: str, shown: str):
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(("name", "shown"), [("张三", "张*"), ("欧阳修", "欧**"), ("李", "李*"), ("", "")])
def test_a_board_shows_only_the_first_character(name: str, shown: str):
    assert masked_name(name) == shown
