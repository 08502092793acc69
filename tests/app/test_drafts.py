"""Drafts: kept until deleted, listed by name, never written over."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from sim import storage
from sim.app.jobs import drafts
from sim.app.jobs.drafts import NAME, NewerError, Version
from sim.app.jobs.request import exists, plan_of
from sim.errors import RunError
from tests.app.scenarios import text_of

pytestmark = pytest.mark.usefixtures("cache")


def named(title: str) -> Version:
    return Version(f'name = "{title}"', title)


def test_a_draft_is_a_scenario_like_any_other() -> None:
    name = drafts.keep(Version(plan_of("classroom").with_values({"links.layout": "ring"}).to_toml(), "mine"))
    assert exists(name)
    assert plan_of(name, 3_000).links.layout == "ring"
    assert plan_of(name, 3_000).audience.users == 3_000


def test_versions_stay_and_the_latest_is_listed() -> None:
    first = drafts.keep(named("one"))
    other = drafts.keep(named("other"))
    second = drafts.save(first, named("two"))
    assert drafts.listed() == {second: "two", other: "other"}
    assert [text_of(name) for name in (first, second)] == ['name = "one"', 'name = "two"']
    assert drafts.latest(first) == drafts.latest(second) == second
    assert drafts.latest(first.partition(".")[0]) == second
    assert list(drafts.versions(first)) == [second, first]


def test_a_version_is_what_was_kept() -> None:
    version = Version(
        'name = "x"', "x", {"name": "", "links": {"edges": [["a", None, None]]}}, "classroom", "y"
    )
    assert drafts.read(drafts.keep(version)) == version


def test_of_many_who_save_at_once_one_is_first_and_nothing_is_lost() -> None:
    name = drafts.keep(named("start"))

    def save(k: int) -> str:
        try:
            return drafts.save(name, named(str(k)))
        except NewerError as error:
            return "" if exists(error.name) else "lost"

    with ThreadPoolExecutor(8) as pool:
        saved = [found for found in pool.map(save, range(24)) if found]
    assert saved == [drafts.latest(name)]
    assert len(drafts.versions(name)) == 2


def test_a_deleted_draft_is_gone_and_cannot_be_saved_over() -> None:
    name = drafts.keep(named("x"))
    second = drafts.save(name, named("y"))
    drafts.delete(name)
    assert drafts.listed() == {}
    assert drafts.read(second) is None
    assert drafts.latest(name) is None
    with pytest.raises(RunError, match="deleted"):
        drafts.save(second, named("z"))


def test_of_one_who_saves_and_one_who_deletes_at_once_no_lone_version_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, found = drafts.keep(named("x")), drafts.versions

    def slow(draft: str) -> dict[str, float]:
        seen = found(draft)
        saving = pool.submit(drafts.save, name, named("y"))
        wait([saving], timeout=0.5)  # it has to wait for the one who deletes
        return seen

    monkeypatch.setattr(drafts, "versions", slow)
    with ThreadPoolExecutor(1) as pool:
        drafts.delete(name)
    assert drafts.listed() == {}


def test_one_draft_is_asked_for_without_looking_at_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    name, other = drafts.keep(named("x")), drafts.keep(named("y"))
    looked = []

    class Looking:
        @staticmethod
        def fullmatch(stem: str) -> re.Match[str] | None:
            looked.append(stem)
            return NAME.fullmatch(stem)

    monkeypatch.setattr(drafts, "NAME", Looking)
    assert drafts.latest(name) == name
    assert list(drafts.versions(name)) == [name]
    assert other not in looked


def test_drafts_are_no_cache_and_are_refused_where_they_would_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MATRIXSIM_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("MATRIXSIM_CACHE", str(tmp_path / "cache"))
    assert not storage.data_base().is_relative_to(storage.cache_base())
    (tmp_path / "file").touch()
    monkeypatch.setenv("MATRIXSIM_DATA", str(tmp_path / "file"))
    with pytest.raises(RunError, match="no draft is kept; MATRIXSIM_DATA=folder names another"):
        drafts.keep(named("x"))


def test_no_draft_makes_room_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    names = [drafts.keep(named(str(k))) for k in range(2)]
    with pytest.raises(RunError, match="no more than 2 plans are kept"):
        drafts.keep(named("third"))
    assert all(map(exists, names))


@pytest.mark.parametrize(
    "name", ["my-0123456789abcdef", "my-0123456789abcdef.0", "../x", "my-../../x.1", "my-0.1"]
)
def test_no_other_name_is_a_version(name: str) -> None:
    assert drafts.read(name) is None
    assert drafts.latest(name) is None


def test_half_a_file_is_no_version(cache: Path) -> None:
    name = drafts.keep(named("x"))
    (cache / "scenarios" / f"{name}.json").write_text('{"text": "na', encoding="utf-8")
    assert drafts.read(name) is None
    assert not exists(name)
    assert drafts.listed() == {name: name}


@pytest.mark.parametrize(
    "damaged", ["[" * 100_000, '{"text": 5}', '{"text": "x", "title": {"a": 1}}', "null"]
)
def test_one_damaged_draft_leaves_the_others_listed(damaged: str) -> None:
    name = drafts.keep(named("whole"))
    other = storage.data_base() / "scenarios" / "my-00000000000000bb.1.json"
    other.write_text(damaged, encoding="utf-8")
    assert drafts.read(other.stem) is None
    assert drafts.listed() == {other.stem: other.stem, name: "whole"}


def test_a_version_with_a_note_outlives_those_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_VERSIONS", 2)
    name = drafts.keep(named("1"))
    for k in range(2, 7):
        name = drafts.save(name, Version(f'name = "{k}"', str(k), note="agreed" if k == 2 else ""))
    assert [drafts.number_of(version) for version in drafts.versions(name)] == [6, 5, 2, 1]
    assert list(drafts.notes(name).values()) == ["agreed"]
