"""Classes that answer together: nothing but answers is kept, until the teacher ends them."""

from pathlib import Path

import pytest

from sim.app.jobs import rooms
from sim.errors import RunError

pytestmark = pytest.mark.usefixtures("cache")
PUPILS = [f"{k:012x}" for k in range(30)]


def test_a_class_keeps_the_last_answer_of_each_pupil_and_no_more_than_that(cache: Path) -> None:
    code, room = rooms.begin("luck", 3)
    for k, pupil in enumerate(PUPILS):
        rooms.say(code, "luck", "before", pupil, "much" if k % 3 else "some")
    rooms.say(code, "luck", "before", PUPILS[0], "huge")
    rooms.say(code, "luck", "after", PUPILS[0], "alike")
    assert rooms.counts(code, "luck", "before") == {"much": 20, "some": 9, "huge": 1}
    assert rooms.counts(code, "luck", "after") == {"alike": 1}
    assert rooms.counts(code, "links", "before") == {}
    assert rooms.said(code, "luck", "before", PUPILS[1]) == "much"
    assert rooms.said(code, "luck", "after", PUPILS[1]) is None
    kept = {file.read_text("utf-8") for file in cache.rglob("luck.*")}
    assert kept == {f'{{"answer": "{said}"}}' for said in ("much", "some", "huge", "alike")}
    assert rooms.found(code) == room


def test_a_class_goes_where_its_teacher_goes_and_is_gone_when_it_is_ended(cache: Path) -> None:
    code, room = rooms.begin("luck", 1)
    rooms.go_to(code, "links", 2)
    rooms.show(code, "links")
    now = rooms.found(code)
    assert now is not None
    assert (now.lesson, now.seed, now.shown) == ("links", 2, ("links",))
    assert rooms.teaches(now, room.key)
    assert not rooms.teaches(now, "")
    rooms.say(code, "links", "before", PUPILS[0], "more")
    rooms.end(code)
    assert rooms.found(code) is None
    assert not list((cache / "classes").iterdir())
    rooms.say(code, "links", "before", PUPILS[0], "more")  # too late: nothing comes back
    assert rooms.counts(code, "links", "before") == {}


@pytest.mark.parametrize("code", ["", "..", "../../etc", "00000000", "x" * 8, "0123456789"])
def test_what_is_no_class_is_none(code: str) -> None:
    assert rooms.found(code) is None
    assert rooms.said(code, "luck", "before", "../../x") is None


def test_a_full_house_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_ROOMS", 1)
    monkeypatch.setattr(rooms, "MOST_PUPILS", 1)
    code, _ = rooms.begin("luck", 1)
    rooms.say(code, "luck", "before", PUPILS[0], "much")
    rooms.say(code, "luck", "before", PUPILS[0], "some")
    with pytest.raises(RunError, match="at most 1 pupils"):
        rooms.say(code, "luck", "before", PUPILS[1], "much")
    with pytest.raises(RunError, match="1 classes"):
        rooms.begin("luck", 1)
