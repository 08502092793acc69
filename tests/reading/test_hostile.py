"""Whatever bytes or cells a file holds: it is read or refused, and each of its rows can be asked for."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import UsageError
from sim.language.words import LANGUAGES, Words
from sim.reading.list_numbers import UnreadableError
from sim.reading.read import Read, read
from tests.reading.exports import SAMPLES, as_csv, as_xlsx

CELLS = st.one_of(
    st.sampled_from([
        "", "-", "--", "1.2万", "18.000", "1,1M", "35.6%", "0.36", "1e999", "-5", "٣", "½", "∞", "0x10", "=1+1", "#REF!", "合计",
        "Total: 3", "03/04/2026", "2026-13-40", "3月28日", "29 Feb", "99:99", "0:12", "PT", "9" * 30, "1.23457E+18", "\x1b[31mred",
        "\u202eabc", '"', "a\nb", "播放量", "nan", "inf", "1~2", "2~1w", "5%-10%", "~", "%", "万", "年月日", "1/2", "31/2/26", "24:60",
    ]),
    st.text(max_size=8),
    st.floats().map(str),
    st.integers().map(str),
)  # fmt: skip
HEADS = [rows[-1 if len(rows) == 1 else [len(r) > 1 for r in rows].index(True)]
         for sample in SAMPLES for rows in sample.sheets.values()]  # fmt: skip
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


def asked(found: Read) -> None:
    for table in found.files:
        assert table.rows == len(table.kept) + len(table.skipped)
        assert len({*table.kept, *(n for n, _ in table.skipped)}) == table.rows
        for row in table.cells:
            for _, _, value in table.read(row):
                phrase = value.why if isinstance(value, UnreadableError) else value.how
                assert all(phrase.said(Words(language)) for language in LANGUAGES)
        for phrase in (*table.notes, *(why for _, why in table.skipped)):
            assert all(phrase.said(Words(language)) for language in LANGUAGES)


def refused(error: UsageError) -> None:
    assert str(error).startswith(("a.csv: ", "a.xlsx: "))
    assert all(error.said(Words(language)) for language in LANGUAGES)


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(st.data())
def test_any_cells_below_known_headers_are_read_or_refused(data):
    head = list(map(str, data.draw(st.sampled_from(HEADS))))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=0, max_size=len(head) + 1), max_size=6))
    content = as_csv([head, *rows])
    if data.draw(st.booleans()):
        content = as_xlsx({"a": [head, *rows]})
    options = data.draw(st.fixed_dictionaries({}, optional={
        "dates": st.sampled_from(["dmy", "mdy", "ymd"]), "year": st.just(2026),
        "decimal": st.sampled_from(["point", "comma"]),
    }))  # fmt: skip
    try:
        asked(read("a.xlsx", contents={"a.xlsx": content}, **options))
    except UsageError as error:
        refused(error)


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(st.data())
def test_any_bytes_are_read_or_refused(data):
    content = data.draw(st.binary(max_size=60))
    if data.draw(st.booleans()):
        whole = as_csv(
            [["作品名称", "播放量"], ["t", "5"]], data.draw(st.sampled_from(["gb18030", "utf-16"]))
        )
        content = whole[: data.draw(st.integers(0, len(whole)))] + content
    first = data.draw(
        st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"<table>", b"sep=,\n"])
    )
    try:
        asked(read("a.csv", contents={"a.csv": first + content}))
    except UsageError as error:
        refused(error)


def test_a_title_of_several_lines_is_one_line():
    content = as_csv([["作品名称", "播放量"], ['quoted "x", and\nlines', "5"]])
    [line] = read("a.csv", contents={"a.csv": content}).videos.iter_rows(named=True)
    assert line["title"] == 'quoted "x", and lines'
