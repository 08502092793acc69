"""What the tests of the pages of one run share: the class of 2,000 people, whose run takes a moment."""

from streamlit.testing.v1 import AppTest

from sim.app.jobs.request import Running
from tests.app.driving import opened, settled

CLASS = {"researcher": "1", "scenario": "classroom", "users": "2000"}
RUN = Running("classroom", 2_000, 1)


def drawn(path: str, **address: str) -> AppTest:
    """A page about the class, once all that it asks for is computed."""
    return settled(opened(path, **CLASS, **address))
