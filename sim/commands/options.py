"""Options that many commands share, and the scenario they lead to.

A command takes `scenario: ScenarioFile` and whichever options fit. Those that run scenarios take all of
`Asked` at once, `spread` over their command line; it opens the scenario and knows the language. Does not
run anything.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sim.errors import UsageError, or_rather
from sim.language.vocabulary import MetricName
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

ScenarioFile = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A TOML file, or a shipped scenario such as beauty_matrix.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Set any key, such as links.layout=ring; repeatable."),
]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="Which luck; short for run.seed.")]
Users = Annotated[int | None, typer.Option("--users", metavar="N", help="Short for audience.users.")]
Hours = Annotated[int | None, typer.Option("--hours", metavar="H", help="Short for run.hours.")]

Workers = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, max=1024, help="Runs at a time; all cores if left out."),
]
Metric = Annotated[MetricName, typer.Option("--metric", help="What counts.")]
LEAST_SEEDS, MOST_SEEDS = 2, 100_000
"""Replications of a comparison: an interval needs two; more than the most is a slip of the hand."""
Replications = Annotated[
    int,
    typer.Option(
        "--seeds", metavar="K", min=LEAST_SEEDS, max=MOST_SEEDS, help="Replications of each number."
    ),
]
Robust = Annotated[
    bool, typer.Option("--robust", help="Draw the uncertain parameters from their ranges in every seed.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the result files.")]
Json = Annotated[bool, typer.Option("--json", help="Only the result file's content on stdout.")]
Language = Annotated[Tongue | None, typer.Option("--lang", help="Language; the terminal's if left out.")]

MOST_DIGITS = 18


class Asked(NamedTuple):
    """What each command that runs scenarios is asked, beside its own options."""

    seed: Seed = None
    users: Users = None
    hours: Hours = None
    settings: Settings = None
    as_json: Json = False
    language: Language = None

    def opened(self, path: str) -> "Scenario":
        """The scenario of a file or a shipped name, as `opened` gives it."""
        return opened(path, self.settings, users=self.users, hours=self.hours, seed=self.seed)

    @property
    def spoken(self) -> Tongue:
        """The language asked for, else the terminal's."""
        return spoken(self.language)


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """A command that takes tuples of options, such as `Asked`, as typer reads it: an option a field."""
    own = inspect.signature(command).parameters
    groups: dict[str, Any] = {
        name: row.annotation
        for name, row in own.items()
        if isinstance(row.annotation, type) and issubclass(row.annotation, tuple)
    }

    @wraps(command)
    def typed(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in group._fields})
        command(**given)

    rows = [
        row.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in own.items()
        for row in (inspect.signature(groups[name]).parameters.values() if name in groups else (parameter,))
    ]
    typed.__signature__ = inspect.Signature(rows)  # type: ignore[attr-defined]  # which typer asks first
    return typed


def opened(
    path: str,
    settings: Sequence[str] | None = None,
    *,
    users: int | None = None,
    hours: int | None = None,
    seed: int | None = None,
) -> "Scenario":
    """The scenario with the options laid over it; the short options win over `--set`.

    Raises:
        ScenarioError: the file, a key or an option is wrong.
    """
    from sim.scenario.schema import Scenario

    short = {"audience.users": users, "run.hours": hours, "run.seed": seed}
    given = [f"{key}={value}" for key, value in short.items() if value is not None]
    return Scenario.load(path, [*(settings or ()), *given])


def check_size(plan: "Scenario", engine: str = "columns", *, alone: bool, workers: int | None = None) -> None:
    """`refuse_too_large`, which takes half the model to import; meanwhile machine code is begun elsewhere."""
    from sim.warm import start

    start()
    from sim.experiment.size import refuse_too_large

    refuse_too_large(plan, engine, alone=alone, workers=workers)


def check_cluster(address: str | None) -> None:
    """Refuses, before any work, an address that is none, or where Dask is missing."""
    if address is None:
        return
    try:
        from sim.sweeps.cluster import checked_address
    except ImportError as error:
        raise UsageError("--cluster needs Dask: pip install 'matrixsim[cluster]'") from error
    checked_address(address)


def check_out(folder: Path | None) -> None:
    """Refuses, before any work, a folder for results that is a file, or would lie in one."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None) if folder else None
    if there is not None and not there.is_dir():
        raise UsageError("--out {place}: is a file, and results need a folder", place=there)


def whole(text: str) -> bool:
    """Whether a text is a whole number that can be meant: Python refuses thousands of digits."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def spoken(language: Tongue | None) -> Tongue:
    """The language asked for, else the terminal's."""
    import os

    if language:
        return language
    lang = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if lang.lower().startswith("zh") else "en"


def wanted_layouts(text: str | None) -> list[str]:
    """The layouts of an option, checked."""
    from sim.scenario.matrix import LAYOUTS
    from sim.scenario.wording import nearest

    names = _split(text)
    for name in names:
        if name not in LAYOUTS:
            raise UsageError(
                "--layouts {name!r}: unknown layout; allowed: {names}{meant}",
                name=name, names=", ".join(LAYOUTS), meant=or_rather(nearest(name, LAYOUTS)),
            )  # fmt: skip
    return each_once("--layouts", names)


def wanted_structures(text: str | None) -> list[str]:
    """The account structures of an option, checked."""
    from sim.scenario.structures import read

    names = _split(text)
    for name in names:
        try:
            read(name)
        except UsageError as error:
            raise UsageError("--structures: {error}", error=error) from None
    return each_once("--structures", names)


def wanted_timings(text: str | None) -> list[str]:
    """The posting times of an option, checked."""
    from sim.scenario.timing import hour_of

    names = _split(text)
    try:
        for name in names:
            hour_of(name)
    except UsageError as error:
        raise UsageError("--timing: {error}", error=error) from None
    return each_once("--timing", names)


def wanted_seedings(texts: Sequence[str] | None) -> list[tuple[int, ...] | str]:
    """The mixes of creators of an option, checked: numbers by tier, or by name."""
    from sim.scenario.matrix import TIERS
    from sim.scenario.seeding import MIXES, WRITTEN

    found: list[tuple[int, ...] | str] = []
    for text in each_once("--seeding", list(texts or [])):
        parts = text.split(":")
        if text in (WRITTEN, *MIXES):
            found.append(text)
        elif len(parts) == len(TIERS) and all(whole(part.strip()) for part in parts):
            found.append(tuple(map(int, parts)))
        else:
            raise UsageError(
                "--seeding {text}: needs six whole numbers joined by ':' ({names}), or one of {mixes}",
                text=text, names=", ".join(TIERS), mixes=", ".join((WRITTEN, *MIXES)),
            )  # fmt: skip
    return found


def _split(text: str | None) -> list[str]:
    return [name.strip() for name in text.split(",")] if text is not None else []


def each_once(option: str, given: list[str]) -> list[str]:
    """What an option was given, none of it twice.

    Raises:
        UsageError: something is.
    """
    if twice := next((one for one in given if given.count(one) > 1), None):
        raise UsageError("{option}: {name} is listed twice", option=option, name=twice)
    return given
