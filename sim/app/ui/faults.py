"""What is wrong with a scenario, in the reader's language and beside the place.

Problems of sim.errors are English sentences of few patterns; one that fits none stays English.
"""

import re
from collections.abc import Sequence

from sim.app.ui.fields import place, sentence, space
from sim.errors import Problem
from sim.language.words import Words
from sim.scenario.faults import ALLOWED, MESSAGES, translated
from sim.scenario.overlay import names_in
from sim.scenario.wording import KeyPath

MOST_TOLD = 8
"""Problems shown at once (chosen): more would push the table off the screen."""
LONGEST = 400
"""Of a part of a sentence [characters]."""


def told(words: Words, problems: Sequence[Problem], accounts: Sequence[str] = ()) -> list[str]:
    """Sentences, one a problem, the first few of them; accounts by number have these ids."""
    said = [_told(words, problem, accounts) for problem in problems[:MOST_TOLD]]
    if hidden := len(problems) - len(said):
        said.append(words("… and {n} more.", n=f"{hidden:,}"))
    return said


def _told(words: Words, problem: Problem, accounts: Sequence[str]) -> str:
    """Place, value, what is wrong, what is allowed, the nearest spelling."""
    where = [_short(problem.file)] if problem.file else []
    if problem.line is not None:
        where.append(words("line {n}", n=problem.line))
    if problem.key:
        where.append(_short(place(words, _path(problem.key), accounts)))
    subject = " · ".join(where)
    if problem.value is not None:
        subject += f" = {_short(problem.value)}"
    said = sentence(words, subject, translated(words, problem.message, MESSAGES))
    if problem.allowed:
        choice = translated(words, problem.allowed, ALLOWED)
        said += space(words) + words("Allowed: {choice}.", choice=_short(choice))
    if problem.nearest:
        said += space(words) + words("Did you mean {word}?", word=_short(problem.nearest))
    return said


def _path(key: str) -> KeyPath:
    """A dotted key as a place, entries by number."""
    parts, number = names_in(key), re.compile(r"\d{1,9}", re.ASCII)
    return tuple(
        int(part) if number.fullmatch(part) and "topics" not in parts[:k] else part  # a topic may be a year
        for k, part in enumerate(parts)
    )


def _short(text: str) -> str:
    """The text without signs that cannot be seen, cut to a length."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in cut)
