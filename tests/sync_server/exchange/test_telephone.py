"""TEL: telephone numbers as they are filed. Ids are those in sync_server/exchange/csv/telephone.py."""

from __future__ import annotations

import pytest

from sync_server.exchange.csv.cells import CellError
from sync_server.exchange.csv.telephone import is_dialled, telephone


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        pytest.param("+852 2000 0001", "+852 2000 0001", id="TEL-1 as it is kept"),
        pytest.param("20000001", "+852 2000 0001", id="TEL-1 without a country"),
        pytest.param("2000-0001", "+852 2000 0001", id="TEL-1 a dash"),
        pytest.param("2000–0001", "+852 2000 0001", id="TEL-1 a phone's dash"),
        pytest.param("(852) 2000 0001", "+852 2000 0001", id="TEL-1 brackets"),
        pytest.param("85220000001", "+852 2000 0001", id="TEL-1 a typed number of a workbook"),
        pytest.param("+852２０００ ０００１", "+852 2000 0001", id="TEL-1 full-width digits"),
        pytest.param("00852 2000 0001", "+852 2000 0001", id="TEL-1 dialled from abroad"),
        pytest.param("2345 6789 轉 12", "+852 2345 6789 ext. 12", id="TEL-1 an extension in Chinese"),
        pytest.param("2345 6789 ext 12", "+852 2345 6789 ext. 12", id="TEL-1 an extension"),
        pytest.param("800 900 123", "+852 800 900 123", id="TEL-1 free of charge"),
        pytest.param("187 2323", "+852 1872323", id="TEL-1 an information line of seven digits"),
        pytest.param("+44 20 7946 0000", "+44 20 7946 0000", id="TEL-1 another country"),
        pytest.param("+853 28333000", "+853 2833 3000", id="TEL-1 Macao"),
        pytest.param("1823", "1823", id="TEL-2 a service by name"),
        pytest.param("+852 1823", "1823", id="TEL-2 a service, with the country"),
    ],
)
def test_a_number_is_kept_in_one_way(cell: str, kept: str) -> None:
    assert telephone(cell) == kept
    assert telephone(kept) == kept


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        pytest.param("999", "emergency-number", id="TEL-2 emergency"),
        pytest.param("９９９", "emergency-number", id="TEL-2 emergency, full-width"),
        pytest.param("+852 999", "emergency-number", id="TEL-2 emergency, with the country"),
        pytest.param("112", "emergency-number", id="TEL-2 emergency from a mobile"),
        pytest.param("992", "emergency-number", id="TEL-2 emergency by fax or SMS"),
        pytest.param("911", "telephone-too-short", id="TEL-2 another country's emergency"),
        pytest.param("18222", "telephone-too-short", id="TEL-2 a short number that is no service"),
        pytest.param("2000001", "telephone-too-short", id="TEL-3 seven digits"),
        pytest.param("8.52E+10", "not-a-telephone-number", id="TEL-3 a number a spreadsheet rounded"),
        pytest.param("call me", "not-a-telephone-number", id="TEL-3 words"),
        pytest.param("1-800-FLOWERS", "not-a-telephone-number", id="TEL-3 letters for digits"),
        pytest.param("200000011", "not-a-telephone-number", id="TEL-3 nine digits"),
        pytest.param("12345678", "not-a-telephone-number", id="TEL-3 no subscriber begins with 1"),
        pytest.param("852200000000", "not-a-telephone-number", id="TEL-3 a digit too many"),
        pytest.param("+999 1234567", "not-a-telephone-number", id="TEL-3 no such country"),
        pytest.param("+44 20", "not-a-telephone-number", id="TEL-3 too short abroad"),
        pytest.param("२०००००००", "not-a-telephone-number", id="TEL-3 digits of another script"),
        pytest.param("2000 0001 / 2000 0002", "not-a-telephone-number", id="TEL-5 two numbers and a stroke"),
        pytest.param("20000001;20000002", "two-numbers", id="TEL-5 two numbers and a semicolon"),
        pytest.param("2000 0001,20000002", "two-numbers", id="TEL-5 two numbers and a comma"),
        pytest.param("2000 0001 轉 20000002", "two-numbers", id="TEL-5 a number to be put through to"),
        pytest.param("18288", "crisis-line", id="TEL-4 five digits"),
        pytest.param("+852 2389 2222", "crisis-line", id="TEL-4 eight digits"),
        pytest.param("２８９６ ００００ 轉 2", "crisis-line", id="TEL-4 full-width, with an extension"),
        pytest.param("2896 0000#2", "crisis-line", id="TEL-4 another extension"),
    ],
)
def test_a_number_nobody_may_call_is_refused(cell: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        telephone(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "is_one"),
    [
        ("2000 0001", True),
        ("999", True),
        ("(852) 2000–0001", True),
        ("ferry@example.com", False),
        ("wa.me/85291", False),
    ],
)
def test_what_is_made_of_digits_alone_is_dialled_on_any_channel(cell: str, is_one: bool) -> None:
    assert is_dialled(cell) is is_one
