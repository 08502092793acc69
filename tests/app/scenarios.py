"""What tests of the Scenario page do with it, and read from it."""

import re
from typing import Any

from streamlit.testing.v1 import AppTest

from sim.app.jobs import drafts
from sim.app.jobs.request import plan_of
from sim.app.pages.scenario import page as scenario
from sim.app.ui import choice as chosen
from sim.scenario.schema import Scenario
from tests.app.driving import alive, markup


def body(app: AppTest) -> str:
    return re.sub("<style>.*?</style>", "", markup(app), flags=re.DOTALL)


def key_of(app: AppTest, part: str) -> str:
    """Key of the widget that shows this part of the scenario."""
    editors = app.session_state["scenario_editors"]
    return str(next(editor.key for name, editor in editors.items() if name.partition("|")[0] == part))


def edit(app: AppTest, part: str, **changes: Any) -> AppTest:
    """What was done to a table since it was first drawn."""
    app.session_state[key_of(app, part)] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []} | changes
    return alive(app.run())


def put(app: AppTest, part: str, value: object) -> AppTest:
    """Another value in a field."""
    key = key_of(app, part)
    widgets = [*app.number_input, *app.text_input, *app.selectbox, *app.button_group]
    return alive(next(widget for widget in widgets if widget.key == key).set_value(value).run())


def text_of(name: str) -> str | None:
    """The file of a draft."""
    version = drafts.read(name)
    return version and version.text


def plan(app: AppTest) -> Scenario:
    return plan_of(app.session_state[chosen.SCENARIO], app.session_state[chosen.USERS])


def section(app: AppTest, name: str) -> AppTest:
    app.session_state[scenario.SECTION] = name
    return alive(app.run())


def faults(app: AppTest) -> str:
    return "\n".join(re.findall('<div class="ms-faults".*?</div>', body(app), re.DOTALL))


def status(app: AppTest) -> str:
    return " ".join(re.findall('role="status">(.*?)<', body(app)))


def bring(app: AppTest, name: str, content: bytes) -> AppTest:
    return alive(app.file_uploader[0].set_value((name, content, "text/plain")).run())
