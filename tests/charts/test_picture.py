import re
import subprocess
import time
from importlib.metadata import PackageNotFoundError
from typing import Any

import plotly.graph_objects as go
import pytest

from sim.charts import picture
from sim.errors import RunError

FIGURE = go.Figure(go.Bar(x=[1, 2], y=["主账号", "素人"], orientation="h"))


def test_without_kaleido_there_are_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(picture, "version", missing)
    assert picture.available.__wrapped__() is False


def test_a_browser_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def hanging(words: list[str], **others: Any) -> "subprocess.Popen[bytes]":
        begun.append(start([words[0], "-c", "import time; time.sleep(60)"], **others))
        return begun[-1]

    monkeypatch.setattr(subprocess, "Popen", hanging)
    before = time.monotonic()
    with pytest.raises(RunError, match=r"not drawn within 0\.2 s"):
        picture.picture(FIGURE, "png", patience_s=0.2)
    assert time.monotonic() - before < 10
    assert begun[0].poll() is not None


def test_a_failure_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def failing(words: list[str], **others: Any) -> "subprocess.Popen[bytes]":
        return start([words[0], "-c", "raise SystemExit('no display')"], **others)

    monkeypatch.setattr(subprocess, "Popen", failing)
    with pytest.raises(RunError, match="could not be drawn: no display"):
        picture.picture(FIGURE, "svg")


@pytest.mark.browser
def test_a_picture_is_drawn_with_its_title() -> None:
    if not picture.available():
        pytest.skip("no kaleido, or no Chromium")
    drawn = picture.picture(FIGURE, "svg", "逐时 <曝光>").decode()
    assert drawn.startswith("<svg")
    assert re.search("逐时 &(lt|#60);曝光&(gt|#62);", drawn)
    assert "主账号" in drawn
