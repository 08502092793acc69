"""Options that commands share: a tuple of them is spread over a command line, and whole inside."""

import inspect
from typing import Annotated, NamedTuple

import pytest
import typer

from sim.commands.options import Asked, spread
from tests.command_line import here


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


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("compare classroom --layouts star,ring,star", "--layouts: star is listed twice"),
        ("compare classroom --structures one,1+2,1+2", "--structures: 1+2 is listed twice"),
        ("compare classroom --seeding 0:0:0:0:1:1 --seeding 0:0:0:0:1:1", "0:0:0:0:1:1 is listed twice"),
        ("compare classroom --timing 20:00,spread,20:00", "--timing: 20:00 is listed twice"),
        ("compare classroom --timing 24:00", "timing '24:00' is unknown; allowed: written, spread, HH:00"),
        ("compare classroom --seeding kok", "or one of written, nobody, kol, koc, amateurs, published"),
        ("compare classroom --seeding koc", "spends nothing on creators that could be shared out; set"),
        ("accounts classroom --ways split,race,split", "--ways: split is listed twice"),
        ("accounts classroom --ways splt", "allowed: 1+, split, same, race; did you mean split?"),
        ("accounts classroom --counts 1,2,1", "--counts: 1 is listed twice"),
        ("optimise classroom --budget 5000 --min junior=1 --min junior=2", "--min: junior is listed twice"),
    ],
)
def test_what_an_option_lists_twice_or_does_not_know_is_refused(command: str, said: str) -> None:
    done = here(*command.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
