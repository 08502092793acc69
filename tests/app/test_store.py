import json
import os
from pathlib import Path

import pytest

from sim.app.jobs import store
from sim.app.jobs.request import FIRST, Comparing
from sim.app.jobs.store import Answer, headed
from sim.app.jobs.variants import laid_out

SMALL = Comparing("classroom", 2_000, laid_out(("none", "star")), 4)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    return tmp_path


def document() -> Answer:
    return dict(json.loads(json.dumps(headed(SMALL))))


def finished(folder: Path, name: str, content: object) -> Path:
    work = folder / name
    work.mkdir()
    (work / "answer.json").write_text(json.dumps(content), encoding="utf-8")
    return work


def test_the_first_view_is_there_from_the_start() -> None:
    answer = store.found(FIRST)
    assert answer is not None
    assert "reach" in answer["comparisons"]


def test_an_answer_is_found_once_it_is_kept(folder: Path) -> None:
    assert store.found(SMALL) is None
    store.keep(finished(folder, "work-1", document()), SMALL)
    assert store.found(SMALL) == document()
    assert [place.name for place in folder.iterdir()] == [SMALL.key()]


def test_the_second_to_finish_gives_way(folder: Path) -> None:
    store.keep(finished(folder, "work-1", document()), SMALL)
    store.keep(finished(folder, "work-2", {**document(), "late": True}), SMALL)
    assert store.found(SMALL) == document()
    assert not (folder / "work-2").exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 0}', "null", '{"format": 2, "request": {}}'])
def test_a_broken_answer_is_no_answer_and_is_replaced(folder: Path, content: str) -> None:
    place = store.kept_at(SMALL)
    place.mkdir()
    (place / "answer.json").write_text(content, encoding="utf-8")
    assert store.found(SMALL) is None


def test_an_empty_folder_in_its_place_does_not_stop_an_answer(folder: Path) -> None:
    place = store.kept_at(SMALL)
    place.mkdir()
    (place / "half").touch()
    store.keep(finished(folder, "work-1", document()), SMALL)
    assert store.found(SMALL) == document()


def test_an_answer_counts_for_the_same_scenario_under_another_name(folder: Path) -> None:
    store.keep(
        finished(folder, "work-1", {**document(), "request": headed(SMALL)["request"] | {"users": None}}),
        SMALL,
    )
    assert store.found(SMALL) is not None


def test_an_answer_to_another_scenario_of_the_same_name_does_not_count(folder: Path) -> None:
    store.keep(finished(folder, "work-1", {**document(), "scenario_digest": "other"}), SMALL)
    assert store.found(SMALL) is None


def test_an_answer_of_other_rules_is_computed_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.keep(finished(folder, "work-1", {**document(), "rules_version": "another"}), SMALL)
    assert store.found(SMALL) is None


def test_the_longest_unused_answers_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_KEPT", 2)
    for age, name in enumerate(["new", "middle", "old"]):
        place = finished(folder, name, {})
        os.utime(place, (1e9 - age, 1e9 - age))
    crashed = finished(folder, "work-crashed", {})
    os.utime(crashed, (1e9, 1e9))
    finished(folder, "work-under-way", {})
    store.tidy()
    assert {place.name for place in folder.iterdir()} == {"new", "middle", "work-under-way"}
