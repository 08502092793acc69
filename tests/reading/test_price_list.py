"""A price list is read with care: headers, numbers, marks of what is missing; what is guessed is marked."""

import pytest
import xlsxwriter

from sim.errors import UsageError
from sim.language.words import Words
from sim.reading.price_list import read
from tests.reading.lists import PLAN, written

XINGTU = (
    "达人报价清单,,,,,\n"
    "昵称,星图ID,粉丝（万）,21-60s视频报价,预期播放量,互动率,完播率\n"
    "甲,1,20,12000,1.2w,1.5%,0.21\n"
    "乙,2,2.5,-,8000,--,35.6\n"
    '丙,3,300,"120,000",60w~90w,3%,12%\n'
    ",4,1,1,1,1,1\n"
    "甲,1,20,1,1,1%,1%\n"
)  # fmt: skip


@pytest.mark.system("K7")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_an_export_of_xingtu_is_read_in_either_encoding(tmp_path, encoding):
    found = read(written(tmp_path, XINGTU, encoding), PLAN)
    assert [row.name for row in found.creators] == ["甲", "乙", "丙"]
    assert [row.fans for row in found.creators] == [200_000, 25_000, 3_000_000]
    assert [row.tier for row in found.creators] == ["waist", "junior", "famous"]
    assert [row.price_cny for row in found.creators][::2] == [12_000, 120_000]
    assert [(n, str(why)) for n, why in found.skipped] == [
        (1, "stands above the table"), (6, "no name"), (7, "the same name and id as row 3"),
    ]  # fmt: skip
    assert found.columns["粉丝（万）"] == "fans"


@pytest.mark.system("K7")
@pytest.mark.parametrize("header", ["21-60s报价", "60s以上报价", "视频报价", "1-20秒视频报价"])
def test_a_quote_is_known_by_any_of_its_headers(tmp_path, header):
    assert (
        read(written(tmp_path, f"昵称,粉丝数,{header}\n甲,200000,12000\n"), PLAN).creators[0].price_cny
        == 12_000
    )


@pytest.mark.system("K7")
def test_what_is_missing_is_estimated_from_the_tier_table_and_marked(tmp_path):
    found = read(written(tmp_path, XINGTU), PLAN)
    price = PLAN.seeding.price_cny("junior") * (25_000 / 20_000) ** 0.5
    assert found.creators[1].price_cny == round(price)
    assert found.estimated == {"乙": ("price", "interaction"), "丙": ("plays",)}
    assert found.as_dict()["estimated"]["丙"] == ["plays"]


@pytest.mark.system("K7")
def test_plays_tell_creators_apart_at_equal_fans_and_are_believed_in_part(tmp_path):
    text = "name,fans,price,plays\na,10000,100,1000\nb,10000,100,4000\nc,10000,100,16000\n"
    low, middle, high = (row.weight for row in read(written(tmp_path, text), PLAN).creators)
    assert middle == 1
    assert low * high == pytest.approx(1)
    assert 1 < high < 4  # four times the plays expected, of which the estimate's error explains a part
    exact = PLAN.with_values({"seeding.market.estimate_noise_dex": 0.0})
    assert read(written(tmp_path, text), exact).creators[2].weight == pytest.approx(4)


@pytest.mark.system("K7")
def test_rates_count_beside_the_middle_of_the_list(tmp_path):
    text = "name,fans,completion,interaction\na,10,0.1,2%\nb,10,0.2,4%\nc,10,0.3,8%\n"
    found = read(written(tmp_path, text), PLAN).creators
    assert [row.quality for row in found] == [0.5, 1.0, 2.0]
    assert [row.quality * row.opening for row in found] == pytest.approx([0.5, 1.0, 1.5])


@pytest.mark.system("K7")
def test_an_excel_list_is_read_as_its_csv_is(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(
            [["达人昵称", "粉丝数", "报价"], ["甲", 20_000, 900.0], ["乙", "1.2万", "-"]]
        ):
            sheet.write_row(n, 0, row)
    rows = read(str(path), PLAN).creators
    text = "达人昵称\t粉丝数\t报价\n甲\t20000\t900\n乙\t1.2万\t-\n"
    assert rows == read(written(tmp_path, text), PLAN).creators
    assert [row.fans for row in rows] == [20_000, 12_000]


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,fans,price\na,10,many\n", "row 2, column price = 'many': allowed: a number such as"),
        ("name,fans,price\na,-10,5\n", "row 2, column fans = '-10': allowed: "),
        ("name,fans,interaction\na,10,150%\n", "row 2, column interaction = '150%': allowed: a share"),
        ("name,fans,price\na,10,nan7\n", "column price"),
        ("name,price\na,10\n", "has no column of fans"),
        ("x,y\n1,2\n", r"no row has headers that are known \(found: x, y\)"),
        ("", "no row has headers"),
        ("name,fans\n,10\n", "holds no creator that can be used: row 2, no name"),
        ("name,fans\n", "holds no creator that can be used: no rows"),
        ("name,fans\n" + "a,x\n" * 7, "row 6, column fans = 'x': .*; and 2 more$"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(tmp_path, text, said):
    path = written(tmp_path, text)
    with pytest.raises(UsageError, match=said) as refused:
        read(path, PLAN)
    assert str(refused.value).startswith(path)


def test_a_file_that_is_not_there_or_no_table_is_named(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read(str(tmp_path / "none.csv"), PLAN)
    for name, content in (("a.xlsx", b"PK\x03\x04rubbish"), ("b.csv", b"\xff\xfe\xff\x81\x00")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UsageError, match=name):
            read(str(tmp_path / name), PLAN)


TOTALS = ("合计,20,10,", "总 计：,20,10,", "Total,20,10,", ",20,10,Sum")


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("row", "said", "chinese"),
    [
        ("b,10,面议,", "column price = '面议': no price; allowed: a number", "没有报价"),
        ("b,10,议价,", "column price = '议价': no price", "没有报价"),
        ("b,10,询 价,", "column price = '询 价': no price", "没有报价"),
        ("b,10,-500,", "column price = '-500': allowed: a number", "“price”列的“-500”无法使用：应为数字"),
        ("b,10,2e9,", "column price = '2e9': above 1,000,000,000; allowed: ", "超过 1,000,000,000"),
        ("b,很多,5,", "column fans = '很多': allowed: a number", "“fans”列的“很多”"),
        ("b,10,5,120 %", "column fit = '120 %': allowed: a share such as 0.21", "应为比例"),
        (
            "b,9000000,5,60%",
            "5,400,000 fans inside the audience are more than audience.users = ",
            "受众总人数",
        ),
        ("main,10,5,", "'main' is an account of the scenario", "方案中的账号"),
        *((row, "a row of totals", "合计行") for row in TOTALS),
        ("a,10,5,", "the same name as row 2", "与第 2 行重名"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_told(tmp_path, row, said, chinese):
    found = read(written(tmp_path, f"name,fans,price,fit\na,10,5,\n{row}\nc,20,8,\n"), PLAN)
    assert [creator.name for creator in found.creators] == ["a", "c"]
    [(n, why)] = found.skipped
    english, translated = str(why), why.said(Words("zh"))
    assert (n, found.told("en")[1]) == (3, f"  row 3: {english}")
    assert said in english
    assert chinese in translated
    assert found.as_dict()["skipped"] == [{"row": 3, "reason": english}]


@pytest.mark.system("K7")
def test_where_one_length_has_no_price_that_of_another_is_taken_and_marked(tmp_path):
    text = "昵称,粉丝数,21-60s视频报价,1-20s视频报价\n甲,10,面议,800\n乙,10,面议,-\n"
    found = read(written(tmp_path, text), PLAN)
    assert [(row.name, row.price_cny) for row in found.creators] == [("甲", 800)]
    assert "price" in found.estimated["甲"]
    assert "no price" in str(found.skipped[0][1])


@pytest.mark.system("K7")
@pytest.mark.parametrize("header", ["达人ID", "抖音号", "id", "UID", "星图ID"])
def test_creators_of_one_name_are_told_apart_by_their_ids(tmp_path, header):
    text = f"昵称,{header},粉丝数\n甲,7,10\n甲,8,20\n甲,8,30\n甲,,40\n甲 (9),1,50\n甲,9,60\n甲,x,70\n"
    found = read(written(tmp_path, text), PLAN)
    assert [(row.name, row.fans) for row in found.creators] == [
        ("甲", 10), ("甲 (8)", 20), ("甲 (9)", 50), ("甲 (x)", 70),
    ]  # fmt: skip
    assert [(n, str(why)) for n, why in found.skipped] == [
        (4, "the same name and id as row 3"), (5, "the same name as row 2"), (7, "the same name as row 6"),
    ]  # fmt: skip


@pytest.mark.system("K7")
def test_a_name_of_any_length_and_signs_is_a_name(tmp_path):
    long, family = "甲" * 120, "👨\u200d👩\u200d👧家"
    found = read(written(tmp_path, f"name,id,fans\n{long},1,10\n{long},22,10\n{family},3,10\n"), PLAN)
    assert [row.name for row in found.creators] == ["甲" * 100, "甲" * 95 + " (22)", family]


@pytest.mark.system("K7")
@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_a_separator_inside_a_cell_ends_no_row(tmp_path, separator):
    found = read(
        written(tmp_path, f"昵称,粉丝数,报价\r\n甲{separator}乙,20000,500\r\n丙,30000,600\r\n"), PLAN
    )
    assert [(row.name, row.fans) for row in found.creators] == [("甲乙", 20_000), ("丙", 30_000)]
    assert found.skipped == ()


@pytest.mark.system("K7")
@pytest.mark.parametrize(("row", "column", "place"), [(1_048_575, 16_383, "XFD1048576"), (5, 1_000, "ALM6")])
def test_a_stray_cell_far_outside_the_list_is_refused_by_its_place(tmp_path, row, column, place):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for k, cells in enumerate([("昵称", "粉丝数", "报价"), ("甲", 20_000, 500)]):
            sheet.write_row(k, 0, cells)
        sheet.write_blank(200_000, 5, None, book.add_format({"bold": True}))  # only looks
        aside = book.add_worksheet()
        aside.write(900_000, 9_000, "another sheet")
    assert [creator.name for creator in read(str(path), PLAN).creators] == ["甲"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("昵称", "粉丝数", "报价"))
        sheet.write(row, column, "x")
    with pytest.raises(UsageError, match=f"cell {place} is not empty.*at most 100,000 rows"):
        read(str(path), PLAN)


EIGHT = "name,fans,price\n" + "".join(
    f"{name},{fans},{price}\n"
    for name, fans, price in [
        ("a", 20_000, 900),
        ("b", 25_000, 1_000),
        *((f"c{k}", 900, 80) for k in range(6)),
    ]
)


@pytest.mark.system("K7")
def test_what_a_plan_books_stays_booked_beside_a_list(tmp_path):
    listed = read(written(tmp_path, EIGHT), PLAN)
    tiers = PLAN.with_values({"seeding.ratio": (0, 0, 0, 0, 1, 2), "seeding.scale": 2.0})
    assert listed.booked_from(tiers).seeding.counts == tiers.seeding.counts == (0, 0, 0, 0, 2, 4)
    assert listed.lacking(tiers, "en") == []
    assert listed.booked_from(PLAN).seeding.counts == (0,) * 6  # nobody was booked, so nobody is
    own = [{"name": name, "fans": 800, "price_cny": 90.0} for name in ("c4", "c5")]
    named = PLAN.with_values({"seeding.creators": own})
    assert [row.id for row in listed.booked_from(named).seeding.booked] == ["c4", "c5"]


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"seeding.ratio": (1, 0, 0, 0, 5, 2)}, "star 1 (of them 0), junior/KOC 5 (of them 2)"),
        ({"seeding.creators": [{"name": "else", "fans": 800, "price_cny": 90.0}]}, "books: else"),
    ],
)
def test_a_list_that_cannot_serve_what_the_plan_wrote_says_so_and_books_nobody(tmp_path, values, said):
    listed, plan = read(written(tmp_path, EIGHT), PLAN), PLAN.with_values(values)
    [told] = listed.lacking(plan, "en")
    assert told.endswith(said)
    assert listed.lacking(plan, "zh") != [told]
    assert not any(listed.booked_from(plan).seeding.counts)


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('"b,20000,600\nc,30000,700', "line 3: a cell begins with a quotation mark .* to line 4"),
        ('"b,20000,600\nc,300,7\n"d",9,9', "line 3: a cell begins with a quotation mark .* to line 5"),
    ],
)
def test_a_quotation_mark_that_swallows_lines_is_refused_by_its_line(tmp_path, lines, said):
    with pytest.raises(UsageError, match=said):
        read(written(tmp_path, f"name,fans,price\na,900,5\n{lines}\n"), PLAN)


@pytest.mark.system("K7")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_delimiter_is_told_by_rows_of_one_width_in_each_encoding(tmp_path, delimiter, encoding):
    text = "昵称,粉丝数,报价\n甲,1_200_000,12_000\n乙,1_300_000,13_000\n".replace(",", delimiter)
    found = read(written(tmp_path, text.replace("_", ","), encoding), PLAN)
    assert found.encoding == encoding
    assert [(row.fans, row.price_cny) for row in found.creators] == [(1_200_000, 12_000), (1_300_000, 13_000)]


@pytest.mark.system("K7")
def test_a_formula_without_a_value_is_no_price_of_0(tmp_path):
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("昵称", "粉丝数", "报价"))
        for n, value in enumerate(
            (0, 500, ""), 1
        ):  # 0 is what the writer puts down for what it does not know
            sheet.write_row(n, 0, (f"c{n}", 900))
            sheet.write_formula(n, 2, "=100*5", None, value)
        sheet.write_row(4, 0, ("c4", 900, 0))
    found = read(str(path), PLAN)
    unknown = PLAN.seeding.price_cny("amateur") * (900 / PLAN.seeding.tiers["amateur"].fans) ** 0.5
    assert [(row.name, row.price_cny) for row in found.creators] == [
        ("c2", 500), ("c3", round(unknown)), ("c4", 0),
    ]  # fmt: skip
    assert "price" in found.estimated["c3"]
    assert (found.skipped[0][0], str(found.skipped[0][1])) == (2, "column 报价 = '=100*5': " + FORMULA)


FORMULA = (
    "a formula without a value in the file (open it in Excel and save it); allowed: a number such as 12000, "
    "1.2万, 12k or 7.5w~10w; or - where it is not known"
)


@pytest.mark.system("K7")
@pytest.mark.parametrize("sign", ["\x07", "\u202e", "\u202d", "\u202c", "\u2067"])
def test_a_name_that_commands_the_terminal_is_left_out_and_told(tmp_path, sign):
    found = read(written(tmp_path, f"name,fans\na{sign}b,900\nשלום,900\n"), PLAN)
    assert [row.name for row in found.creators] == ["שלום"]
    assert [(n, str(why)) for n, why in found.skipped] == [(2, "a control character in the name")]
