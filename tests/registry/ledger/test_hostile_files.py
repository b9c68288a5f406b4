"""Files that must be refused, with a reason, or survived."""

import io
import struct
import zipfile
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter
import xlwt

A = "239901197108164882"
HEADER = ["姓名", "身份证号", "联系电话", "备注"]


def workbook(path: Path, rows: list[list[object]], **options: object) -> Path:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, **options})
    sheet = book.add_worksheet("台账")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    book.close()
    return path


def repacked(source: Path, target: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return target


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    return workbook(tmp_path / "honest.xlsx", [HEADER, ["张湉", A, "16412345678", ""]])


@pytest.fixture
def refusal(plan_files):
    def refused(path: Path) -> str:
        found = plan_files(path).of()
        assert found["outcome"] == "refused"
        assert found["totals"]["rows_read"] == found["totals"]["people_created"] == 0
        assert [p["code"] for p in found["problems"]] == [found["code"]]
        return found["code"]

    return refused


def bomb(honest: Path, target: Path, part: str, head: bytes, unit: bytes, tail: bytes) -> Path:
    body = head + unit * (40_000_000 // len(unit)) + tail
    return repacked(honest, target, {part: body})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def test_a_bomb_of_one_letter(tmp_path, honest, refusal):
    cell = SHEET + b'<row r="1"><c r="A1" t="inlineStr"><is><t>'
    tail = b"</t></is></c></row></sheetData></worksheet>"
    path = bomb(honest, tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", cell, b"A", tail)
    assert refusal(path) == "file_inflates_too_much"


def test_a_bomb_of_tiny_rows(tmp_path, honest, refusal):
    rows, tail = b"<row><c><v>0</v></c></row>", b"</sheetData></worksheet>"
    path = bomb(honest, tmp_path / "rows.xlsx", "xl/worksheets/sheet1.xml", SHEET, rows, tail)
    assert refusal(path) == "file_inflates_too_much"


def test_a_bomb_among_the_shared_strings(tmp_path, honest, refusal):
    path = bomb(honest, tmp_path / "strings.xlsx", "xl/sharedStrings.xml", b"<sst><si><t>", b"A", b"</t></si></sst>")
    assert refusal(path) == "file_inflates_too_much"


def test_a_bomb_whose_directory_lies_about_its_size(tmp_path, honest, refusal):
    cell, tail = SHEET + b"<row><c><v>", b"</v></c></row></sheetData></worksheet>"
    path = bomb(honest, tmp_path / "forged.xlsx", "xl/worksheets/sheet1.xml", cell, b"1", tail)
    content = bytearray(path.read_bytes())
    at = content.rfind(b"xl/worksheets/sheet1.xml")
    struct.pack_into("<I", content, at - 46 + 24, 4096)
    path.write_bytes(content)
    assert refusal(path) == "file_inflates_too_much"


def test_a_wrong_checksum_is_damage(tmp_path, honest, refusal):
    content = bytearray(honest.read_bytes())
    at = content.rfind(b"xl/worksheets/sheet1.xml")
    struct.pack_into("<I", content, at - 46 + 16, 1)
    (tmp_path / "crc.xlsx").write_bytes(content)
    assert refusal(tmp_path / "crc.xlsx") == "file_damaged"


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_a_document_type_in_any_part_is_refused(tmp_path, honest, refusal, part):
    with zipfile.ZipFile(honest) as book:
        body = book.read(part)
    declared = body.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">]>', 1)
    assert refusal(repacked(honest, tmp_path / "dtd.xlsx", {part: declared})) == "file_dangerous_xml"


def test_a_part_outside_the_package_is_refused_and_not_written(tmp_path, honest, refusal):
    path = repacked(honest, tmp_path / "slip.xlsx", {"../slipped.txt": b"x"})
    assert refusal(path) == "file_damaged"
    assert not (tmp_path.parent / "slipped.txt").exists()


def test_a_cut_off_upload_is_damage(tmp_path, honest, refusal):
    path = tmp_path / "cut.xlsx"
    path.write_bytes(honest.read_bytes()[:-2000])
    assert refusal(path) == "file_damaged"


def test_a_workbook_with_a_password(tmp_path, honest, refusal):
    locked = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(honest.read_bytes())).encrypt("secret", locked)
    path = tmp_path / "locked.xlsx"
    path.write_bytes(locked.getvalue())
    assert refusal(path) == "file_password_protected"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf\r\n ,,\r\n", "file_empty"),
        (b"MZ\x90\x00" + bytes(100), "file_not_spreadsheet"),
        (b"%PDF-1.7", "file_not_spreadsheet"),
        (b"<html><table><tr><td>x", "file_not_spreadsheet"),
        (b"PK\x03\x04 not a zip", "file_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_not_spreadsheet"),
        ("姓名,身份证号,联系电话\n".encode("gb18030") + b"\xff\xff\xff", "file_damaged"),
        (",".join(["姓名", "身份证号", "联系电话", *"x" * 16_400]).encode(), "too_many_columns"),
        ("随便,什么,都有\n1,2,3\n".encode(), "header_not_found"),
    ],
)
def test_the_content_decides_whatever_the_name(tmp_path, refusal, content, code):
    for suffix in (".xlsx", ".csv"):
        path = tmp_path / f"file{suffix}"
        path.write_bytes(content)
        assert refusal(path) == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_any_encoding_and_with_any_delimiter(tmp_path, plan_files, encoding, mark):
    path = tmp_path / "text.csv"
    path.write_bytes((mark.join(HEADER) + "\r\n" + mark.join(["万\u4dae", A, "16412345678", ""])).encode(encoding))
    found = plan_files(path)
    assert found.clean(2, "name") == "万\u4dae"
    assert found.codes() == []


def test_old_workbooks_are_read_and_lost_digits_seen(tmp_path, plan_files):
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("台账")
    for j, header in enumerate(HEADER):
        sheet.write(0, j, header)
    for j, value in enumerate(["张湉", float(239901197108164000), 16412345678.0]):
        sheet.write(1, j, value)
    path = tmp_path / "old.xls"
    book.save(str(path))
    found = plan_files(path)
    assert [code for _, _, code in found.codes()] == ["id_precision_lost"]
    assert found.clean(2, "phone") == "16412345678"


def test_two_header_rows_and_vertical_merges(tmp_path, plan_files):
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.merge_range("A1:F1", "登记表")
    for column, header in enumerate(["姓名", "身份证号", "单位"]):
        sheet.merge_range(1, column, 2, column, header)
    sheet.merge_range("D2:E2", "第一针")
    sheet.write_row("D3", ["日期", "批号"])
    sheet.write_row("A4", ["张湉", A])
    sheet.write_row("A5", ["李一", "23990419690607865X"])
    sheet.merge_range("C4:C5", "蓝鲸网吧")
    sheet.write("D5", "2021-03-01")
    sheet.set_row(4, None, None, {"hidden": True})
    book.close()
    found = plan_files(path)
    assert found.codes() == [(5, "第一针批号", "lot_missing")]
    assert [found.clean(row, "unit") for row in (4, 5)] == ["蓝鲸网吧", "蓝鲸网吧"]


def test_formulas_give_their_cached_value_and_links_are_not_followed(tmp_path, plan_files, honest):
    path = tmp_path / "formula.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.write_row("A1", HEADER)
    sheet.write_formula("A2", '="张"&"湉"', None, "张湉")
    sheet.write_row("B2", [A, "16412345678"])
    book.close()
    rels = b'<Relationships><Relationship Id="rId1" Target="http://ledger.invalid/x.xlsx"/></Relationships>'
    linked = repacked(
        path,
        tmp_path / "linked.xlsx",
        {
            "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
            "xl/externalLinks/_rels/externalLink1.xml.rels": rels,
        },
    )
    found = plan_files(linked)
    assert found.codes() == [(None, None, "external_link_ignored"), (2, "姓名", "formula_cell")]
    assert found.clean(2, "name") == "张湉"


def test_formatting_is_no_row_and_gaps_are_blank_rows(tmp_path, plan_files):
    path = tmp_path / "gaps.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    sheet.write_row("A1", HEADER)
    sheet.write_row("A4", ["张湉", A])
    for row in range(4, 500):
        sheet.write_blank(row, 0, None, book.add_format({"border": 1}))
    book.close()
    found = plan_files(path)
    assert found.codes() == [(2, None, "blank_row_skipped"), (3, None, "blank_row_skipped")]


def test_a_file_that_breaks_late_leaves_nothing_behind(tmp_path, plan_files):
    good = ",".join(HEADER) + "\n" + "".join(f"张湉,{A},16412345678,\n" for _ in range(1200))
    late, other = tmp_path / "late.csv", tmp_path / "other.csv"
    late.write_text(good + "x," * 17_000)
    other.write_text(",".join(HEADER) + f"\n张湉,{A},16412345678,\n")
    found = plan_files(late, other)
    assert found.of("late.csv")["code"] == "too_many_columns"
    assert found.of("other.csv")["totals"]["people_created"] == 1


def test_an_unclosed_quotation_mark_swallows_nothing_silently(tmp_path, plan_files):
    path = tmp_path / "quote.csv"
    path.write_text(",".join(HEADER) + f'\n张湉,{A},16412345678,"夜班\n李一,23990419690607865X,16412345679,\n')
    found = plan_files(path).of()
    assert found.get("code") == "file_damaged"
