"""Where two scenarios differ, key by key.

Takes two scenarios; gives places and values, no words.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sim.scenario.schema import Scenario
from sim.scenario.wording import KeyPath

MIXES = ("topics", "ingredients")
"""Keys of an account whose table is one value."""


class Difference(NamedTuple):
    """A place where two scenarios differ, and the values there; None where there is none."""

    place: KeyPath
    before: object
    after: object


def differences(before: Scenario, after: Scenario) -> list[Difference]:
    """Where two scenarios differ, accounts told by their ids, the others by their keys.

    Numbers of accounts in the places are those of `after`; an account that is gone has no number but its id.
    One that came or went is one difference: its id.
    """
    old, new = (_leaves(plan) for plan in (before, after))
    ranks = {account.id: k for k, account in enumerate(after.accounts)}
    found = []
    for place in dict.fromkeys([*old, *new]):
        was, now = old.get(place), new.get(place)
        one_of_many = place[0] == "accounts" and place[2:] and (place[:2] in old) != (place[:2] in new)
        if was != now and not one_of_many:
            at = (place[0], ranks.get(place[1], place[1]), *place[2:]) if place[0] == "accounts" else place
            found.append(Difference(at, was, now))
    return found


def _leaves(plan: Scenario) -> dict[tuple[str, ...], object]:
    """Every value of a scenario by its place; an account that is there has its id as one."""
    leaves = dict[tuple[str, ...], object]()

    def walk(node: object, place: tuple[str, ...]) -> None:
        if isinstance(node, Mapping) and not (place[1:] and place[-1] in MIXES):
            for key, item in node.items():
                walk(item, (*place, key))
        else:
            leaves[place] = node

    values = plan.model_dump(exclude={"fitted"})  # how a value is known is no value
    for account in values.pop("accounts"):
        name = account.pop("id")
        leaves["accounts", name] = name
        walk(account, ("accounts", name))
    walk(values, ())
    return leaves
