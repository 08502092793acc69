"""What can go wrong, as the user sees it.

    MatrixsimError       a message for the user            exit status 1
    ├── ScenarioError    the scenario is wrong             exit status 2
    ├── UsageError       the command line is wrong         exit status 2
    │   └── DamagedError a file of ours cannot be read     exit status 2
    ├── RunError         the input is right, the work failed
    └── StoppedError     Ctrl-C or SIGTERM, and what is kept   130 or 143

Takes the facts of a failure; gives one readable message, in English and, by the catalogue of all sentences
(language/words.py), in the reader's language. Does not print or exit: cli.py does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

MOST_ALLOWED, MOST_NEAREST = 600, 100
"""Characters of what would be right, and of the nearest spelling."""
SHOWN_PROBLEMS = 20  # more would scroll the first ones, often the cause of the others, off the screen


Words = Callable[..., str]
"""A text and its facts in a language, as `sim.language.words.Words` gives it."""


class Phrase:
    """A part of a message that is said in the reader's language too.

    Args:
        text: in English, with places in braces; a key of the catalogue.
        facts: for those places; phrases and errors among them are said in the same language.
    """

    def __init__(self, text: str, /, **facts: object) -> None:
        self.text, self.facts = text, facts

    def __str__(self) -> str:
        """In English."""
        return self.text.format(**self.facts) if self.facts else self.text

    def said(self, words: Words) -> str:
        """In the language of the words."""
        return words(self.text, **{name: told(fact, words) for name, fact in self.facts.items()})


class Listing(Phrase):
    """Names in a row, with the sign between them that the language has."""

    def __init__(self, items: Iterable[object]) -> None:
        self.items = tuple(items)
        super().__init__("{items}", items=", ".join(map(str, self.items)))

    def said(self, words: Words) -> str:
        """In the language of the words."""
        listed = getattr(words, "listed", ", ".join)
        return str(listed(str(told(item, words)) for item in self.items))


def told(fact: object, words: Words) -> object:
    """A fact as a sentence of that language takes it."""
    return fact.said(words) if isinstance(fact, Phrase | MatrixsimError) else fact


def why_not(error: OSError) -> Phrase:
    """What a system says of a file or a disk, as the catalogue has it."""
    return Phrase((error.strerror or str(error)).lower())


def or_rather(word: str) -> Phrase | str:
    """The word that was probably meant, at the end of a message; '' where none is near."""
    return Phrase("; did you mean {word}?", word=word) if word else ""


class MatrixsimError(Exception):
    """A failure that the user can understand; its text, the facts filled in, is the whole message.

    Args:
        text: in English, with places in braces; a key of the catalogue, or an error that says it all.
        facts: for those places, as a Phrase takes them.
    Example:
        >>> str(MatrixsimError("{rows:,} rows: too many", rows=2_000_000))
        '2,000,000 rows: too many'
    """

    status: ClassVar[int] = 1

    def __init__(self, *text: object, **facts: object) -> None:
        super().__init__(*text)
        self.facts = facts

    def __str__(self) -> str:
        """In English."""
        return str(Phrase(super().__str__(), **self.facts))

    def said(self, words: Words) -> str:
        """In the language of the words."""
        return Phrase(super().__str__(), **self.facts).said(words)


class UsageError(MatrixsimError):
    """A command line that cannot be carried out as written."""

    status = 2


class DamagedError(UsageError):
    """A file that this program wrote and that cannot be read any more.

    Attributes:
        file: which one.
        why: what is wrong with it.
        remedy: what brings back what it held.
    """

    def __init__(self, file: str, why: Phrase | str, remedy: Phrase | str) -> None:
        # All three are arguments, so that the error survives pickling between processes.
        super().__init__(file, why, remedy)
        self.file, self.why, self.remedy = file, why, remedy

    def __str__(self) -> str:
        """One line: the file, the fault, the way out."""
        return self.said(str.format)

    def said(self, words: Words) -> str:
        """The same line in the language of the words."""
        file, why = printable(self.file, 300), printable(str(told(self.why, words)), 200)
        remedy = told(self.remedy, words)
        return words("{file}: is damaged ({why}); {remedy}", file=file, why=why, remedy=remedy)


class RunError(MatrixsimError):
    """Work that failed although its input was right."""


class StoppedError(MatrixsimError):
    """Work that was ended by Ctrl-C or SIGTERM; its text says what is kept and how to go on.

    The status is that of Ctrl-C; cli.py, which hears the signals, knows better.
    """

    status = 130


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a scenario.

    Attributes:
        file: name of the file, or the option that carried the value; '' for Python values.
        line: line in the file, from 1; None where there is none.
        key: dotted key, '' for the file as a whole.
        value: the value as written in TOML; None where there is none.
        message: what is wrong.
        allowed: what would be right.
        nearest: the valid spelling nearest to the value.
        called: the key as a user writes it, accounts by their ids; '' where that is the key itself.
    """

    file: str
    line: int | None
    key: str
    value: str | None
    message: str
    allowed: str = ""
    nearest: str = ""
    called: str = ""

    def __str__(self) -> str:
        """One line: `file:line: key = value: message; allowed: …; did you mean …?`."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        subject = _joined(" = ", printable(self.called or self.key, 100), printable(self.value or "", 60))
        text = _joined(": ", printable(place, 200), subject, printable(self.message, 400))
        if self.allowed:
            text += f"; allowed: {printable(self.allowed, MOST_ALLOWED)}"
        return f"{text}; did you mean {printable(self.nearest, MOST_NEAREST)}?" if self.nearest else text


class ScenarioError(MatrixsimError):
    """A scenario that breaks the contract; every problem found, not only the first.

    Example:
        >>> print(ScenarioError([Problem("a.toml", 3, "run.hours", "0", "is too small")]))
        a.toml:3: run.hours = 0: is too small
    """

    status = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        # The problems are the only argument, so that the error survives pickling between processes.
        super().__init__(tuple(problems))
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """Every problem on a line of its own."""
        lines = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        if hidden := len(self.problems) - len(lines):
            lines.append(f"{printable(self.problems[0].file, 200)}: and {hidden:,} more problems")
        return "\n".join(lines)

    def said(self, words: Words) -> str:
        """In English."""
        return str(self)

    def named(self, file: str) -> "ScenarioError":
        """The same problems, those without a file placed in this one."""
        return ScenarioError([replace(problem, file=problem.file or file) for problem in self.problems])


def accepted(read: Callable[[str], object], text: str) -> bool:
    """Whether a text, which anybody may have written, is one that `read` does not refuse."""
    try:
        read(text)
    except UsageError:
        return False
    return True


def file_error(file: str, message: str, *, line: int | None = None) -> ScenarioError:
    """One problem with a file as a whole, as an error ready to raise."""
    return ScenarioError([Problem(file or "(no name)", line, "", None, message)])


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)


def printable(text: str, limit: int) -> str:
    """The text on one line, without control characters, cut to a length.

    Args:
        text: anything, also hostile: line breaks, terminal codes, bidirectional marks.
        limit: longest result [characters].
    """
    short = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in short)
