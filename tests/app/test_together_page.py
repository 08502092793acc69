"""A class of thirty on one lesson: one link, answers before and after, nobody's name."""

import re

from streamlit.testing.v1 import AppTest

from sim.app.jobs import rooms
from sim.app.pages.learn import page as learn
from sim.app.pages.learn.lessons import EXERCISES
from tests.app.driving import FakeJobs, address, alive, button, markup, opened

LESSON = "structures"


def answers(app: AppTest, title: str) -> list[list[int]]:
    """How many said what, before and after, by choice."""
    table = markup(app).split(f'aria-label="{title}"')[-1].split("</table>")[0]
    return [list(map(int, re.findall(r"<td[^>]*>(\d+)<", row))) for row in table.split("<tr>")[2:]]


def test_a_class_says_what_it_expects_sees_the_runs_and_says_again(jobs: FakeJobs) -> None:
    """The teacher reads Chinese, the pupil English."""
    teacher = opened("learn", lesson=LESSON, lang="zh")
    alive(button(teacher, "开始上课").click().run())
    code = address(teacher)["class"]
    assert f"class={code}" in teacher.code[0].value
    assert address(teacher)["teacher"] not in teacher.code[0].value
    pupil = opened("learn", **{"class": code}, lang="en")
    assert "teacher" not in address(pupil)
    keys = [choice.key for choice in EXERCISES[LESSON].choices]
    alive(pupil.radio[0].set_value(keys[1]).run())
    alive(button(pupil, "Send my answer").click().run())
    for k in range(29):  # the others, in other browsers
        rooms.say(code, LESSON, "before", f"{k:012x}", keys[k % 3])
    alive(teacher.run())
    assert answers(teacher, "全班的答案") == [[10], [11], [9], [0]]
    assert not teacher.get("plotly_chart")
    assert not pupil.get("plotly_chart")
    alive(button(teacher, "向全班公布结果").click().run())
    alive(pupil.run())
    for app in (teacher, pupil):
        assert len(app.get("plotly_chart")) == len(EXERCISES[LESSON].measures)
    assert pupil.radio[0].disabled
    assert re.search("(prediction|differently).*New followers of all accounts", markup(pupil))
    alive(pupil.radio[1].set_value(keys[2]).run())
    alive(button(pupil, "Send what I say now").click().run())
    alive(teacher.run())
    assert answers(teacher, "全班的答案") == [[10, 0], [11, 0], [9, 1], [0, 0]]
    assert answers(pupil, "Answers of the class") == answers(teacher, "全班的答案")
    refreshed = opened("learn", **address(pupil))
    assert [radio.value for radio in refreshed.radio] == [keys[1], keys[2]]


def test_the_class_follows_its_teacher_and_is_let_go(jobs: FakeJobs) -> None:
    teacher = opened("learn", lesson="luck", lang="en")
    alive(button(teacher, "Begin a class").click().run())
    pupil = opened("learn", **{"class": address(teacher)["class"]}, lang="en")
    lessons = next(group for group in teacher.get("button_group") if group.key == learn.LESSON)
    alive(lessons.set_value("density").run())
    alive(pupil.run())
    assert "7 The price of density" in [heading.value for heading in pupil.header]
    alive(button(teacher, "End it now").click().run())
    alive(pupil.run())
    assert "This class has ended" in pupil.info[0].value
    assert "class" not in address(pupil)
    assert button(pupil, "See what happens").disabled
