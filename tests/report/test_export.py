import csv
import io
import re
import zipfile
from pathlib import Path

import polars as pl
import pytest

from sim.errors import RunError, UsageError
from sim.report import export
from sim.report.export import FORMS, exported, fits

NAMES = ["=1+1", "+x", "-y", "@z", "\t=x", "＝1", "http://a.b", "正常", "a=b", None]
FRAME = pl.DataFrame(
    {
        "account": NAMES,
        "planned_by": NAMES[::-1],
        "n": range(-1, 9),
        "rate": [0.25, None, float("nan"), *[1.0] * 7],
    },
    schema_overrides={"n": pl.Int64},
)


def sheet(content: bytes) -> tuple[str, list[str]]:
    """The cells' markup and the texts of a workbook."""
    book = zipfile.ZipFile(io.BytesIO(content))
    texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    return book.read("xl/worksheets/sheet1.xml").decode(), texts


def test_parquet_keeps_every_name_as_it_is() -> None:
    assert pl.read_parquet(exported(FRAME, "parquet")).equals(FRAME)


def test_csv_marks_what_a_spreadsheet_would_take_for_a_formula() -> None:
    content = exported(FRAME, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["account"] for row in rows] == [
        "'=1+1", "'+x", "'-y", "'@z", "'\t=x", "'＝1", "http://a.b", "正常", "a=b", "",
    ]  # fmt: skip
    assert [row["planned_by"] for row in rows] == [row["account"] for row in rows][::-1]
    assert [row["n"] for row in rows] == [str(n) for n in FRAME["n"]]
    assert [row["rate"] for row in rows][:3] == ["0.25", "", ""]


def test_excel_holds_names_as_text_and_no_formula_or_link() -> None:
    cells, texts = sheet(exported(FRAME, "xlsx"))
    assert "<f>" not in cells
    assert "<hyperlink" not in cells
    assert set(texts) >= {name for name in NAMES if name}
    assert "<v>-1</v>" in cells


MIXED = pl.DataFrame(
    {
        "=title": ["=1+1", "b"],
        "@kind": pl.Series(["=x", "y"], dtype=pl.Categorical),
        "sort": pl.Series(["-k", "z"], dtype=pl.Enum(["-k", "z"])),
        "list": [["=1", "乙"], None],
        "record": [{"a": 1}, {"a": None}],
        "raw": [b"=1", b""],
        "small": pl.Series([0.5, float("nan")], dtype=pl.Float32),
    }
)
"""What an answer in SQL may hold."""


def test_titles_categories_and_nested_values_are_marked_too() -> None:
    rows = list(csv.reader(io.StringIO(exported(MIXED, "csv").decode("utf-8-sig"))))
    assert rows[0] == ["'=title", "'@kind", "sort", "list", "record", "raw", "small"]
    assert rows[1] == ["'=1+1", "'=x", "'-k", '["=1", "乙"]', '{"a": 1}', "\"b'=1'\"", "0.5"]
    assert rows[2][3] == rows[2][6] == ""
    cells, texts = sheet(exported(MIXED, "xlsx"))
    assert "<f>" not in cells
    assert set(texts) >= {"=title", "=1+1", "=x", "-k", '["=1", "乙"]'}
    assert pl.read_parquet(exported(MIXED.drop("raw"), "parquet")).equals(MIXED.drop("raw"))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_takes_its_form_from_its_name(tmp_path: Path, form: export.Form) -> None:
    export.write_table(FRAME, tmp_path / f"table.{form}")
    assert (tmp_path / f"table.{form}").read_bytes()[:4] == exported(FRAME, form)[:4]
    with pytest.raises(UsageError, match=r"table\.ods: .*\.csv, \.xlsx, \.parquet"):
        export.form_of(tmp_path / "table.ods", FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_table_is_a_file_too(form: export.Form) -> None:
    assert exported(FRAME.clear(), form)


def test_a_table_too_long_for_excel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "EXCEL_ROWS", 10)
    assert not fits(FRAME, "xlsx")
    assert fits(FRAME, "csv")
    with pytest.raises(RunError, match="10 rows: a sheet of Excel holds 9"):
        exported(FRAME, "xlsx")


def test_a_text_too_long_for_excel_is_cut() -> None:
    _, texts = sheet(exported(pl.DataFrame({"a": ["x" * 40_000]}), "xlsx"))
    assert max(map(len, texts)) == export.EXCEL_TEXT
