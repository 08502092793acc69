"""The command line: wires the commands together and turns failures into exit statuses.

A family of commands is one module in sim/commands and one line here. Status 0 done, 1 the work
failed, 2 the input is wrong, 130 stopped by Ctrl-C, 143 by SIGTERM; a failure is one message, never
a traceback.
"""

import io
import re
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from sim.commands import (
    accounts,
    budget,
    optimise,
    plugins,
    report,
    run,
    scenario,
    sensitivity,
    sweep,
    theory,
    verify,
)
from sim.commands import app as browser
from sim.errors import MatrixsimError, ScenarioError, StoppedError
from sim.interrupts import terminable
from sim.language.words import NC_, Words
from sim.memory import out_of_memory, refuse_to_load

MEANT = {"--format": "--json", "--output": "--out", "--layout": "--layouts", "--language": "--lang"}
"""Options as other tools call them, and as they are called here."""


_UsageError: Any = typer.BadParameter.__base__
"""Of typer's parser, which has no public name for it."""


class Commands(TyperGroup):
    """All commands; a value that an option does not take is refused in the words of this project."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _refusal(error)
            raise
        except _UsageError as error:
            meant, command = MEANT.get(getattr(error, "option_name", "")), getattr(error.ctx, "command", None)
            if meant and any(meant in given.opts for given in getattr(command, "params", ())):
                error.possibilities = [meant]  # of an option that there is none of
            raise


def _refusal(error: typer.BadParameter) -> str:
    """The value, what is allowed, and the nearest word; typer passes on what pydantic says to programmers."""
    from pydantic import ValidationError

    if not isinstance(error.__cause__, ValidationError):
        return error.message
    first = error.__cause__.errors()[0]
    value = repr(first["input"])
    _, choice, words = first["msg"].rpartition(" is not one of ")
    if choice:
        from sim.scenario.wording import nearest

        allowed = re.findall("'(.*?)'", words)
        near = nearest(str(first["input"]), allowed)
        return f"{value}; allowed: {', '.join(allowed)}{f'; did you mean {near}?' if near else ''}"
    what = first["msg"].removeprefix("Value error, ").partition(", unable to parse")[0]
    return what.replace("Input", value, 1) if what.startswith("Input") else f"{value}: {what}"


app = typer.Typer(
    name="matrixsim",
    cls=Commands,
    help="Simulate a brand's matrix of short-video accounts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich help costs 0.4 s of imports on every `--help` and usage error
)
for _command in run.COMMANDS:
    app.command()(_command)
app.command()(verify.verify)
app.command()(accounts.accounts)
for _command in sweep.COMMANDS:
    app.command()(_command)
app.command()(optimise.optimise)
app.command()(budget.budget)
app.command()(sensitivity.sensitivity)
app.command()(theory.theory)
app.command()(report.report)
app.command()(plugins.plugins)
app.command()(browser.app)
app.add_typer(scenario.app, name="scenario")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line and exit with its status.

    Args:
        arguments: the words after the command's name; those of the process if left out.
    Raises:
        SystemExit: always, with the status.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # a stream of another encoding still gets its text
        sys.stdout.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else list(arguments)
    with terminable() as stopped:
        try:
            refuse_to_load()
            app(args=given, prog_name="matrixsim")
        except StoppedError as error:
            _fail(_in_their_language(error, given), stopped())
        except MatrixsimError as error:
            _fail(_in_their_language(error, given), error.status)
        except MemoryError as error:
            _fail(_in_their_language(out_of_memory(error), given), MatrixsimError.status)
        except RuntimeError as error:
            if "can't start new thread" not in str(error):
                raise
            _fail(_in_their_language(out_of_memory(error), given), MatrixsimError.status)
        except SystemExit as end:
            if end.code == StoppedError.status:  # typer has no word for Ctrl-C
                _fail(_in_their_language(StoppedError(NC_("work", "stopped")), given), stopped())
            raise
        except KeyboardInterrupt:  # while typer was about its own business
            _fail(_in_their_language(StoppedError(NC_("work", "stopped")), given), stopped())
        except OSError as error:  # a full disk, a folder closed to us
            place = f"{error.filename}: " if error.filename else ""
            why = _asked_language(given)((error.strerror or str(error)).lower())
            _fail(f"{place}{why}", MatrixsimError.status)


def _in_their_language(error: MatrixsimError, arguments: Sequence[str]) -> str:
    """What is wrong, in their words."""
    from sim.scenario.faults import said

    words = _asked_language(arguments)
    return said(error, words) if isinstance(error, ScenarioError) else error.said(words)


def _asked_language(arguments: Sequence[str]) -> Words:
    """The words of the language that `--lang` asks for, else of the terminal's."""
    from sim.commands.options import spoken

    asked = re.search(r"(?:^|\s)--lang[= ](en|zh)(?=\s|$)", " ".join(arguments))
    language: Any = asked[1] if asked else spoken(None)
    return Words(language)


def _fail(message: str, status: int) -> None:
    print(message, file=sys.stderr)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
