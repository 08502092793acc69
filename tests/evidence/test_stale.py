"""Which sections of the page are stale; cheap, so not evidence itself."""

import json

import pytest

from tests.evidence import stale
from tests.evidence.page import (
    PAGE,
    SECTION,
    answers_version,
    carried,
    replaced,
    results_version,
    stamps,
    studies,
    today,
)

OLD = "# Evidence\n\n<!-- test_old -->\n## Old\n\nfigures\n<!-- end -->\n"


def test_a_section_says_on_which_results_it_rests_and_replaces_the_older_one() -> None:
    page = replaced(OLD, "test_new", "New", "figures")
    assert stamps(page) == {"test_old": None, "test_new": today()}
    page = replaced(page, "test_old", "Old", "others")
    assert stamps(page) == {"test_old": today(), "test_new": today()}
    assert "others" in page
    assert page.count("figures") == 1


def test_a_result_or_a_number_of_an_answer_that_moves_ages_and_a_sentence_does_not(tmp_path) -> None:
    frozen = {"busy": "12", "quiet": "34"}
    assert results_version(frozen) != results_version(frozen | {"busy": "13"})
    answer = {"text_en": "ahead", "low": [1.5, 2.0]}
    (tmp_path / "one.json").write_text(json.dumps(answer))
    before = answers_version(tmp_path)
    (tmp_path / "one.json").write_text(json.dumps(answer | {"text_en": "in front"}))
    assert answers_version(tmp_path) == before
    (tmp_path / "one.json").write_text(json.dumps(answer | {"low": [1.5, 2.1]}))
    assert answers_version(tmp_path) != before


def test_a_world_that_is_frozen_too_ages_no_section() -> None:
    page = replaced(OLD, "test_new", "New", "figures")
    more = carried(page, results_version(), "0badcafe")
    assert stamps(more)["test_new"] == today().replace(results_version(), "0badcafe")


def test_sections_of_unknown_or_other_results_without_a_test_or_never_run_are_stale() -> None:
    page = replaced(OLD, "test_new[a]", "New", "figures")
    page = replaced(page, "test_gone", "Gone", "figures")
    lines = list(stale.stale(page, ["test_old", "test_new", "test_idle"], today()))
    assert lines == [
        "test_old: made with results unknown",
        "test_gone: no test writes it any more",
        "test_idle: never run",
    ]
    assert f"test_new[a]: made with {today()}" in list(stale.stale(page, ["test_new"], "0"))


def test_what_is_stale_fails_a_release_and_nothing_else(
    tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "evidence.md"
    monkeypatch.setattr(stale, "PAGE", page)
    page.write_text(OLD, encoding="utf-8")
    assert (stale.main([]), stale.main(["--release"])) == (0, 1)
    assert "test_layouts_by_metric: never run" in capsys.readouterr().out
    text = ""
    for name in studies():
        text = replaced(text, name, "Title", "figures")
    page.write_text(text, encoding="utf-8")
    assert (stale.main([]), stale.main(["--release"])) == (0, 0)


def test_a_study_is_a_test_that_asks_for_a_section_and_no_helper_that_is_handed_it(tmp_path) -> None:
    (tmp_path / "test_some.py").write_text(
        "def write(name, section): ...\ndef test_writes(section): ...\ndef test_plain(): ...\n",
        encoding="utf-8",
    )
    assert list(studies(tmp_path)) == ["test_writes"]


def test_each_section_of_the_page_belongs_to_a_test() -> None:
    names = {name.partition("[")[0] for name in stamps(PAGE.read_text("utf-8"))}
    assert names
    assert names <= set(studies())
    assert len(SECTION.findall(PAGE.read_text("utf-8"))) == PAGE.read_text("utf-8").count("<!-- end -->")
