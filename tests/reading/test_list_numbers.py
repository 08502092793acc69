"""Numbers of a price list: spans, units, currencies, rates and decimal marks."""

import math

import pytest

from sim.errors import UsageError
from sim.reading.price_list import read
from tests.reading.lists import PLAN, written


def test_a_range_is_its_geometric_mean(tmp_path):
    [row] = read(written(tmp_path, "name,fans\na,7.5w~10w\n"), PLAN).creators
    assert row.fans == round(math.sqrt(75_000 * 100_000))


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("cell", "fans"), [("1.2", 12_000), ("1.2万", 12_000), ("1.2w", 12_000), ("8千", 8_000)]
)
def test_a_number_that_says_its_size_is_not_multiplied_by_its_header_again(tmp_path, cell, fans):
    found = read(written(tmp_path, f"昵称,粉丝数（万）,报价\n甲,{cell},500\n"), PLAN)
    assert [row.fans for row in found.creators] == [fans]


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        ("1.2-3万", (12_000, 30_000)),
        ("5-10w", (50_000, 100_000)),
        ("1.2w~3", (12_000, 30_000)),
        ("9000-1.2万", (9_000, 12_000)),
        ("1.2万-15000", (12_000, 15_000)),
        ("500~1k", (500, 1_000)),
    ],
)
def test_a_unit_at_one_end_of_a_span_belongs_to_both_where_that_is_nearer(tmp_path, cell, ends):
    [row] = read(written(tmp_path, f"name,fans,price\na,{cell},{cell}\n"), PLAN).creators
    assert row.fans == row.price_cny == round(math.sqrt(ends[0] * ends[1]))


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("unit", "times"),
    [
        ("(w)", 1e4), ("（万）", 1e4), ("(万人)", 1e4), ("[单位：万]", 1e4), ("(k)", 1e3), ("（千元）", 1e3),
        ("（百万）", 1e6), ("(M)", 1e6), ("(亿)", 1e8), ("（元）", 1), ("(千川)", 1), ("(近30天,万)", 1e4),
        ("(RMB k)", 1e3), ("('000)", 1e3),
    ],
)  # fmt: skip
def test_a_unit_in_a_header_holds_for_its_column_and_is_told(tmp_path, unit, times):
    found = read(written(tmp_path, f'昵称,粉丝数,"报价{unit}"\n甲,900,1.5\n'), PLAN)
    assert found.creators[0].price_cny == 1.5 * times
    said = [f"  column 报价{unit}: in units of {times:,.0f}"] if times > 1 else []
    assert found.told("en")[1:] == said
    assert found.as_dict()["notes"] == [line.strip() for line in said]


@pytest.mark.system("K7")
def test_prices_in_another_currency_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"column price \(USD\): prices in usd; allowed: CNY"):
        read(written(tmp_path, "name,fans,price (USD)\na,900,100\n"), PLAN)


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("fit(%)", ["0.8", "3.5", "2%"], "in per cent, as its header says"),
        ("fit", ["0.8", "3.5", "2%"], "in per cent, since some numbers are above 1"),
    ],
)
def test_rates_are_per_cent_by_the_column_never_by_the_cell(tmp_path, header, cells, said):
    rows = "".join(f"c{k},900,{cell}\n" for k, cell in enumerate(cells))
    found = read(written(tmp_path, f"name,fans,{header}\n{rows}Total,900,400\n"), PLAN)
    assert [row.audience_fit for row in found.creators] == pytest.approx([0.008, 0.035, 0.02])
    assert found.told("en")[1] == f"  column {header}: {said}"
    shares = read(written(tmp_path, "name,fans,fit\na,900,0.8\nb,900,0.5\nTotal,900,1.3\n"), PLAN)
    assert [row.audience_fit for row in shares.creators] == [0.8, 0.5]  # a row of totals tells nothing


@pytest.mark.system("K7")
@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("b,0.4,5", "column fans = '0.4': below 1; "),
        ("b,12.5,5", "column fans = '12.5': no whole number of people, and no unit such as 万"),
        ("b,900,0.004", "column price = '0.004': below 0.01; "),
        ("b,900,=5+5", "column price = '=5+5': a formula without a value in the file"),
        ("b,1.200,5", "column fans = '1.200': its point may divide thousands or decimals"),
        ("b,100-80,5", "column fans = '100-80': allowed: "),
    ],
)
def test_a_number_that_would_be_another_one_is_left_out_and_told(tmp_path, row, said):
    found = read(written(tmp_path, f"name,fans,price\na,900,0.4\n{row}\n"), PLAN)
    assert [(creator.name, creator.price_cny) for creator in found.creators] == [("a", 0.4)]
    assert str(found.skipped[0][1]).startswith(said)


@pytest.mark.system("K7")
def test_a_column_with_a_decimal_comma_is_read_with_it_and_told(tmp_path):
    text = 'name,fans,price\na,1.200,"1.200,50"\nb,2.345.000,"12,5"\n'
    found = read(written(tmp_path, text), PLAN)
    assert [(row.fans, row.price_cny) for row in found.creators] == [(1_200, 1_200.5), (2_345_000, 12.5)]
    assert found.told("en")[1:] == [
        f"  column {key}: with a decimal comma, 1.200,5 is 1200.5" for key in ("fans", "price")
    ]
    usual = read(written(tmp_path, 'name,fans,price\na,900,"1,200"\nb,900,"12,5"\nc,900,"1,2000"\n'), PLAN)
    assert [row.price_cny for row in usual.creators] == [1_200, 12_000]
    assert [n for n, _ in usual.skipped] == [3]
