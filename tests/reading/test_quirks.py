"""Quirks of real exports, cell by cell: numbers, dates and ids as people and programs write them."""

import datetime as dt

import pytest

from sim.errors import UsageError
from tests.reading.brought import brought, column, english, said, videos
from tests.reading.exports import as_csv, as_xlsx

# Numbers


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12034", 12034), ("12,034", 12034), ("1.2万", 12000), ("1.2w", 12000), ("1.2W", 12000), ("3亿", 300_000_000),
        ("1.2K", 1200), ("1.5M", 1_500_000), ("２３", 23), ("12 034", 12034), ("340.0", 340), ("1,2034", 12034),
        ("340次", 340), ('="340"', 340), ("'340", 340), ("+340", 340),
    ],
)  # fmt: skip
def test_a_count_is_read_as_people_write_it(cell, number):
    assert column("点赞量", cell, name="likes") == [number]


@pytest.mark.parametrize("cell", ["", "-", "--", "undefined", "NaN", "null", "N/A", "—", "暂无", "#DIV/0!"])
def test_what_is_missing_is_not_zero(cell):
    found = brought(as_csv([["作品名称", "播放量", "点赞量"], ["t", "100", cell]]))
    assert found.videos["likes"].to_list() == [None]
    assert found.files[0].unread == ()


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("1,1M", "18.000.000", "340"), [1_100_000, 18_000_000, 340]),
        (("1.1M", "18,000,000", "340"), [1_100_000, 18_000_000, 340]),
        (("1.1M", "1.234"), [1_100_000, None]),  # 1.234 of a count: neither whole nor surely thousands
        (("18.000", "17.000"), [None, None]),
        (("18,000", "17,000"), [18_000, 17_000]),
    ],
)
def test_marks_are_told_by_the_column_or_refused(cells, numbers):
    assert english("likes", *cells, name="likes") == numbers


def test_a_mark_that_nothing_tells_is_asked_for():
    rows = as_csv([["title", "views", "likes"], ["t", "100", "18.000"]])
    found = brought(rows)
    assert "give --decimal point or comma" in said(found)
    assert brought(rows, decimal="comma").videos["likes"].to_list() == [18_000]
    assert brought(rows, decimal="point").videos["likes"].to_list() == [18]


def test_another_column_of_the_table_tells_the_mark():
    text = "title;views;likes;Average watch time\nt;18.000;12;9,25\nu;17.500;9;4,5\n"
    assert [(row["plays"], row["avg_watch_s"]) for row in videos(text)] == [(18_000, 9.25), (17_500, 4.5)]


@pytest.mark.parametrize(
    "cell", ["abc", "12-03", "1.5", "-3", "1e5", "1.2E+05", "20%", "9.2秒", "2026-03-15"]
)
def test_what_no_count_can_be_stays_unknown_and_is_said(cell):
    found = brought(as_csv([["作品名称", "播放量", "点赞量"], ["t", "100", cell]]))
    assert found.videos["likes"].to_list() == [None]
    [one] = found.files[0].unread
    assert (one.row, one.header, one.text) == (2, "点赞量", cell)
    assert "点赞量: 1 unreadable" in said(found)


def test_daily_numbers_may_be_negative():
    found = brought("日期,作品点赞\n2026-03-01,-2\n2026-03-02,-\n")
    assert found.frames["days"].select("date", "metric", "value").rows() == [
        (dt.date(2026, 3, 1), "likes", -2.0),
        (dt.date(2026, 3, 2), "likes", None),
    ]


@pytest.mark.parametrize(
    ("cells", "rates", "told"),
    [
        (("0.366807", "0.41"), [0.366807, 0.41], "as shares of 1, since no number is above 1"),
        (("20.6%", "41%"), [0.206, 0.41], ""),
        (("35.6", "0.41"), [0.356, 0.0041], "in per cent, since some numbers are above 1"),
        (("20.6%", "0.41"), [0.206, None], "a share of 1 or per cent"),
        (("20.6%", "0"), [0.206, 0.0], ""),
        (("120%", "41%"), [None, 0.41], "above 100%"),
        (("20,6%", "0,5%"), [0.206, 0.005], "with a decimal comma"),
    ],
)
def test_rates_are_shares_or_per_cent_by_their_column(cells, rates, told):
    assert column("完播率", *cells, name="finish_rate") == pytest.approx(rates)
    rows = [["作品名称", "播放量", "完播率"], *(["t", "100", cell] for cell in cells)]
    assert told in said(brought(as_csv(rows)))


def test_rates_that_are_mostly_small_are_per_cent_where_others_are():
    text = "title,views,finish_rate,like_rate\nt,100,35.6,0.8\nu,100,41.2,0.5\n"
    assert [row["like_rate"] for row in videos(text)] == pytest.approx([0.008, 0.005])
    assert "as other rates of the table" in said(brought(text))


def test_completions_give_the_finish_rate_where_nothing_else_does():
    [row] = videos("video_id,plays,complete_plays\n1,400,100\n")
    assert (row["completions"], row["finish_rate"]) == (100, 0.25)


def test_the_finish_rate_may_lie_above_that_of_five_seconds():
    [row] = videos("作品名称,播放量,完播率,5s完播率\n图文,100,0.52,0.31\n")
    assert (row["finish_rate"], row["finish_5s"]) == (0.52, 0.31)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        ("18秒", 18), ("9.2s", 9.2), ("4.586155", 4.586155), ("0:12", 12), ("1:02:03", 3723), ("1分5秒", 65), ("1m5s", 65),
        ("PT1M5S", 65), ("950ms", 0.95), ("9h:0m:0s", 32400), ("4.586", 4.586),
    ],
)  # fmt: skip
def test_a_length_is_read_in_seconds(cell, seconds):
    assert column("平均播放时长", cell, name="avg_watch_s") == pytest.approx([seconds])


def test_a_comma_in_a_length_is_refused_where_nothing_tells_what_it_divides():
    assert column("平均播放时长", "4,586", "9,235", name="avg_watch_s") == [None, None]
    assert english("Average watch time", "4,586", "9,2", name="avg_watch_s") == [4.586, 9.2]


def test_the_header_may_say_the_unit():
    assert column("点赞量（万）", "1.2", "0.03", name="likes") == [12_000, 300]
    assert english("duration_ms", "15032", name="duration_s") == pytest.approx([15.032])
    assert english("Watch time (hours)", "1.5", name="total_watch_s") == [5400]
    assert english("Impressions click-through rate (%)", "0.8", name="cover_ctr") == pytest.approx([0.008])


def test_lengths_without_a_unit_that_would_be_hours_are_refused():
    assert english("duration", "15032", "21000", name="duration_s") == [None, None]


def test_spans_of_third_parties_are_marked_as_estimates():
    [row] = videos("作品名称,播放量,点赞量\nt,7.5w~10w,10\n")
    assert (row["plays"], row["estimated"]) == (86_603, True)


# Dates


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("2026-03-15 10:38",), ["2026-03-15 10:38:00"]),
        (("2026年03月15日 10:38",), ["2026-03-15 10:38:00"]),
        (("20260315",), ["2026-03-15 00:00:00"]),
        (("46096.443055556",), ["2026-03-15 10:38:00"]),
        (("1773542318",), ["2026-03-15 10:38:38"]),
        (("2026-03-15T02:38:00Z",), ["2026-03-15 10:38:00"]),
        (("Mar 28, 2026",), ["2026-03-28 00:00:00"]),
        (("03/04/2026", "13/04/2026"), ["2026-04-03 00:00:00", "2026-04-13 00:00:00"]),
        (("03/04/2026", "03/14/2026"), ["2026-03-04 00:00:00", "2026-03-14 00:00:00"]),
        (("下午 3:05", "2026-02-30"), [None, None]),
    ],
)
def test_a_moment_is_read_as_people_write_it(cells, days):
    found = column("发布时间", *cells, name="published_at")
    assert [day and str(day) for day in found] == days


def test_day_and_month_that_nothing_tells_are_asked_for():
    rows = as_csv([["title", "views", "Publish time"], ["t", "100", "03/04/2026"]])
    with pytest.raises(UsageError, match=r"allowed: --dates dmy\|mdy"):
        brought(rows)
    for order, month in (("dmy", 4), ("mdy", 3)):
        assert brought(rows, dates=order).videos["published_at"][0].month == month


def test_days_and_months_that_contradict_are_asked_for():
    rows = as_csv([["title", "views", "Publish time"], ["t", "1", "13/04/2026"], ["u", "1", "04/13/2026"]])
    with pytest.raises(UsageError, match="in no order"):
        brought(rows)
    found = brought(rows, dates="dmy")
    assert found.videos["published_at"].to_list() == [dt.datetime(2026, 4, 13), None]  # noqa: DTZ001 - as read
    assert len(found.files[0].unread) == 1


@pytest.mark.parametrize("newest_first", [True, False])
def test_dates_without_a_year_go_back_over_new_year(newest_first):
    cells = ["1月3日", "12月30日", "12月1日"]
    years = [2026, 2025, 2025]
    if not newest_first:
        cells, years = cells[::-1], years[::-1]
    found = column("发布时间", *cells, name="published_at", year=2026)
    assert [moment.year for moment in found] == years


def test_a_year_that_nobody_names_is_asked_for():
    rows = as_csv([["Date", "Followers"], ["3月28日", "932"]])
    with pytest.raises(UsageError, match="--year"):
        brought(rows)
    named = brought(rows, "FollowerHistory_2026-03-29_1774.csv")
    assert named.frames["days"]["date"].to_list() == [dt.date(2026, 3, 28)]


# Ids


def test_ids_are_texts_and_ruined_ones_are_said():
    good = "7312345678901234567"
    rows = [
        ["作品ID", "作品名称", "播放量"],
        [good, "t", 1],
        [7.312345678901234e18, "u", 2],
        ["7.31235E+18", "v", 3],
    ]
    found = brought(as_xlsx({"Sheet1": rows}), "a.xlsx")
    assert found.videos["video_id"].to_list() == [good, None, None]
    assert [one.row for one in found.files[0].unread] == [3, 4]
    assert "its last digits are lost" in said(found)


def test_ids_of_research_tables_may_be_written_as_decimals():
    found = brought("video_id,author_id,views\n12.0,7.0,5\n7312345678901234688.0,8,6\n")
    assert found.videos["video_id"].to_list() == ["12", None]


def test_spaces_that_nobody_sees_are_no_part_of_a_header():
    assert videos("\u200b作品名称 ,\u3000播放量\xa0\nt,5\n")[0]["plays"] == 5


def test_ids_that_end_in_zeros_as_spreadsheets_write_them_are_said():
    rows = [["作品ID", "播放量"], *([f"73123456789{k:04d}0000", "5"] for k in range(1000, 1003))]
    assert brought(as_csv(rows)).videos["video_id"].to_list() == [None] * 3


def test_ids_of_creators_that_a_spreadsheet_rounded_are_said():
    rows = [["达人昵称", "抖音号", "粉丝数"], ["甲", 6612345678901234567.0, 5000], ["乙", "aguo", 900]]
    found = brought(as_xlsx({"a": rows}), "a.xlsx")
    assert found.frames["creators"].select("name", "creator_id", "fans").rows() == [
        ("甲", None, 5000),
        ("乙", "aguo", 900),
    ]
    assert "its last digits are lost" in said(found)
