"""The app without a browser, and computations that are told how far they are."""

import re
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from sim.app.jobs import store
from sim.app.jobs.jobs import State
from sim.app.jobs.request import Request
from sim.app.jobs.worker import Report, compute

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")


class FakeJobs:
    """Computations that never end by themselves, and are told how far they are."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.started: list[Request] = []
        self.left: list[str] = []

    def ready(self, visitor: str) -> None:
        pass

    def watchers(self) -> int:
        return len(self.states)

    def start(self, request: Request, watcher: str) -> None:
        self.started.append(request)
        self.states[request.key()] = State("compiling", total=request.runs)

    def state(self, request: Request, watcher: str) -> State | None:
        return self.states.get(request.key())

    def leave(self, key: str, watcher: str) -> None:
        self.left.append(key)
        self.states.pop(key, None)


def failed(message: str) -> State:
    """A computation that failed, with the same words in both languages."""
    return State("failed", message=dict.fromkeys(("en", "zh"), message))


class EagerJobs(FakeJobs):
    """Computations that are done as soon as they are asked for, in this process."""

    def start(self, request: Request, watcher: str) -> None:
        self.started.append(request)
        work = store.folder() / f"work-{len(self.started)}"
        work.mkdir(parents=True)
        compute(request, Report(work))
        store.keep(work, request)


def _script(path: str) -> None:
    from sim.app.frame import show

    show(path)


def opened(path: str = "compare", **address: str) -> AppTest:
    """A page of the app, drawn once."""
    app = AppTest.from_function(_script, default_timeout=60, args=(path,))
    for name, text in address.items():
        app.query_params[name] = text
    return alive(app.run())


def settled(app: AppTest) -> AppTest:
    """Drawn again until eager computations are all on the page."""
    for _ in range(10):
        if not app.get("progress"):
            return app
        alive(app.run())
    raise AssertionError("still computing")


def alive(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def markup(app: AppTest) -> str:
    """The HTML of the page's own elements, without what dresses it."""
    bodies = (element.proto.body for element in app.get("html"))
    return "\n".join(body for body in bodies if not body.startswith(("<script>", "<style>")))


def told(app: AppTest) -> str:
    """Its words, without tags."""
    return re.sub(r"<[^>]*>", " ", markup(app))


def address(app: AppTest) -> dict[str, str]:
    return {name: texts if isinstance(texts, str) else texts[0] for name, texts in app.query_params.items()}


def choice(app: AppTest, key: str) -> Any:
    return next(box for box in app.selectbox if box.key == key)


def button(app: AppTest, *labels: str) -> Any:
    return next(found for found in app.button if found.label in labels)


def progress(app: AppTest) -> str:
    return " ".join(element.proto.text for element in app.get("progress"))
