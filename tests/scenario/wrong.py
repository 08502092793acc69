"""A hypothesis strategy for scenario files that must be refused: valid ones with one thing broken."""

import copy
from collections.abc import Mapping
from typing import Any

import tomlkit
from hypothesis import strategies as st

from sim.scenario.reference import parameters

VALID: Mapping[str, Any] = {
    "name": "valid",
    "audience": {"users": 100_000, "topics": {"beauty": 0.6, "food": 0.4}},
    "platform": {"weights": {"like": 0.3}, "pools": [100, 300, 900]},
    "accounts": [
        {"id": "main", "role": "main", "fans": 100, "topics": {"beauty": 1.0}},
        {"id": "a", "fans": 10},
        {"id": "b", "fans": 10, "ingredients": {"novelty": 0.5}},
    ],
    "links": {"layout": "custom", "edges": [["main", "a", "follow"]]},
    "seeding": {"ratio": [0, 0, 0, 1, 2, 3]},
    "run": {"hours": 24},
}
TABLES = ("", "audience", "platform", "platform.weights", "accounts.1", "links", "seeding", "run", "brand")
HOSTILE = (
    "",
    "\0",
    "\x1b[31mred",
    "line\nbreak\r",
    "{0.__class__}",
    "%s%n",
    "../../x",
    "\u202eright",
    "长" * 5000,
)
BROKEN = (
    "= 3",
    "[open",
    "key",
    "a = ",
    '"x',
    "a = 1 b = 2",
    "x = 01",
    "\0",
    "[[accounts]",
    "a = [1,",
    "é = 1",
)
BROKEN_RULES: Mapping[str, Any] = {
    "name": "",
    "accounts.1.material": " ",
    "audience.topics": {"beauty": 0.9, "food": 0.4},
    "audience.topics.food": 0.41,
    "accounts": [],
    "accounts.1.id": "main",
    "accounts.1.role": "main",
    "accounts.0.role": "sub",
    "accounts.1.tier": "junior",
    "accounts.1.fans": 100_001,
    "accounts.1.topics": {"beautty": 1.0},
    "accounts.0.topics": {"beauty": 0.5},
    "platform.pools": [300, 100],
    "platform.pass_share": [1.0],
    "platform.pace_h": [0],
    "platform.weights": {"completion": 0, "like": 0, "comment": 0, "share": 0, "follow": 0},
    "links.layout": "star",
    "links.channels": ["follow", "like", "follow"],
    "structure.merged": ["a", "a"],
    "seeding.keep": ["waist-001", "waist-001"],
    "campaign.phases": [{"name": "x", "start_hour": 1, "accounts": ["a", "a"]}],
    "incubation": {"share": 0.1, "fans": 10**9},
    "enforcement": {
        "hazard": 1.0,
        "relation_weight": 0.0,
        "similarity_weight": 0.0,
        "synchrony_weight": 0.0,
    },
    "structure": {"kind": "race", "subs": 2, "keep": 3},
    "links.edges": [["main", "nobody", "like"]],
    "links.liked_list_probability": 0.96,
    "seeding.ratio": [1, 2, 3],
    "seeding.scale": 9_999.0,
    "seeding.topic": "sport",
    "seeding.tiers": {"nano": {"fans": 3}},
    "run.start": "Monday",
}
BROKEN_PAIRS: tuple[Mapping[str, Any], ...] = (
    {"links.channels": ["folow"]},
    {"links.edges": [["main", "main", "like"]]},
    {"links.edges": [["main", "a", "like"], ["main", "a", "like"]]},
    {"links.edges": [["main", "a"]]},
    {"accounts.1.role": "creator", "accounts.1.tier": "junior", "accounts.1.id": "junior-001"},
    {"accounts.1.role": "creator"},
)
NOT_YET: tuple[Mapping[str, Any], ...] = (
    {"accounts.1.role": "competitor"},
    {"paid": {"ads": [{"budget_cny": 100}]}},
    {"private": {}},
)
NUMBERS = tuple(row.key for row in parameters() if row.allowed.startswith(("a whole number", "a number")))


def changed(values: Mapping[str, Any]) -> str:
    """The valid scenario with dotted keys set, as TOML."""
    data: Any = copy.deepcopy(dict(VALID))
    for key, value in values.items():
        *above, last = (int(part) if part.isdigit() else part for part in key.split("."))
        node = data
        for part in above:
            node = node[part] if isinstance(part, int) else node.setdefault(part, {})
        node[last] = value
    return tomlkit.dumps(data)


def keyed(key: str) -> str:
    """A key of the reference as a key of this scenario."""
    return key.replace("accounts.*", "accounts.1").replace("tiers.*", "tiers.waist")


def _with_line(line: str, at: int) -> str:
    lines = changed({}).splitlines()
    position = at % (len(lines) + 1)
    return "\n".join([*lines[:position], line, *lines[position:], ""])


def wrong() -> st.SearchStrategy[bytes]:
    """Contents of scenario files, each of them wrong."""
    numbers = st.sampled_from(NUMBERS).map(keyed)
    bad_numbers = st.sampled_from([-1, 10**30, float("nan"), float("inf"), True, "many", [1], {"a": 1}])
    other_types = st.sampled_from([3, 1.5, True, {"a": 1}, [[1]]])
    texts = st.sampled_from(["links.layout", "run.start", "accounts.1.tier", "seeding.topic"])
    tables = st.sampled_from(["audience", "platform.weights", "links", "accounts.1.topics"])
    unknown = st.builds(
        lambda table, name, value: {f"{table}.{name}" if table else name: value},
        st.sampled_from(TABLES),
        st.text(st.characters(categories=["L"]), min_size=3, max_size=8).map(lambda name: f"x_{name}"),
        st.sampled_from([1, "text", [1, 2], {"a": 1}]),
    )
    values = st.one_of(
        unknown,
        st.builds(lambda key, value: {key: value}, numbers, bad_numbers),
        st.builds(lambda key, value: {key: value}, texts, other_types | st.sampled_from(HOSTILE)),
        st.builds(lambda key, value: {key: value}, tables, st.sampled_from([3, "text", [1]])),
        st.sampled_from([{key: value} for key, value in BROKEN_RULES.items()]),
        st.sampled_from([*BROKEN_PAIRS, *NOT_YET]),
        st.sampled_from(HOSTILE).map(lambda text: {"accounts.1.topics": {text: 1.0}}),
        st.sampled_from(HOSTILE).map(lambda text: {"links.edges": [["main", text, "like"]]}),
    ).map(changed)
    broken = st.builds(_with_line, st.sampled_from(BROKEN), st.integers(0, 1000))
    deep = st.sampled_from(
        [
            ".".join("a" * 3000) + " = 1",
            "x = " + "[" * 3000,
            "x = " + "9" * 5000,
            "[run]\nhours = 0x" + "f" * 5000,
            "",
        ]
    )
    text = st.one_of(values, broken, deep).map(str.encode)
    garbage = st.binary(max_size=200).map(lambda raw: b"\xff" + raw)
    return st.one_of(text, text, text, text, garbage)
