"""Each form of export is known by its headers, and its cells are read by name, never by place."""

import random

import pytest

from sim.language.words import Words
from sim.reading import forms
from sim.reading.forms import called
from sim.reading.read import read
from sim.reading.told import told
from tests.reading.exports import SAMPLES, Sample, as_csv, as_xlsx, content_of


def taken(sample: Sample, content: bytes | None = None):
    return read(
        sample.name, contents={sample.name: content or content_of(sample)}, year=sample.year, account="a"
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_form_is_known_by_its_headers(sample):
    found = taken(sample)
    assert tuple(table.kind for table in found.files) == sample.kinds
    assert {table.platform for table in found.files} == {sample.platform}
    columns = {header: name for table in found.files for header, name in table.as_dict()["columns"].items()}
    assert columns == sample.columns


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_no_row_of_a_form_is_lost_and_no_cell_unreadable(sample):
    found = taken(sample)
    heads = len(sample.kinds)
    written = sum(any(str(cell) for cell in row) for rows in sample.sheets.values() for row in rows)
    assert sum(table.rows for table in found.files) == written - heads
    assert [one for table in found.files for one in table.unread] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_what_was_understood_of_a_form_is_told_in_both_languages(sample):
    for table in taken(sample).files:
        for language in ("en", "zh"):
            assert told(table, Words(language), lambda name, own=language: called(name, own))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_order_of_columns_changes_nothing(sample):
    if len(sample.kinds) > 1:
        pytest.skip("several tables")
    [(name, rows)] = sample.sheets.items()
    wide = max(map(len, rows))
    order = random.Random(7).sample(range(wide), wide)  # noqa: S311 - a shuffle
    moved = [[(row + [""] * wide)[k] for k in order] for row in rows]
    content = as_xlsx({name: moved}) if sample.name.endswith("xlsx") else as_csv(moved, sample.encoding)
    one, other = taken(sample), taken(sample, content)
    for kind, frame in one.frames.items():
        assert other.frames[kind].sort("row").equals(frame.sort("row")), kind


def test_rates_and_counts_of_one_stem_are_not_mixed_up():
    assert list(forms.meanings("点赞率")) == ["like_rate"]
    assert list(forms.meanings("点赞量（次）")) == ["likes"]
    assert list(forms.meanings("平均播放时长")) == ["avg_watch_s"]
    assert list(forms.meanings("播放人数")) == ["reach"]
    assert not forms.meanings("点赞成本")
    assert not forms.meanings("播放量环比")


def test_every_column_of_the_forms_is_in_the_tables_or_becomes_a_metric():
    held = {name for schema in forms.TABLES.values() for name in schema}
    metrics = {
        *forms.OVERVIEWS,
        *forms.DIMENSIONS,
        *forms.INDICES,
        *forms.METRICS,
        "posts",
        "period",
        "field",
    }
    assert {*forms.specs()} <= held | metrics
