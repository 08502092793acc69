"""`matrixsim validate`: facts measured of real platforms beside what the model gives, as a page."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.commands.options import LEAST_SEEDS, MOST_SEEDS, Json, Language, check_size, spoken
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import print_json, print_table
from sim.errors import Phrase
from sim.language.words import Words

PAGE = Path("docs/validity.md")
STDOUT = Path("-")
Model = Literal["pools", "percentile", "score", "published", "all"]


def validate(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE", help="Where the page goes; - for the terminal.")
    ] = PAGE,
    platform: Annotated[
        Model, typer.Option("--platform", help="Platform model; all of them if left out.")
    ] = "all",
    quick: Annotated[bool, typer.Option("--quick", help="Fewer and smaller runs: about a minute.")] = False,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            metavar="K",
            min=LEAST_SEEDS,
            max=MOST_SEEDS,
            help="Replications; 8, quick 3, if left out.",
        ),
    ] = None,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """Hold the model to facts measured of real platforms; write down which it meets and misses."""
    from sim import storage
    from sim.scenario.recommendation import PLATFORM_MODELS
    from sim.validity.page import SAID, as_rows, counted, written
    from sim.validity.study import study
    from sim.validity.verdicts import VERDICTS
    from sim.validity.worlds import FULL, QUICK, WORLDS

    tongue = spoken(language)
    whole = not as_json and out != STDOUT
    if whole:
        _check_file(out)
    size, models = QUICK if quick else FULL, PLATFORM_MODELS if platform == "all" else (platform,)
    if seeds is not None:
        size = size._replace(seeds=seeds)
    command = _again(platform, seeds, language, quick=quick)
    check_size(WORLDS["mixed"](size)[0], alone=False)
    with saying_what_is_kept(lambda: Phrase("the facts were not all measured, and no page was written")):
        compiled_ahead()
        with progress_bar("facts", quiet=as_json, language=tongue) as progress:
            found = study(size, models, progress)
    if as_json:
        print_json(as_rows(found, command))
        return
    page = written(found, command, tongue)
    if not whole:
        typer.echo(page)
        return
    storage.write_text(out, page)
    words = Words(tongue)
    print_table(
        (words("platform model"), *(words(SAID[v]).strip("*") for v in VERDICTS)),
        [[model, *(str(n) for n in counted(found.plain, model).values())] for model in models],
    )
    typer.echo(words("written to {file}", file=out))


def _check_file(file: Path) -> None:
    """Refuses, before any work, a page that has no place."""
    from sim.errors import UsageError

    if file.is_dir():
        raise UsageError("--out {place}: is a folder, and the page needs a file", place=file)
    if not file.parent.is_dir():
        raise UsageError(
            "--out {place}: there is no folder {folder}; name another file, or - for the terminal",
            place=file, folder=file.parent,
        )  # fmt: skip


def _again(platform: str, seeds: int | None, language: str | None, *, quick: bool) -> str:
    """The command that makes the same page."""
    words = ["matrixsim validate"]
    words += [f"--platform {platform}"] if platform != "all" else []
    words += ["--quick"] if quick else []
    words += [f"--seeds {seeds}"] if seeds is not None else []
    words += [f"--lang {language}"] if language else []
    return " ".join(words)
