"""Codes on vials: trace codes, GS1 in three spellings, lot numbers, and what must not be guessed."""

from datetime import date

import pytest

from qingmiao.stock.codes import SEPARATOR, CodeUnreadable, VialCode, has_right_check_digit, read_code

GTIN = "06901234567892"
FULL = VialCode(gtin=GTIN, lot="202103B0291", serial="77X", expires_on=date(2023, 3, 1))


@pytest.mark.parametrize(
    "scanned",
    [
        f"]d201{GTIN}1723030110202103B0291{SEPARATOR}2177X",
        f"01{GTIN}1723030110202103B0291{SEPARATOR}2177X",
        f"01{GTIN}2177X{SEPARATOR}10202103b0291{SEPARATOR}17230301",
        f"{SEPARATOR}01{GTIN}1723030110202103B0291{SEPARATOR}2177X",
        f"(01){GTIN}(17)230301(10)202103B0291(21)77X",
        f"]C101{GTIN}1723030110202103B0291{SEPARATOR}2177X\r\n",
    ],
)
def test_gs1_says_the_same_in_every_spelling(scanned: str):
    assert read_code(scanned) == FULL


def test_a_trace_code_names_the_product_and_nothing_else():
    code = read_code(" 84000012345678901234\n")
    assert (code.trace_code, code.trace_prefix, code.lot) == ("84000012345678901234", "8400001", "")


def test_a_lot_number_may_be_typed():
    assert read_code("202103b0291").lot == "202103B0291"


def test_day_zero_is_the_last_of_the_month():
    assert read_code(f"]d201{GTIN}17240200").expires_on == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("scanned", "why"),
    [
        ("", "form"),
        ("ab", "form"),
        ("李红梅的疫苗", "form"),
        ("84000012345678901234５", "form"),
        ("]d20106901234567891", "check_digit"),
        (f"]d201{GTIN}17231301", "date"),
        (f"]d201{GTIN}17230230", "date"),
        (f"]d201{GTIN}9923", "identifier"),
        (f"]d201{GTIN}172303", "length"),
        (f"]d201{GTIN}10", "length"),
        (f"]d201{GTIN}10{'X' * 21}", "length"),
        (f"]d210A{SEPARATOR}10B", "length"),
        (f"(01){GTIN}(17)23(0301", "brackets"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(scanned: str, why: str):
    with pytest.raises(CodeUnreadable) as refusal:
        read_code(scanned)
    assert refusal.value.why == why


def test_one_wrong_digit_in_a_gtin_is_always_found():
    for place in range(14):
        for digit in "0123456789":
            changed = GTIN[:place] + digit + GTIN[place + 1 :]
            assert has_right_check_digit(changed) is (changed == GTIN)
