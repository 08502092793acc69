"""The sentence of a verdict, in both languages."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.estimate import Code, Estimate, Floats, Verdict, estimates, settled
from sim.analysis.named import layout_name
from sim.analysis.wording import LEADS, SENTENCES, sentence
from sim.language.names import LAYOUT
from sim.language.vocabulary import METRIC
from sim.language.words import Language

BOTH: tuple[Language, ...] = ("en", "zh")


def row(variant: int, mean: float, difference: float = 0.0, low: float = 0.0, high: float = 0.0) -> Estimate:
    return Estimate(variant, mean, mean - 1, mean + 1, difference, low, high, 0.5, 0.5, 0.0)


def verdict(
    code: Code, tied: tuple[int, ...], worse: tuple[int, ...] = (), probably: tuple[int, ...] = ()
) -> Verdict:
    order = tied + probably + worse
    return Verdict(code, order[0], order[min(1, len(order) - 1)], tied, worse, probably, 16, 0.05)


def won(
    runner_up: Estimate, metric: str, language: Language, names: tuple[str, str] = ("star", "ring")
) -> str:
    shown = [layout_name(name, language, in_sentence=True) for name in names]
    rows = [row(0, runner_up.mean - runner_up.difference), runner_up]
    return sentence(verdict("winner", (0,), (1,)), rows, shown, metric, language)


AHEAD = row(1, 10_000.0, -1_200.0, -1_600.0, -800.0)
NOTHING = row(1, 0.0, -1_200.0, -1_600.0, -800.0)


def test_winner_in_english():
    assert won(AHEAD, "reach", "en") == (
        "Star is best: it reaches 12 % more people than ring, the runner-up"
        " (95 % interval 8 % to 16 %, 16 seeds)."
    )


def test_winner_in_chinese():
    assert won(AHEAD, "reach", "zh") == (
        "星形布局效果最好：触达人数比第二名环形布局多 12%（95% 置信区间 8%～16%，16 轮配对模拟）。"
    )


@pytest.mark.parametrize(
    ("gap", "metric", "english", "chinese"),
    [
        (AHEAD, "follows", "it wins 12 % more followers than ring,", "涨粉数比第二名环形布局多 12%（"),
        (AHEAD, "orders", "it brings 12 % more orders than ring,", "订单数比第二名环形布局多 12%（"),
        (AHEAD, "gmv", "it brings 12 % more sales (GMV) than ring,", "成交额（GMV）比第二名环形布局高 12%（"),
        (AHEAD, "roi", "its ROI is 12 % higher than that of ring,", "ROI 比第二名环形布局高 12%（"),
        (
            NOTHING,  # over which a gap is given in plain numbers
            "reach",
            "reaches 1,200 more people than ring, the runner-up (95 % interval 800 to 1,600, ",
            "多 1,200 人（95% 置信区间 800～1,600 人，",
        ),
        (
            NOTHING,
            "gmv",
            "brings CNY 1,200 more sales (GMV) than ring, the runner-up (95 % interval CNY 800 to 1,600,",
            "高 1,200 元（95% 置信区间 800～1,600 元，",
        ),
        (NOTHING, "orders", "brings 1,200 more orders", "多 1,200 单（"),
    ],
)
def test_each_metric_has_its_own_words(gap, metric, english, chinese):
    assert english in won(gap, metric, "en")
    assert chinese in won(gap, metric, "zh")


def test_effect_over_a_loss_is_given_in_plain_numbers():
    loss = row(1, -5.0, -0.36, -0.42, -0.30)
    assert "its ROI is 0.36 higher than that of ring, the runner-up (95 % interval 0.30 to 0.42," in won(
        loss, "roi", "en"
    )


def test_large_numbers_are_shortened_in_each_languages_way():
    large = row(1, 0.0, -23_400_000.0, -30_000_000.0, -20_000_000.0)
    english, chinese = won(large, "reach", "en"), won(large, "reach", "zh")
    assert "it reaches 23M more people than ring, the runner-up (95 % interval 20M to 30M," in english
    assert "多 2,340 万人（95% 置信区间 2,000～3,000 万人，" in chinese


def test_chance_of_a_hit_is_compared_in_points():
    rows = row(1, 0.05, -0.9, -1.0, -0.7)
    assert "is 90 points higher than that of ring, the runner-up (95 % interval 70 to 100 points," in won(
        rows, "hit", "en"
    )
    assert "出爆款的概率比第二名环形布局高 90 个百分点（95% 置信区间 70～100 个百分点，" in won(
        rows, "hit", "zh"
    )


def test_a_winners_lower_limit_is_not_rounded_to_nothing():
    assert "(95 % interval 0.4 % to 23.6 %," in won(row(1, 1_000.0, -120.0, -236.0, -4.0), "reach", "en")
    assert "0.10 % more" in won(row(1, 1_000.0, -1.0, -1.3, -0.7), "reach", "en")


def test_confidence_is_printed_as_given():
    rows = [row(0, 11_200.0), AHEAD]
    text = sentence(verdict("winner", (0,), (1,)), rows, ["a", "b"], "reach", "en", confidence=0.975)
    assert "(97.5 % interval" in text


def test_variants_that_cannot_be_told_apart_are_listed_and_the_rest_named():
    found = verdict("cannot_tell_apart", (0, 3), (1,), (2,))
    rows = [row(index, 10.0) for index in range(4)]
    names = ["star", "none", "mesh", "ring"]
    assert sentence(found, rows, names, "reach", "en") == (
        "These cannot be told apart with 16 seeds: star, ring. None is behind star by more than 0.0 %"
        " (95 % intervals that hold together). Probably worse: mesh. Worse: none."
    )
    chinese = [layout_name(name, "zh", in_sentence=True) for name in names]
    assert sentence(found, rows, chinese, "reach", "zh") == (
        "在 16 轮模拟下无法区分：星形布局、环形布局。"
        "落后星形布局的幅度均不超过 0.0%（95% 置信区间，同时成立）。"
        "可能较差：网状布局。明显较差：无联动布局。"
    )


@pytest.mark.parametrize(
    ("needed", "english", "chinese"),
    [
        (4_231, "about 4,300 would.", "约需 4,300 次。"),
        (97, "about 97 would.", "约需 97 次。"),
        (2_000_000, "nor could 100,000.", "100,000 次也不够。"),
    ],
)
def test_a_bound_that_says_nothing_gives_way_to_the_seeds_that_would_do(needed, english, chinese):
    found = verdict("cannot_tell_apart", (0, 1))._replace(within=14.3, needed=needed)
    rows = [row(0, 10.0), row(1, 9.0)]
    said = sentence(found, rows, ["star", "ring"], "reach", "en")
    assert said.endswith(english)
    assert "None is behind" not in said
    assert sentence(found, rows, ["星形布局", "环形布局"], "reach", "zh").endswith(chinese)


def test_a_bound_beyond_all_that_the_best_has_is_said_in_words():
    found, rows = verdict("cannot_tell_apart", (0, 1))._replace(within=110.67), [row(0, 1.0), row(1, 0.9)]
    said = sentence(found, rows, ["star", "ring"], "roi", "en")
    assert (
        said
        == "These cannot be told apart with 16 seeds: star, ring. How far apart they are cannot be told yet."
    )
    assert "%" not in sentence(found, rows, ["星形布局", "环形布局"], "roi", "zh")
    assert "by more than CNY 111" in sentence(found, rows, ["star", "ring"], "profit", "en")  # about nothing


def test_a_lead_of_many_times_the_runner_up_is_told_in_its_own_unit():
    text = won(row(1, 0.5, -40.0, -55.0, -25.0), "follows", "en")
    assert "it wins 40 more followers than ring, the runner-up (95 % interval 25 to 55," in text


def test_nobody_is_called_worse_when_all_are_tied():
    found = verdict("cannot_tell_apart", (1, 0))
    text = sentence(found, [row(0, 1.0), row(1, 2.0)], ["star", "ring"], "reach", "en")
    assert text == (
        "These cannot be told apart with 16 seeds: ring, star."
        " None is behind ring by more than 0.0 % (95 % intervals that hold together)."
    )


def test_identical_variants_are_said_to_be_so():
    found, rows = verdict("identical", (0, 1)), [row(0, 1.0), row(1, 1.0)]
    assert sentence(found, rows, ["star", "B"], "roi", "en") == (
        "No difference seen: star, B gave exactly the same result in each of 16 seeds (ROI). Up to 17 % of"
        " launches may still differ: too rare to tell at this number of seeds."
    )
    assert sentence(found, rows, ["星形布局", "B"], "roi", "zh") == (
        "未见差别：星形布局、B 在 16 轮模拟中每次结果都完全相同（ROI）。"
        "实际最多仍可能有 17% 的情形不同：差异太少，目前的模拟轮数无法判断。"
    )


def seldom(variant: int, gaps: list[float]) -> Estimate:
    """A row whose differences to the best are 0 but for a few, so that its interval was refused."""
    return estimates(np.array([np.arange(16.0), np.arange(16.0) + gaps]))[1]._replace(variant=variant)


def test_what_differs_too_rarely_is_said_to_be_too_rare_and_never_given_a_bound():
    found = verdict("cannot_tell_apart", (0, 1, 2))._replace(within=np.inf)
    rows = [row(0, 10.0), seldom(1, [-1.0, *[0.0] * 15]), seldom(2, [-1.0, -3.0, -1.0, *[0.0] * 13])]
    assert sentence(found, rows, ["star", "none", "mesh"], "reach", "en") == (
        "These cannot be told apart with 16 seeds: star, none, mesh. None, mesh gave another result than star"
        " in 1 to 3 of 16 launches, which leaves up to 42 % possible: too rare to tell at this number of"
        " seeds, about 72 would do."
    )
    chinese = [layout_name(name, "zh", in_sentence=True) for name in ("star", "none", "mesh")]
    assert sentence(found, rows, chinese, "reach", "zh") == (
        "在 16 轮模拟下无法区分：星形布局、无联动布局、网状布局。"
        "无联动布局、网状布局与星形布局在 16 轮模拟中有 1～3 次结果不同，"
        "实际比例最高可能达 42%：差异太少，目前的模拟轮数无法判断，约需 72 轮。"
    )


def test_a_mean_without_an_interval_is_given_without_one():
    alone = [Estimate(0, 0.125, None, None, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0)]
    text = sentence(verdict("alone", (0,)), alone, ["star"], "orders", "en")
    assert "on average, too rare to give an interval (16 seeds)." in text
    assert "出现太少，无法给出区间" in sentence(verdict("alone", (0,)), alone, ["star"], "orders", "zh")


def test_one_variant_alone_is_described():
    found = verdict("alone", (0,))
    rows = [Estimate(0, 19_500.0, 18_500.0, 20_400.0, 0.0, 0.0, 0.0, 1.0, 1.0, 18_000.0)]
    assert sentence(found, rows, ["star"], "reach", "en") == (
        "Star is the only variant; reach: 19.5K on average (95 % interval 18.5K to 20.4K, 16 seeds)."
    )
    assert sentence(found, rows, ["A组"], "reach", "zh") == (
        "只有 A组一个方案。触达人数：平均 1.95 万人（95% 置信区间 1.85～2.04 万人，16 轮模拟）。"
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("My plan", "My plan is best"),
        ("beauty_matrix.toml", "Beauty_matrix.toml is best"),
        ("{best} %s {0}", "{best} %s {0} is best"),
        ("two\nlines\x1b[31m", "Two lines [31m is best"),
        ("star, ring", '"star, ring" is best'),
        ("  ", "Variant 1 is best"),
    ],
)
def test_names_are_any_text(name, shown):
    text = won(AHEAD, "reach", "en", (name, "ring"))
    assert text.startswith(shown)
    assert text.isprintable()


def test_latin_names_are_set_off_from_chinese():
    assert won(AHEAD, "reach", "zh", ("Plan A", "Plan B")).startswith(
        "Plan A 效果最好：触达人数比第二名 Plan B 多 12%"
    )


def test_layouts_have_chinese_names_and_other_text_stays():
    assert [layout_name(key, "zh") for key in LAYOUT] == [
        "无联动", "单账号", "星形", "环形", "链式", "树形", "网状", "自定义",
    ]  # fmt: skip
    assert layout_name("star", "en", in_sentence=True) == "star"
    assert layout_name("我的方案", "zh", in_sentence=True) == "我的方案"


def test_every_metric_and_code_is_worded_in_both_languages():
    assert set(LEADS) == set(METRIC)
    assert set(get_args(Code)) <= set(SENTENCES)


def test_unknown_metric_and_missing_names_are_refused():
    with pytest.raises(ValueError, match="allowed: reach"):
        sentence(verdict("identical", (0, 1)), [row(0, 1.0)] * 2, ["a", "b"], "likes", "en")
    with pytest.raises(ValueError, match="1 names and 2 rows for 2 variants"):
        sentence(verdict("identical", (0, 1)), [row(0, 1.0)] * 2, ["a"], "reach", "en")


def table(kind: str, rng: np.random.Generator) -> Floats:
    base = rng.normal(size=(4, 16)) * 10.0 ** rng.integers(-6, 10)
    return {"noise": base, "flat": base * 0.0, "spread": base + np.abs(base).max() * np.arange(4.0)[:, None]}[
        kind
    ]


@given(
    st.sampled_from(["noise", "flat", "spread"]),
    st.integers(0, 10_000),
    st.lists(st.text(max_size=12), min_size=4, max_size=4),
    st.sampled_from([metric for metric in METRIC if metric != "hit"]),
    st.sampled_from(BOTH),
)
def test_any_comparison_has_a_sentence(kind, seed, names, metric, language):
    values = table(kind, np.random.default_rng(seed))
    text = sentence(settled(values), estimates(values), names, metric, language)
    assert text.isprintable()
    assert text.endswith("." if language == "en" else "。")
    assert not any(word in text for word in ("nan", "inf ", "-0 ")) or any("nan" in name for name in names)
