"""docs/reference is what the code says; what is written there by hand names every command and option."""

import re

import pytest
import typer.main

from sim import make_reference
from sim.cli import app
from tests.blocks import PAGES

PAGE = PAGES["docs/reference/command-line.md"]
ROW = re.compile(r"^\| (?P<first>[^|]*(?:\\\|[^|]*)*) \| (?P<second>(?:`[^`]+`(?:, )?)+) \|", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
NAME = re.compile(r"`([a-z ]+)`")


def commands() -> dict[str, set[str]]:
    """The options of each command of the program."""
    found: dict[str, set[str]] = {}
    waiting = [("", typer.main.get_command(app))]
    for name, command in waiting:
        inside = getattr(command, "commands", {})
        waiting += [(f"{name} {part}".strip(), command) for part, command in inside.items()]
        if not inside:
            options = (option for option in command.params if option.param_type_name == "option")
            found[name] = {spelling for option in options for spelling in option.opts}
    return found


COMMANDS = commands()


def test_the_page_lists_the_commands() -> None:
    named = re.findall(r"^\| `matrixsim ([a-z]+(?: [a-z]+)?)\b[^`]*` \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_lists_the_options_of_a_command(command: str) -> None:
    named = {
        option
        for row in ROW.finditer(PAGE)
        if command in NAME.findall(row["second"])
        for option in OPTION.findall(row["first"])
    }
    assert named == COMMANDS[command]


def test_commands_that_any_page_names_have_the_options_they_are_given() -> None:
    wrong = []
    for page, text in PAGES.items():
        for words in re.findall(r"matrixsim ([a-z][^`\n]*(?:\\\n[^`\n]*)*)", text):
            command = next((name for name in COMMANDS if re.match(rf"{name}\b", words)), None)
            if command:
                wrong += [
                    f"{page}: matrixsim {words}"
                    for option in OPTION.findall(re.split(r"#|\|\||&&", words)[0])
                    if option not in COMMANDS[command]
                ]
    assert not wrong


@pytest.mark.parametrize("page", make_reference.pages())
def test_a_page_is_what_the_code_says(page: str) -> None:
    written = make_reference.pages()[page]
    assert PAGES[f"docs/reference/{page}"] == written, "run python -m sim.make_reference"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_told_with_all_its_options(command: str) -> None:
    """What typer made of the declarations, and what was read from them, are the same."""
    told = PAGE.split(f"### `matrixsim {command}`\n")[1].split("\n### ")[0]
    assert {option for row in re.findall(r"^\| `(-.*?)` \|", told, re.MULTILINE)
            for option in OPTION.findall(row)} == COMMANDS[command]  # fmt: skip
