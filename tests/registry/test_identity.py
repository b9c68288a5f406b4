"""Document numbers: GB 11643 and its neighbours."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingmiao.registry.identity import NumberKind, NumberReader, Sex, check_character, masked

READER = NumberReader(date(2021, 4, 10))


def number(birth: str, sequence: str = "001", region: str = "239901") -> str:
    first = f"{region}{birth}{sequence}"
    return first + check_character(first)


def test_a_valid_number_gives_birth_and_sex():
    found = READER.read("239901197108164882")
    assert (found.key, found.fault) == ("239901197108164882", "")
    assert date.fromordinal(found.birth) == date(1971, 8, 16)
    assert found.sex is Sex.FEMALE


@given(st.dates(date(1900, 1, 1), date(2021, 4, 10)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_single_digit_changed_is_noticed(born, sequence, at, step):
    right = number(f"{born:%Y%m%d}", f"{sequence:03d}")
    digit = "0123456789X".index(right[at])
    wrong = right[:at] + "0123456789X"[(digit + step) % (11 if at == 17 else 10)] + right[at + 1 :]
    assert READER.read(right).fault == ""
    assert wrong == right or READER.read(wrong).fault in {"id_checksum", "id_format"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (number("19710230"), "id_format"),  # no 30 February
        (number("18991231"), "id_format"),  # before 1900
        (number("20210411"), "id_format"),  # after the as-of day
        ("2399011971081648", "id_format"),
        ("23990119710816488O", "id_format"),
        ("身份证丢失", "id_format"),
        ("2.39901E+17", "id_precision_lost"),
        ("12345678", "id_format"),
    ],
)
def test_what_is_no_number_is_no_key(text, fault):
    found = READER.read(text)
    assert (found.key, found.fault) == (None, fault)


def test_a_wrong_check_digit_stays_a_key_but_tells_nothing():
    found = READER.read("239901197108164880")
    assert (found.key, found.fault) == ("239901197108164880", "id_checksum")
    assert (found.birth, found.sex) == (0, None)


def test_fifteen_digits_become_eighteen():
    found = READER.read("239901710816488")
    assert (found.key, found.fault) == ("239901197108164882", "id_15_digit")
    assert found.sex is Sex.FEMALE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("H12345678", NumberKind.HK_MACAO_PERMIT),
        ("M1234567890", NumberKind.HK_MACAO_PERMIT),
        ("PA1234567", NumberKind.PASSPORT),
        ("E12345678", NumberKind.PASSPORT),
    ],
)
def test_permits_and_passports_are_keys(text, kind):
    assert READER.read(text)[:2] == (text, kind)


def test_a_taiwan_permit_needs_the_row_to_say_so():
    assert READER.read("12345678").key is None
    assert READER.read("12345678", NumberKind.TAIWAN_PERMIT).key == "12345678"


def test_digits_a_spreadsheet_left_still_hold_the_birth_day():
    found = READER.truncated("239901197108164000")
    assert (found.surviving, found.key) == ("239901197108164", None)
    assert date.fromordinal(found.birth) == date(1971, 8, 16)


def test_a_masked_number_keeps_ten_characters_at_most():
    assert masked("239901197108164882") == "239901********4882"
    assert masked("PA1234567") == "PA*****67"
