import io
import logging
import threading
from collections.abc import Iterator

import pytest

from sim.app.jobs.log import discreet, where

BRAND = "coffee-brand-launch.toml"


def broken() -> None:
    try:
        open(f"/nowhere/{BRAND}")  # noqa: PTH123, SIM115
    except OSError as error:
        raise ValueError(f"cannot read {BRAND}") from error


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    make, hook = logging.getLogRecordFactory(), threading.excepthook
    discreet()
    yield
    logging.setLogRecordFactory(make)
    threading.excepthook = hook


def test_a_log_says_where_a_fault_is_and_not_what_it_was_about(
    quiet: None, capsys: pytest.CaptureFixture[str]
) -> None:
    said = io.StringIO()
    logger = logging.Logger("of the test")  # noqa: LOG001  of nobody else
    logger.addHandler(logging.StreamHandler(said))
    with pytest.raises(ValueError, match=BRAND) as fault:
        broken()
    logger.error("Uncaught app execution", exc_info=fault.value)
    assert said.getvalue() == f"Uncaught app execution\n{where(fault.value)}\n"
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    for text in (said.getvalue(), capsys.readouterr().err):
        assert "FileNotFoundError" in text
        assert text.rstrip().endswith("ValueError")
        assert "in broken" in text
        assert BRAND not in text
