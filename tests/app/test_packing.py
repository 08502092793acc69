"""All plans as one file, and back."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from sim import storage
from sim.app.jobs import drafts, packing
from sim.app.jobs.drafts import Version
from sim.errors import RunError, UsageError
from tests.app.scenarios import text_of

pytestmark = pytest.mark.usefixtures("cache")


def made(title: str, note: str = "", origin: str = "") -> Version:
    return Version(f'name = "{title}"', title, note=note, origin=origin)


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on another server."""
    monkeypatch.setenv(storage.DATA, str(tmp_path / "other"))


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return content.getvalue()


def test_plans_come_in_elsewhere_under_their_names_with_notes_and_moments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drafts.keep(made("one"))
    last = drafts.save(first, made("two", note="for the boss"))
    drafts.note(last, {"estimated": {"a": ["price"]}})
    os.utime(drafts.file_of(last), (1_700_000_000, 1_700_000_000))
    raw = packing.packed()
    elsewhere(tmp_path, monkeypatch)
    assert len(packing.unpacked("plans.zip", raw)) == 1
    assert drafts.listed() == {last: "two"}
    assert drafts.notes(last) == {last: "for the boss"}
    assert drafts.versions(last)[last] == drafts.moment(last) == 1_700_000_000
    assert drafts.noted(last) == {"estimated": {"a": ["price"]}}
    assert len(packing.unpacked("plans.zip", raw)) == 0


def test_newer_versions_are_added_and_what_differs_becomes_another_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = drafts.keep(made("base"))
    early = packing.packed()
    theirs = drafts.save(base, made("theirs"))
    drafts.keep(made("child", origin=theirs))
    raw = packing.packed()
    elsewhere(tmp_path, monkeypatch)
    assert len(packing.unpacked("early.zip", early)) == 1
    assert len(packing.unpacked("late.zip", raw)) == 2
    assert list(drafts.listed().values()) == ["theirs", "child"]

    elsewhere(tmp_path / "third", monkeypatch)
    packing.unpacked("early.zip", early)
    ours = drafts.save(base, made("ours"))
    assert len(packing.unpacked("late.zip", raw)) == 2
    assert text_of(ours) == 'name = "ours"'
    child, other = (name for name in drafts.listed() if name != ours)
    assert other.partition(".")[0] != ours.partition(".")[0]
    assert [text_of(name) for name in drafts.versions(other)] == ['name = "theirs"', 'name = "base"']
    found = drafts.read(child)
    assert found is not None
    assert found.origin == other


def test_a_plan_that_was_deleted_comes_back_under_another_name() -> None:
    name = drafts.keep(made("x"))
    raw = packing.packed()
    drafts.delete(name)
    assert len(packing.unpacked("x.zip", raw)) == 1
    [back] = drafts.listed()
    assert back != name
    assert text_of(back) == 'name = "x"'


@pytest.mark.parametrize(
    "raw",
    [
        b"PK", b"", zipped(**{"my-0123456789abcdef.1.json": "{}"}),
        zipped(**{packing.MANIFEST: "{}", "my-0123456789abcdef.1.json": '{"text": 5}'}),
        zipped(**{packing.MANIFEST: "{}", "my-0123456789abcdef.note.json": "["}),
    ],
)  # fmt: skip
def test_what_is_no_file_of_plans_is_refused_and_nothing_is_written(raw: bytes) -> None:
    with pytest.raises(UsageError, match=r"x\.zip: is no file of plans"):
        packing.unpacked("x.zip", raw)
    assert drafts.listed() == {}


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    drafts.keep(made("x"))
    raw = packing.packed()
    monkeypatch.setattr(packing, "MOST_BYTES", 10)
    with pytest.raises(UsageError, match="no file of plans"):
        packing.unpacked("x.zip", raw)


def test_names_in_a_file_lead_nowhere_else(tmp_path: Path) -> None:
    packing.unpacked("x.zip", zipped(**{packing.MANIFEST: "{}", "../out.json": "{}", "my-0.1.json": "{}"}))
    assert drafts.listed() == {}
    assert not list(tmp_path.parent.glob("out.json"))


def test_more_plans_than_are_kept_are_refused_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for k in range(3):
        drafts.keep(made(str(k)))
    raw = packing.packed()
    elsewhere(tmp_path, monkeypatch)
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    with pytest.raises(RunError, match="no more than 2"):
        packing.unpacked("x.zip", raw)
    assert drafts.listed() == {}
