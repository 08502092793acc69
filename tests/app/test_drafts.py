"""Drafts: kept until deleted, listed by name, never written over."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.app.work import drafts
from sim.app.work.drafts import NewerError, Version
from sim.app.work.request import exists, plan_of
from sim.errors import RunError


@pytest.fixture(autouse=True)
def own_cache(cache: Path) -> Path:
    return cache


def named(title: str) -> Version:
    return Version(f'name = "{title}"', title)


def test_a_draft_is_a_scenario_like_any_other() -> None:
    name = drafts.keep(plan_of("classroom").with_values({"links.layout": "ring"}).to_toml(), "mine")
    assert exists(name)
    assert plan_of(name, 3_000).links.layout == "ring"
    assert plan_of(name, 3_000).audience.users == 3_000


def test_versions_stay_and_the_latest_is_listed() -> None:
    first = drafts.keep("", version=named("one"))
    other = drafts.keep('name = "other"', "other")
    second = drafts.save(first, named("two"))
    assert drafts.listed() == {second: "two", other: "other"}
    assert [drafts.text_of(name) for name in (first, second)] == ['name = "one"', 'name = "two"']
    assert drafts.latest(first) == drafts.latest(second) == second
    assert drafts.latest(first.partition(".")[0]) == second
    assert list(drafts.versions(first)) == [second, first]


def test_a_version_is_what_was_kept() -> None:
    version = Version(
        'name = "x"', "x", {"name": "", "links": {"edges": [["a", None, None]]}}, "classroom", "y"
    )
    assert drafts.read(drafts.keep("", version=version)) == version


def test_of_many_who_save_at_once_one_is_first_and_nothing_is_lost() -> None:
    name = drafts.keep("", version=named("start"))

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
    name = drafts.keep('name = "x"', "x")
    second = drafts.save(name, named("y"))
    drafts.delete(name)
    assert drafts.listed() == {}
    assert drafts.text_of(second) is None
    assert drafts.latest(name) is None
    with pytest.raises(RunError, match="deleted"):
        drafts.save(second, named("z"))


def test_no_draft_makes_room_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    names = [drafts.keep(f'name = "{k}"') for k in range(2)]
    with pytest.raises(RunError, match="2 drafts are kept already"):
        drafts.keep('name = "third"')
    assert all(map(exists, names))


@pytest.mark.parametrize(
    "name", ["my-0123456789abcdef", "my-0123456789abcdef.0", "../x", "my-../../x.1", "my-0.1"]
)
def test_no_other_name_is_a_version(name: str) -> None:
    assert drafts.read(name) is None
    assert drafts.latest(name) is None


def test_half_a_file_is_no_version(cache: Path) -> None:
    name = drafts.keep('name = "x"', "x")
    (cache / "scenarios" / f"{name}.json").write_text('{"text": "na', encoding="utf-8")
    assert drafts.read(name) is None
    assert not exists(name)
    assert drafts.listed() == {name: name}
