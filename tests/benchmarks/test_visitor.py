"""A visitor that measures does what was asked for, or says that it cannot."""

import pytest
from streamlit.proto.Element_pb2 import Element

from benchmarks.visitor import RefusedError, Visitor, apart


def shown() -> Visitor:
    """A page with a control of each kind, and a warning."""
    box, pills, choice, bar, button, warning = (Element() for _ in range(6))
    box.selectbox.id, pills.button_group.id, choice.radio.id = "$$ID-1-box", "$$ID-2-pills", "$$ID-3-choice"
    box.selectbox.options.append("Reach")
    pills.button_group.options.add(content="Star")
    choice.radio.options.append("More")
    bar.slider.id, bar.slider.max = "$$ID-4-bar", 48
    button.button.id, button.button.disabled = "$$ID-5-go", True
    warning.alert.body, warning.alert.format = "Not understood in the address", warning.alert.WARNING
    shown = (box, pills, choice, bar, button, warning)
    return Visitor("", elements={(k,): element for k, element in enumerate(shown)})


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda tab: tab.select("box", "Reached"), "box has no 'Reached'; allowed: Reach"),
        (lambda tab: tab.pick("pills", ["Star", "Ring"]), "pills has no 'Ring'; allowed: Star"),
        (lambda tab: tab.choose("choice", "Less"), "choice has no 'Less'"),
        (lambda tab: tab.slide("bar", 49), "bar has no 49; allowed: 0 to 48"),
        (lambda tab: tab.press("go"), "go cannot be pressed"),
        (lambda tab: tab.press("Go"), "no button 'Go'"),
    ],
)
def test_what_is_not_offered_is_refused(act, said):
    with pytest.raises(RefusedError, match=said):
        apart(act(shown()))


def test_a_page_that_took_something_else_is_refused():
    with pytest.raises(RefusedError, match="not what was asked for: Not understood"):
        shown().refuse_mistaken()
