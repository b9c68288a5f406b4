"""The liaison's import pages: upload, review, decide, write, undo; three strangers."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.village import Village

from qingmiao.registry.models import LedgerImport, LedgerRow, Person

pytestmark = pytest.mark.django_db

A, B = "239901197108164882", "23990419690607865X"
ROSTER = f"""姓名,身份证号,联系电话,单位,内部编号
张湉雨,{A},16412345678,星海网吧,=1+1
李一鸣,{A},16412345679,金麦歌厅,
王二,,1641234567,飞鱼网吧,
"""
LIST = f"""姓名,证件号码,疫苗名称,批号,剂次,接种时间
张湉雨,{A},新冠疫苗(Vero细胞),L1,1,2021-04-08
赵外,{B},新冠疫苗(Vero细胞),L1,1,2021-04-08
"""


@pytest.fixture
def signed_in(village: Village):
    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(village.users[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def send(client: Client, village: Village, text: str = ROSTER):
    file = SimpleUploadedFile("roster.csv", text.encode("gb18030"))
    data = {
        "ledgers": file,
        "place": village.bureau.pk,
        "as_of": "2021-04-10",
        "request_id": "8f14e45f-ceea-467f-a9e0-8f14e45fceea",
    }
    return client.post(reverse("liaison:imports"), data)


def test_the_whole_way_from_a_file_to_the_ledger_and_back(signed_in, village):
    client = signed_in("zhaoqian")
    assert 'name="ledgers"' in client.get(reverse("liaison:imports")).content.decode()
    review = send(client, village)["Location"]
    found = LedgerImport.objects.get()
    page = client.get(review).content.decode()
    assert "23990119710816" not in page  # numbers are masked
    ask = client.get(f"{review}?group=ask").content.decode()
    assert "李一鸣" in ask
    assert "张湉雨" in ask
    row = LedgerRow.objects.get(group="ask")
    client.post(reverse("liaison:answer", args=[found.pk, row.pk]), {"answer": "two"})
    assert not LedgerRow.objects.filter(group="ask").exists()
    row = LedgerRow.objects.get(codes__contains="phone_format")
    client.post(reverse("liaison:retype", args=[found.pk, row.pk]), {"column": "2", "text": "16412345670"})
    found.refresh_from_db()
    client.post(reverse("liaison:approve", args=[found.pk]), {"version": found.version})
    assert Person.objects.count() == 3
    assert reverse("liaison:undo", args=[found.pk]).rsplit("/", 2)[1] in client.get(review).content.decode()
    client.post(reverse("liaison:undo", args=[found.pk]))
    assert not Person.objects.exists()
    assert client.get(reverse("liaison:imports")).status_code == 200


def test_the_same_form_sent_twice_uploads_once(signed_in, village):
    client = signed_in("zhaoqian")
    assert send(client, village)["Location"] == send(client, village)["Location"]
    assert LedgerImport.objects.count() == 1


def test_an_import_with_open_questions_is_not_written_but_told(signed_in, village):
    client = signed_in("zhaoqian")
    send(client, village)
    found = LedgerImport.objects.get()
    answer = client.post(reverse("liaison:approve", args=[found.pk]), {"version": found.version}, follow=True)
    assert not Person.objects.exists()
    assert "1" in answer.content.decode()


def test_a_header_can_be_taught_from_the_columns_page(signed_in, village):
    client = signed_in("zhaoqian")
    send(client, village, ROSTER.replace("联系电话", "怎么找他"))
    found = LedgerImport.objects.get()
    url = reverse("liaison:columns", args=[found.pk])
    assert "怎么找他" in client.get(url).content.decode()
    client.post(url, {"header": "怎么找他", "field": "phone"})
    assert LedgerRow.objects.filter(codes__contains="phone_format").exists()


def test_the_problem_sheet_holds_text_only(signed_in, village, tmp_path):
    import openpyxl

    client = signed_in("zhaoqian")
    send(client, village)
    found = LedgerImport.objects.get()
    answer = client.get(reverse("liaison:problem-sheet", args=[found.pk]))
    path = tmp_path / "problems.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row if cell.value]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(cell.value == "=1+1" for cell in cells)


def test_a_list_is_checked_against_the_ledger_and_not_kept(signed_in, village):
    client = signed_in("zhaoqian")
    send(client, village)
    found = LedgerImport.objects.get()
    client.post(reverse("liaison:accept", args=[found.pk]))
    found.refresh_from_db()
    client.post(reverse("liaison:approve", args=[found.pk]), {"version": found.version})
    before = Person.objects.count()
    files = SimpleUploadedFile("day1.csv", LIST.encode())
    page = client.post(reverse("liaison:check"), {"files": files}).content.decode()
    assert "赵外" in page
    assert B not in page
    assert Person.objects.count() == before


@pytest.mark.parametrize("stranger", ["hejing", "fengyuan"])
def test_strangers_see_and_do_nothing(signed_in, village, stranger):
    send(signed_in("zhaoqian"), village)
    found = LedgerImport.objects.get()
    client = signed_in(stranger)
    for name in ("review", "columns", "problem-sheet"):
        assert client.get(reverse(f"liaison:{name}", args=[found.pk])).status_code in {403, 404}
    for name in ("approve", "undo", "drop", "accept"):
        assert client.post(reverse(f"liaison:{name}", args=[found.pk])).status_code in {403, 404}
    assert LedgerImport.objects.get().status == "review"


def test_the_review_asks_the_database_the_same_number_of_times_for_few_and_many_rows(
    signed_in, village, django_assert_max_num_queries
):
    client = signed_in("zhaoqian")
    rows = "".join(f"王{n},,1641234{n:04d},星海网吧,\n" for n in range(1000, 1040))
    review = send(client, village, ROSTER + rows)["Location"]
    with django_assert_max_num_queries(25):
        client.get(review)


def test_two_records_of_one_person_become_one_and_two_again(signed_in, village):
    client = signed_in("zhaoqian")
    twice = f"姓名,身份证号,联系电话,单位\n张湉,{A},16412345678,星海网吧\n张湉,,16412345679,金麦歌厅\n"
    send(client, village, twice)
    found = LedgerImport.objects.get()
    client.post(reverse("liaison:accept", args=[found.pk]))
    found.refresh_from_db()
    client.post(reverse("liaison:approve", args=[found.pk]), {"version": found.version})
    kept, other = Person.objects.order_by("pk")
    url = reverse("liaison:merge", args=[kept.pk])
    assert f'value="{other.pk}"' in client.get(url).content.decode()
    client.post(url, {"other": other.pk, "reason": "一人两处上班"})
    other.refresh_from_db()
    assert other.merged_into == kept
    page = client.get(url).content.decode()
    assert "一人两处上班" in page
    split = page.split('action="')[-1].split('"')[0]
    assert signed_in("fengyuan").post(split).status_code in {403, 404}
    client.post(split)
    other.refresh_from_db()
    assert other.merged_into is None
