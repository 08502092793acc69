import ast
import re
from pathlib import Path

import pytest

from sim.language.keys import DAY, INGREDIENT, KEY, STANDING
from sim.language.words import Words
from sim.scenario.matrix import INGREDIENTS
from sim.scenario.reference import key_labels, parameters

APP = Path(__file__).parents[2] / "sim" / "app"
KEYS = {row.key for row in parameters()}
MOST_ALIKE = 2
"""Words that a table of something else may have in common with the keys of a section."""


def test_a_name_is_that_of_a_column_of_a_list():
    assert list(KEY) == [f"links.edges.*.{k}" for k in range(3)]
    assert tuple(INGREDIENT) == INGREDIENTS
    assert set(STANDING) == {row.status for row in parameters()} | {"fitted"}


@pytest.mark.parametrize(("key", "name"), key_labels().items())
def test_every_name_of_a_key_speaks_both_languages(key, name):
    assert key in KEYS or any(other.startswith(f"{key}.") for other in KEYS)
    assert name.endswith(Words("en")(name))
    assert re.search("[\u4e00-\u9fff]", Words("zh")(name))


@pytest.mark.parametrize("entry", [*KEY.values(), *INGREDIENT.values(), *STANDING.values(), *DAY.values()])
def test_every_entry_speaks_both_languages(entry):
    assert entry.label("en")
    assert re.search("[\u4e00-\u9fff]", entry.label("zh"))


def test_the_app_has_no_names_of_keys_of_its_own():
    last = {
        key.rpartition(".")[2] for key in KEYS if key.startswith(("accounts.", "links.", "seeding.tiers."))
    }
    tables = [
        (file.name, node.lineno)
        for file in APP.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Dict)
        if len(
            last
            & {key.value for key, value in zip(node.keys, node.values, strict=True) if _named(key, value)}
        )
        > MOST_ALIKE
    ]
    assert tables == []


def _named(key, value):
    """Whether an entry of a table gives a key a text of the catalogue."""
    maker = getattr(getattr(value, "func", None), "id", "")
    return isinstance(key, ast.Constant) and maker in ("N_", "NC_", "words")
