"""What a strategist reads in place of a researcher's sentences."""

import re
from string import Formatter

import pytest

from sim.language.plain import PLAIN, told
from sim.language.words import BETWEEN, Language, Words
from sim.make_words import translated

JARGON = re.compile(
    r"\bseeds?\b|\bvariants?\b|intervals?\b|\bdigests?\b|%|Jaccard|CRPS|种子|置信|区间|指纹|配对",
    re.IGNORECASE,
)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_each_replaces_a_sentence_that_is_said_with_the_same_facts_and_has_no_jargon() -> None:
    said = {(m.context, m.id): {place for place, _ in m.locations} for m in translated() if m.id}
    for whole, plain in PLAIN.items():
        context, _, text = whole.rpartition(BETWEEN)
        assert said[context or None, text] - {"language/plain.py"}, text
        assert places(plain) <= places(text)
        for language in ("en", "zh"):
            assert not JARGON.search(re.sub("{.*?}", "", Words(language)(plain))), plain


@pytest.mark.parametrize(
    ("language", "whole", "plain"),
    [
        (
            "en",
            "A is best: it earns CNY 6 more than B, the runner-up (95 % interval CNY 1 to 9, 16 seeds).",
            "A is best: it earns CNY 6 more than B, the runner-up (likely CNY 1 to 9, 16 rounds).",
        ),
        (
            "en",
            "None is 3% behind (95 % intervals, 16 seeds). None is 2 % (95 % intervals that hold together).",
            "None is 3% behind (16 rounds). None is 2 %.",
        ),
        ("en", "4 h from Monday 08:00 Beijing time, seed 7.", "4 h from Monday 08:00 Beijing time."),
        (
            "zh",
            "甲效果最好：利润比第二名乙高 6 元（95% 置信区间 1～9 元，16 轮配对模拟）。",
            "甲效果最好：利润比第二名乙高 6 元（可能范围 1～9 元，16 轮模拟）。",
        ),
        (
            "zh",
            "任选其一即可（5%；95% 置信区间，16 轮配对模拟）。落后均不超过 2%（95% 置信区间，同时成立）。",
            "任选其一即可（5%；16 轮模拟）。落后均不超过 2%。",
        ),
        ("zh", "时长：4小时，从北京时间周一08:00开始，随机种子7。", "时长：4小时，从北京时间周一08:00开始。"),
    ],
)  # fmt: skip
def test_what_an_answer_holds_is_told_in_plain_words_to_a_strategist_alone(
    language: Language, whole: str, plain: str
) -> None:
    assert told(whole, Words(language, PLAIN)) == plain
    assert told(whole, Words(language)) == whole


def test_a_plan_may_be_called_as_researchers_speak() -> None:
    assert told("Pumpkin seeds is best.", Words("en", PLAIN)) == "Pumpkin seeds is best."
