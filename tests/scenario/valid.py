"""Hypothesis strategies for scenarios that must be accepted."""

import re
from typing import Any

from hypothesis import strategies as st

from sim.scenario.matrix import CHANNELS, TIERS
from sim.scenario.schema import Scenario
from sim.scenario.section import NAMED

NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
).filter(lambda name: re.fullmatch(NAMED, name, re.DOTALL))
LAYOUTS = st.sampled_from(["none", "single", "star", "ring", "chain", "tree", "mesh"])


@st.composite
def accounts(draw: st.DrawFn, *, most: int = 8) -> list[dict[str, Any]]:
    """One main account and some subs with any text for ids, in any order."""
    ids = draw(st.lists(NAMES, min_size=1, max_size=most, unique=True))
    rows = [
        {"id": name, "role": "sub" if k else "main", "fans": draw(st.integers(0, 100))}
        for k, name in enumerate(ids)
    ]
    return draw(st.permutations(rows))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario with free names, any layout, and sometimes seeding or custom links."""
    rows = draw(accounts())
    topics = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    ids = [row["id"] for row in rows]
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(ids), st.sampled_from(CHANNELS))
    custom = draw(st.lists(ends, max_size=6, unique=True).map(lambda es: [e for e in es if e[0] != e[1]]))
    links: dict[str, Any] = {"layout": draw(LAYOUTS), "density": draw(st.floats(0, 1))}
    if custom:
        links |= {"layout": "custom", "edges": custom}
    numbers = st.lists(st.integers(0, 5), min_size=len(TIERS), max_size=len(TIERS))
    ratio = draw(st.just([]) | numbers)
    return Scenario.from_dict(
        {
            "name": draw(NAMES),
            "audience": {"users": 100_000, "topics": {topic: 1 / len(topics) for topic in topics}},
            "accounts": rows,
            "links": links,
            "seeding": {"ratio": ratio, "budget_cny": draw(st.none() | st.floats(0, 1e6))},
            "brand": {"price_cny": draw(st.floats(0, 1e7))},
        }
    )
