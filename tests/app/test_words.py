import re

import pytest

from sim import make_words
from sim.analysis import named
from sim.app.pages.learn import diary
from sim.app.ui.names import KINDS, SCENARIOS, layout_name, metric_name, people
from sim.language.names import LAYOUT
from sim.language.vocabulary import METRICS
from sim.language.words import Words, nearest_language
from sim.rules.brand import STAGES
from sim.scenario.matrix import LAYOUTS as KNOWN_LAYOUTS
from sim.scenario.shipped import shipped


def keys(catalogue: make_words.Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalogue if message.id}


def test_every_text_is_translated_and_none_is_left_over() -> None:
    assert keys(make_words.translated()) == keys(make_words.written())


def test_no_translation_is_empty_or_doubtful() -> None:
    for message in make_words.translated():
        assert message.string, message.id
        assert not message.fuzzy or not message.id, message.id


def test_translations_have_the_same_places_to_fill() -> None:
    for message in make_words.translated():
        if message.id and message.id not in NAMES:
            places = [set(re.findall(r"{\w+", str(text))) for text in (message.id, message.string)]
            assert places[0] == places[1], message.id


NAMES = {
    "Instagram",
    "TikTok Studio",
    "YouTube Studio",
    "{number:g} per cent",
    "{number:g} × {times:.10g}",
}
"""What Chinese writes in letters and signs as well."""


def test_translations_are_chinese() -> None:
    for message in make_words.translated():
        if message.id and message.id not in NAMES:
            assert re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", str(message.string)), message.id


def test_the_compiled_catalogue_is_that_of_the_readable_one() -> None:
    assert make_words.COMPILED.read_bytes() == make_words.compiled(make_words.translated())


def test_a_word_with_two_meanings_is_found_by_its_context() -> None:
    assert layout_name(Words("zh"), "star") == "星形"
    assert layout_name(Words("en"), "star") == "Star"


def test_layouts_are_called_as_in_the_verdict() -> None:
    assert list(LAYOUT) == list(KNOWN_LAYOUTS)
    for layout in LAYOUT:
        assert layout_name(Words("zh"), layout) == named.layout_name(layout, "zh")
        said = named.layout_name(layout, "en", in_sentence=True)
        assert layout_name(Words("en"), layout) == named.capitalised(said)


def test_every_stage_towards_the_brand_has_a_name() -> None:
    assert len(diary.STAGE_NAMES) == len(STAGES)


def test_everything_shipped_and_every_metric_has_a_name() -> None:
    assert set(SCENARIOS) == set(shipped())
    assert list(KINDS) == list(METRICS)
    assert metric_name(Words("zh"), "reach") == "触达人数"
    assert metric_name(Words("en"), "hit") == "Chance of a hit"


def test_people_are_counted_as_each_language_counts() -> None:
    assert [people(Words("zh"), n) for n in (2_000, 100_000)] == ["2,000 人", "10 万人"]
    assert [people(Words("en"), n) for n in (2_000, 100_000)] == ["2,000 people", "100K people"]


@pytest.mark.parametrize(
    ("wishes", "language"),
    [("zh-CN", "zh"), ("zh-HK,en;q=0.7", "zh"), ("en-GB,zh;q=0.5", "en"), ("fr", "en"), ("", "en")],
)
def test_the_first_language_of_the_browser_counts(wishes: str, language: str) -> None:
    assert nearest_language(wishes) == language
