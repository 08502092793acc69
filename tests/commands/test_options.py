"""Options that commands share: a tuple of them is spread over a command line, and whole inside."""

import inspect
from typing import Annotated, NamedTuple

import typer

from sim.commands.options import Asked, spread


class Two(NamedTuple):
    a: Annotated[int, typer.Option("--a")] = 1
    b: Annotated[str, typer.Option("--b")] = "b"


def test_a_tuple_of_options_is_one_option_a_field_and_whole_inside() -> None:
    got = []

    @spread
    def command(first: str, two: Two, last: bool = False) -> None:
        got.append((first, two, last))

    parameters = inspect.signature(command).parameters
    assert list(parameters) == ["first", "a", "b", "last"]
    assert [row.default for row in parameters.values()][1:] == [1, "b", False]
    command(first="x", a=3, b="y", last=True)
    assert got == [("x", Two(3, "y"), True)]


def test_the_short_options_win_over_set() -> None:
    plan = Asked(seed=0, users=3_000, settings=["audience.users=5000", "run.hours=7"]).opened("classroom")
    assert (plan.run.seed, plan.audience.users, plan.run.hours) == (0, 3_000, 7)
