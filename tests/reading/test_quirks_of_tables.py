"""Quirks of real exports, row by row and file by file: what is kept, skipped, asked and refused."""

import gzip

import pytest

from sim.errors import UsageError
from sim.reading.read import Read, read
from tests.reading.brought import NAME, brought, said, skipped, videos
from tests.reading.exports import as_csv, as_page, as_xlsx

# Rows


def test_totals_are_skipped_and_said():
    text = "作品名称,发布时间,播放量\nt,2026-03-15 10:38,5\n合计,,5\n"
    assert skipped(brought(text)) == {3: "a row of totals"}
    [row] = videos("作品名称,发布时间,播放量\n合计,2026-03-15 10:38,5\n")  # a video may be called so
    assert row["title"] == "合计"


def test_one_video_listed_for_several_hosts_counts_once():
    text = "作品ID,账号,作品名称,播放量,点赞量\n11,甲,t,500,\n11,乙,t,520,9\n12,乙,u,7,1\n"
    found = brought(text)
    assert found.videos.select("video_id", "account", "plays", "likes").rows() == [
        ("11", "乙", 520, 9),
        ("12", "乙", 7, 1),
    ]
    assert "the same video as row 2, counted once" in skipped(found)[3]


def _files(**texts: str) -> Read:
    return read([*texts], account="a", contents={name: text.encode() for name, text in texts.items()})


@pytest.mark.parametrize("column", ["作品ID", "作品链接"])
def test_accounts_that_number_their_videos_alike_keep_them_all(column):
    head = f"{column},账号,作品名称,发布时间,播放量,点赞量\n"
    one = f"{head}1,甲,t,2026-03-01,500,9\n2,甲,u,2026-03-04,70,1\n"
    other = f"{head}1,乙,v,2026-03-15,520,9\n2,乙,w,2026-03-04,80,2\n"  # the last: title and account alone
    later = f"{head}1,乙,v,2026-03-15,620,9\n2,乙,w,2026-03-04,90,2\n"
    found = _files(a=one, b=other, c=later)
    assert found.videos.select("account", "title", "plays").rows() == [
        ("甲", "t", 500), ("甲", "u", 70), ("乙", "v", 620), ("乙", "w", 90),
    ]  # fmt: skip
    assert [len(table.skipped) for table in found.files] == [0, 0, 2]


def test_one_id_on_other_days_is_another_video_whatever_the_title():
    head = "作品ID,作品名称,发布时间,播放量,点赞量\n"
    found = _files(a=f"{head}1,t,2026-03-01,500,9\n", b=f"{head}1,t,2026-03-03,520,9\n")
    assert found.videos["plays"].to_list() == [500, 520]
    renamed = _files(a=f"{head}1,t,2026-03-01 23:50,500,9\n", b=f"{head}1,t!,2026-03-01,520,9\n")
    assert renamed.videos["plays"].to_list() == [520]  # a day alone stands for the moment


def test_hosts_of_one_video_without_an_id_are_told_by_its_numbers():
    text = "账号,作品名称,发布时间,播放量,点赞量\n甲,t,2026-03-15 10:38,500,9\n乙,t,2026-03-15 10:38,500,9\n丙,t,2026-03-15 10:38,480,9\n"
    found = brought(text)  # the third is a copy that another account has posted in the same minute
    assert found.videos["account"].to_list() == ["甲", "丙"]


def test_days_of_two_exports_that_overlap_count_once():
    one, other = "日期,播放量\n2026-03-01,5\n2026-03-02,7\n", "日期,播放量\n2026-03-02,9\n2026-03-03,-\n"
    contents = {"a.csv": one.encode(), "b.csv": other.encode()}
    found = read(["a.csv", "b.csv"], contents=contents, account="own")
    assert found.frames["days"]["value"].to_list() == [5.0, 9.0, None]
    assert [str(note) for note in found.notes] == [
        "1 numbers of days stand in several files; of each the last one counts"
    ]


def test_two_exports_of_one_account_are_one_set_of_videos():
    one = (
        b"\xe4\xbd\x9c\xe5\x93\x81\xe5\x90\x8d\xe7\xa7\xb0,"
        + "发布时间,播放量,点赞量\nt,2026-03-15 10:38:20,500,9\n".encode()
    )
    other = "视频名称,发布时间,播放量,2s跳出率\nt,2026-03-15 10:38,480,20%\n".encode()
    found = read(["a.csv", "b.csv"], contents={"a.csv": one, "b.csv": other}, account="own")
    [row] = found.videos.iter_rows(named=True)
    assert (row["plays"], row["likes"], row["bounce_2s"]) == (500, 9, 0.2)
    assert "row 2 of a.csv" in skipped(found)[2]


def test_a_row_whose_text_spills_over_is_skipped_not_shifted():
    found = brought("作品名称,播放量,点赞量\na, b,500,9\nt,100,1\n")
    assert found.videos["plays"].to_list() == [100]
    assert "more cells than there are headers" in skipped(found)[2]


def test_tables_on_top_of_each_other_are_told_apart():
    text = "作品数据\n作品名称,播放量,点赞量\nt,500,9\n\n粉丝\n日期,净增粉丝\n2026-03-01,-7\n\n别的\n甲,乙\n丙,丁\n"
    found = brought(text)
    assert [table.kind for table in found.files] == ["videos", "days", "unknown"]
    assert found.frames["days"]["value"].to_list() == [-7.0]
    assert {*skipped(found)} == {1, 5, 9, 10, 11}


def test_a_table_that_is_not_known_is_not_read_as_the_one_above():
    text = "作品名称,播放量,点赞量\nt,500,9\n\n商家,预算,渠道\nx,1,2\n"
    found = brought(text)
    assert found.videos["plays"].to_list() == [500]
    assert {*skipped(found)} == {4, 5}


def test_a_table_that_is_not_known_below_shares_does_not_change_them():
    text = "来源,来源占比\n推荐,0.8\n搜索,0.2\n\n省市,热度\n浙江,35\n"
    found = brought(text)
    assert found.frames["sources"]["share"].to_list() == [0.8, 0.2]
    assert {*skipped(found)} == {5, 6}


def test_notes_below_a_table_and_units_below_its_headers_are_no_videos():
    text = (
        "作品名称,发布时间,播放量,点赞量,评论量\n,,次,人,条\nt,2026-03-15 10:38,500,9,1\nu,2026-03-14 10:38,-,-,-\n"
        "\n导出时间,2026-03-29 10:00\n注：仅供参考\n"
    )
    found = brought(text)
    assert found.videos["title"].to_list() == ["t", "u"]
    assert skipped(found) == {
        2: "a line of words below the headers",
        6: "a line of text without numbers",
        7: "a line of text without numbers",
    }


def test_rows_of_words_do_not_end_a_table():
    text = "作品名称,发布时间,播放量,点赞量\nt,2026-03-15 10:38,少于50,少于50\nu,2026-03-14 10:38,800,9\n"
    assert brought(text).videos["plays"].to_list() == [None, 800]


def test_a_title_names_a_metric_that_has_no_name():
    text = 'sep=,\n"Views"\n"Date","Primary"\n"2026-03-01T00:00:00","12"\n'
    found = brought(text.encode("utf-16"))
    assert found.frames["days"].select("metric", "value").rows() == [("plays", 12.0)]


def test_rows_per_video_and_day_are_refused():
    text = "Date,Content,Video title,Video publish time,Views\n2026-03-01,a,t,2026-02-28,5\n2026-03-02,a,t,2026-02-28,7\n"
    with pytest.raises(UsageError, match="a row per video and day"):
        brought(text)


# Files


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encodings_and_delimiters(encoding, delimiter):
    rows = [["作品名称", "播放量", "完播率"], ["奶茶, 第一杯; 好喝", "1,203", "35.6"], ["t", "5", "1"]]
    [one, two] = brought(as_csv(rows, encoding, delimiter)).videos.iter_rows(named=True)
    assert (one["title"], one["plays"], two["plays"]) == ("奶茶, 第一杯; 好喝", 1203, 5)


def test_an_encoding_that_cannot_be_told_can_be_named():
    content = "標題,觀看\n".encode("big5") + "茶葉,5\n".encode("big5")
    found = brought(content, encoding="big5", columns={"標題": "title", "觀看": "plays"})
    assert found.videos["title"].to_list() == ["茶葉"]
    with pytest.raises(UsageError, match="--encoding 'klingon'"):
        brought(content, encoding="klingon")


def test_a_guess_that_no_header_confirms_is_said():
    found = brought("title,views\n早春妆,5\n".encode("gb18030"))
    assert found.videos["title"].to_list() == ["早春妆"]
    assert "read as GBK" in said(found)
    assert "read as GBK" not in said(brought("作品名称,播放量\n早春妆,5\n".encode("gb18030")))


def test_a_web_page_called_xls_is_read():
    found = brought(as_page([["作品名称", "播放量"], ["t", "1.2万"]], "gb18030"), "a.xls")
    assert found.files[0].encoding == "html"
    assert found.videos["plays"].to_list() == [12_000]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
        (b"<html><body>log in</body></html>", "without a table"),
        (b"PK\x03\x04 no zip", "no Excel file"),
        (b"\xd0\xcf\x11\xe0 no workbook", "no Excel file"),
        (b"", "found: nothing"),
        (b"a,b\n1,2\n", "found: a, b"),
        ("作品名称,播放量\n".encode(), "holds no row"),
        (b"\x1f\x8b no gzip", "gzip"),
        (b"\xff\x80\x81", "neither UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(content, why):
    with pytest.raises(UsageError, match=why) as caught:
        brought(content, "a.xls")
    assert "a.xls" in str(caught.value)


def test_several_sheets_are_read():
    sheets = {"说明": [["本表由创作者中心导出"]], "作品": [["作品名称", "播放量"], ["t", 5]]}
    found = brought(as_xlsx(sheets), "a.xlsx")
    assert [(table.sheet, table.kind) for table in found.files] == [("说明", "unknown"), ("作品", "videos")]


def test_a_gzip_is_unpacked():
    content = gzip.compress(b"title,views\nt,5\n")
    assert brought(content, "a.csv.gz").videos["plays"].to_list() == [5]


def test_headers_that_are_not_known_can_be_named():
    text = "author,views_1,views_2,duration_s,likes_2\nu,5,9,12,1\n"
    with pytest.raises(UsageError, match="--column HEADER=NAME"):
        brought(text)
    found = brought(text, columns={"views_2": "plays", "likes_2": "likes", "views_1": "-"})
    assert found.videos.select("account", "plays", "likes").rows() == [("u", 9, 1)]
    with pytest.raises(UsageError, match="did you mean plays"):
        brought(text, columns={"views_2": "playz"})


def test_accounts_come_from_the_column_the_caller_or_the_file(tmp_path):
    (tmp_path / "小鹿").mkdir()
    paths = [tmp_path / "小鹿" / "作品.csv", tmp_path / "作品.csv"]
    for k, path in enumerate(paths):
        path.write_text(f"作品名称,播放量\nt{k},5\n", encoding="utf-8")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}
    found = read(paths)
    assert found.videos["account"].to_list() == ["小鹿/作品", f"{tmp_path.name}/作品"]
    assert len(found.notes) == 2
    assert read(paths, account=["a", "b"]).videos["account"].to_list() == ["a", "b"]
    with pytest.raises(UsageError, match="3 names for 2 files"):
        read(paths, account=["a", "b", "c"])
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def test_each_cell_tells_its_text_its_value_and_its_rule():
    found = brought("作品名称,播放量,完播率,点赞量\nt,1.2万,35.6,abc\n")
    [table] = found.files
    told = {column.name: (text, value) for column, text, value in table.read(2)}
    assert (told["plays"][0], told["plays"][1].value, str(told["plays"][1].how)) == (
        "1.2万",
        12_000,
        "1.2 × 10000",
    )
    assert str(told["finish_rate"][1].how) == "35.6 per cent"
    assert str(told["likes"][1].why) == "no number"


def test_json_says_what_the_contract_says():
    [file] = brought("作品名称,播放量,备注\nt,5,x\n合计,5,\n").as_dict()["files"]
    wanted = {
        "path": NAME, "kind": "videos", "encoding": "utf-8", "rows": 2, "kept": 1,
        "skipped": [{"row": 3, "reason": "a row of totals"}], "columns": {"作品名称": "title", "播放量": "plays"},
    }  # fmt: skip
    assert wanted.items() <= file.items()
    assert file["ignored"] == ["备注"]
