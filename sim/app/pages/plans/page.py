"""Plans 方案库: every plan that is kept, with its versions and notes; two to six of them side by side."""

from sim.app.pages.plans import beside, library
from sim.language.words import N_, Words

TITLE = N_("Plans")
LEAD = N_(
    "Every plan that was made here, kept with its versions until it is deleted; two to six side by side."
)


def page(words: Words) -> None:
    """Draws the page."""
    library.draw(words)
    beside.draw(words)
