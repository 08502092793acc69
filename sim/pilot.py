"""What an impression is worth: the scale of the order step at which a brand's accounts meet its GPM (E1).

Takes a scenario; gives the factor on the probabilities of orders and the scenario with it. A merchant
knows his sales per 1,000 plays, and no measured number says what a person's step to an order is; so one
run, the pilot, of nothing but the brand's own accounts as written counts who *could* order, and the factor
follows from that by arithmetic. It is the same for every layout, structure, mix and seed of a scenario, and
hangs on nothing but the scenario: the pilot has a seed of its own. It is never part of a result.

Model: a pilot run of the brand's own accounts as written counts who could order, and sets the scale of the
order step so that they meet the GPM; its seed is its own, so layouts, mixes and seeds share the scale. At
most 28 days and, unless accounts are very big, 2 million people: more change little.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any, ClassVar, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.compiled import Whole
from sim.engines.columns.respond import ColumnsResponder
from sim.hour.events import ORDERED
from sim.hour.plan import advance
from sim.hour.run import Mechanism, Run, build_world, start_run
from sim.mechanisms import begun, locally
from sim.results import input_hash
from sim.rules.brand import TRUST_LEVELS
from sim.rules.verification import shares_convinced
from sim.scenario.audience import Brand
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.world.board import IMPRESSIONS

SEED = 4_611_686_018_427_387_903
"""Of every pilot (chosen: a seed that nobody counts up to)."""
MOST_HOURS = 672
"""Hours that a pilot lasts at most: four weeks; what an impression is worth changes little after (chosen)."""
MOST_PEOPLE = 2_000_000
"""People of a pilot, unless accounts are so big that they would reach many of so few (chosen)."""
PEOPLE_PER_FAN = 20
"""People for each fan that a pilot has at least."""
_LEVEL = np.min_scalar_type(2 * TRUST_LEVELS - 1)
_HALVINGS = 60
_NEAR = 1e-3

K = TypeVar("K")
V = TypeVar("V")


class Opportunities(NamedTuple):
    """Impressions of a pilot that met somebody who could order."""

    impressions: int
    """all impressions, those outside the audience too"""
    turns: tuple[NDArray[np.unsignedinteger[Any]], ...]
    """of each person's first, second, … such impression: level of trust, and over a verified account so many
    levels more; those who have n stand first in n"""


class OrderScale(NamedTuple):
    """How the order step meets the brand's GPM."""

    scale: float
    """factor on `order_probability` and `repeat_probability`"""
    gpm_cny: float
    """sales per 1,000 plays that the own accounts as written then have"""
    most_cny: float
    """the most that they could have, were every order certain"""


class _Witness(Mechanism):
    """Notes who could order: in a pilot every order is certain, so each order is an opportunity."""

    hears: ClassVar[tuple[Whole, ...]] = (ORDERED,)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._verified = np.array([account.verified for account in run.accounts.rows])
        self.people: list[NDArray[np.int64]] = []
        self.levels: list[NDArray[np.unsignedinteger[Any]]] = []

    def settle(self, run: Run) -> None:
        """The hour's opportunities; trust is that at the end of the hour."""
        if (people := run.heard(ORDERED)["person"]).size:
            self.people.append(people)
            assert isinstance(run.responder, ColumnsResponder)
            levels = run.responder.read("trust", people) >> 5
            authors = run.videos.rows["author"][run.heard(ORDERED)["what"]]
            self.levels.append((levels + TRUST_LEVELS * self._verified[authors]).astype(_LEVEL))


def reduced(scenario: Scenario) -> Scenario:
    """The brand's own accounts as written, and nothing else that could move an order.

    Without creators, links, structure, paid traffic and plug-ins, and without all that only money hangs
    on: whatever a comparison varies of these, its pilot is the same.
    """
    own = sorted((a for a in scenario.accounts if a.role != "creator"), key=lambda account: account.id)
    hours, names = min(scenario.run.hours, MOST_HOURS), [account.id for account in own]
    given = scenario.model_dump(exclude={*scenario.plugged})
    for name, table in scenario:
        if name in given and isinstance(table, Section):
            given[name] = table.of_own_accounts(names, hours).model_dump()
    brand, neutral = given["brand"], Scenario(name="pilot").brand
    for key in ("price_cny", "margin_share", "fan_value_cny"):
        brand[key] = getattr(neutral, key)
    fans = max(account.fans for account in own)
    return Scenario.from_dict(
        given
        | {
            "name": "pilot",
            "accounts": [account.model_dump() for account in own],
            "platform": given["platform"] | {"hit": 1},
            "brand": brand
            | {"gpm_cny": 0.0, "order_probability": 1.0, "repeat_probability": 1.0, "proof_share": 0.0},
            "audience": given["audience"]
            | {"users": min(scenario.audience.users, max(MOST_PEOPLE, PEOPLE_PER_FAN * fans))},
            "run": given["run"] | {"seed": SEED, "hours": hours},
        }
    )  # fmt: skip


def opportunities(pilot: Scenario, threads: int = 1) -> Opportunities:
    """Runs a pilot."""
    run = start_run(pilot, SEED, build_world(pilot, SEED, threads=threads))
    witness = _Witness(run)
    run.mechanisms = (*begun(run), witness)
    here = locally(pilot, run.accounts)
    run.responder = ColumnsResponder(
        run.board, run.accounts, here._replace(hears=here.hears | {ORDERED}), threads
    )
    try:
        while run.hour < pilot.run.hours:
            advance(run)
        shown = int(run.responder.tally().accounts[:, :, IMPRESSIONS].sum())
        shown += int(run.platform.state["outside"].sum() + run.marks["outside"].sum())
    finally:
        run.responder.close()
    if not witness.people:
        return Opportunities(shown, ())
    people, levels = np.concatenate(witness.people), np.concatenate(witness.levels)
    order = np.argsort(people, kind="stable")
    people, levels = people[order], levels[order]
    first = np.flatnonzero(np.diff(people, prepend=-1))
    counts = np.diff(first, append=people.size)
    most = np.argsort(-counts, kind="stable")
    first, counts = first[most], counts[most]
    turns = [levels[first[: np.searchsorted(-counts, -k, side="left")] + k] for k in range(counts[0])]
    return Opportunities(shown, tuple(turns))


def expected_orders(
    found: Opportunities,
    first: float,
    again: float,
    trust_lift: float,
    may: Sequence[float] = (1.0,) * (2 * TRUST_LEVELS),
) -> float:
    """Orders to be expected over the luck of the steps, at given chances of a first and of a further one.

    Σ over people and their opportunities of (1 − D) p + D r, D the chance that they have ordered before,
    p and r lifted by trust, p only for those who may order (`shares_convinced`).
    """
    lifts = np.tile(1 + trust_lift * np.arange(TRUST_LEVELS) / (TRUST_LEVELS - 1), 2)
    once, more = np.minimum(1.0, first * lifts) * may, np.minimum(1.0, again * lifts)
    total, never = 0.0, np.ones(found.turns[0].size if found.turns else 0)
    for levels in found.turns:
        never = never[: levels.size]
        p = once[levels]
        total += float((never * p + (1.0 - never) * more[levels]).sum())
        never = never * (1.0 - p)
    return total


_KEPT: dict[str, Opportunities] = {}
"""By pilot: a byte for each person who could order, so only the last few."""
_SCALES: dict[tuple[str, tuple[float, ...]], OrderScale] = {}
"""By pilot and what else a scale hangs on: the same for many layouts, mixes and seeds."""
_NAMES: dict[str, str] = {}
"""Of pilots, by the text of a whole scenario: it has many runs, and a name takes a millisecond."""
_MOST_KEPT, _MOST_SCALES = 16, 256
_RUNNING: dict[str, Lock] = {}
"""Of pilots under way."""
_LOCK = Lock()


def _keep(kept: dict[K, V], key: K, value: V, most: int) -> None:
    """Keeps a value as the last to go."""
    with _LOCK:
        kept.pop(key, None)
        kept[key] = value
        for old in list(kept)[:-most]:
            del kept[old]


def _name_of(scenario: Scenario) -> str:
    """What a scenario's pilot is kept under."""
    text = scenario.model_dump_json()
    name = _NAMES.get(text) or input_hash(reduced(scenario))
    _keep(_NAMES, text, name, _MOST_KEPT)
    return name


def _scale_of(scenario: Scenario, threads: int) -> OrderScale:
    """The scale of a scenario; its pilot is run once in a process, whoever asks for it at the same time."""
    key, brand = _name_of(scenario), scenario.brand
    terms = (
        brand.order_probability, brand.repeat_probability, brand.trust_lift, brand.price_cny, brand.gpm_cny,
        *brand.proof,
    )  # fmt: skip
    with _LOCK:
        own = _RUNNING.setdefault(key, Lock())
    with own:
        try:
            by = _SCALES.get((key, terms))
            if by is None:
                found = _KEPT.get(key) or opportunities(reduced(scenario), threads)
                _keep(_KEPT, key, found, _MOST_KEPT)
                by = order_scale(found, brand)
            _keep(_SCALES, (key, terms), by, _MOST_SCALES)
        finally:  # whoever still waits has it in hand
            with _LOCK:
                _RUNNING.pop(key, None)
    return by


def scaled(scenario: Scenario, threads: int = 1) -> tuple[Scenario, OrderScale | None]:
    """The scenario whose orders meet its GPM, and by what; itself and None where it names no GPM.

    Args:
        scenario: what is to be run.
        threads: threads of the pilot.
    Returns:
        A scenario that differs in the two probabilities of an order, and is never to be scaled again.
    """
    brand = scenario.brand
    if brand.gpm_cny == 0.0:
        return scenario, None
    by = _scale_of(scenario, threads)
    own = {"order_probability": brand.order_probability, "repeat_probability": brand.repeat_probability}
    changed = {key: min(1.0, by.scale * value) for key, value in own.items()} | {"gpm_cny": 0.0}
    return scenario.model_copy(update={"brand": brand.model_copy(update=changed)}), by


def order_scale(found: Opportunities, brand: Brand) -> OrderScale:
    """The factor at which what a pilot found meets a brand's GPM, or comes as near as orders can."""
    first, again, lift = brand.order_probability, brand.repeat_probability, brand.trust_lift
    may = shares_convinced(*brand.proof)
    surest = 1.0 / max(first, again) if max(first, again) > 0.0 else 0.0
    worth = 1000 * brand.price_cny / found.impressions if found.impressions else 0.0

    def gpm(scale: float) -> float:
        return worth * expected_orders(found, scale * first, scale * again, lift, may)

    most = gpm(surest)
    if most == 0.0:  # nothing to go by: the probabilities stay as written
        return OrderScale(1.0, 0.0, 0.0)
    if most <= brand.gpm_cny:
        return OrderScale(surest, most, most)
    low, high = 0.0, surest
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if gpm(middle) < brand.gpm_cny else (low, middle)
    scale = float(f"{high:.9g}")
    return OrderScale(scale, gpm(scale), most)


def unmet(scenario: Scenario, by: OrderScale | None) -> tuple[Warned, ...]:
    """That a brand's GPM cannot be met, and what can."""
    if by is None or by.gpm_cny >= scenario.brand.gpm_cny * (1 - _NEAR):
        return ()
    wanted = f"{scenario.brand.gpm_cny:,.4g}"
    if by.most_cny == 0.0:
        nobody = warned(
            "gpm_unmet",
            None,
            lambda words: words(
                "The brand's own accounts as written meet nobody who could order, so nothing sets the order "
                "step by brand.gpm_cny = {wanted}: its probabilities stand as written.",
                wanted=wanted,
            ),
        )
        return (nobody,)
    most = f"{by.most_cny:,.4g}"
    low = warned(
        "gpm_unmet",
        None,
        lambda words: words(
            "Sales per 1,000 plays cannot come to brand.gpm_cny = {wanted} CNY: were every order certain, "
            "they would be {most} CNY.",
            wanted=wanted, most=most,
        ),
    )  # fmt: skip
    return (low,)
