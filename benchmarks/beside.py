"""The model beside its peers: on the feed, and in sharing on one graph.

Takes a plan; gives a row a peer. Both sides run in turn, several rounds, because the machine
drifts; a ratio is one of medians, and none is given where people respond at grossly different
rates.
"""

import gc
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any, NamedTuple

from benchmarks.peers.feed import Side
from benchmarks.plan import Plan

Found = dict[str, Any]
"""Keys of the result, and `details`."""
Say = Callable[[str], None]
"""Told what runs now."""
CASCADES = {"CyNetDiff": "with_cynetdiff", "NDlib": "with_ndlib"}
"""Library → its function in benchmarks.peers.cascade."""
GROSS = 1.5
"""Response rates further apart than this factor make two sides incomparable."""
OURS = 3
"""Times that ours runs in a round: a tenth of a second each, which luck can double."""
_LEAST_COUNT = 200  # rarer responses are luck


def installed(package: str) -> str | None:
    """The release of a package that is installed; None where none is."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def incomparable(ours: dict[str, float], theirs: dict[str, float], impressions: int) -> str:
    """Why two sides must not be compared; empty where they may."""
    apart = [
        f"{action} {ours[action]:.3%} against {theirs[action]:.3%}"
        for action in theirs
        if min(ours[action], theirs[action]) * impressions >= _LEAST_COUNT
        and not 1 / GROSS <= ours[action] / theirs[action] <= GROSS
    ]
    return "people respond differently: " + ", ".join(apart) if apart else ""


class Peer(NamedTuple):
    """The other side of a comparison on the feed."""

    version: str
    work: str
    run: Side


def _peer(name: str) -> Peer:
    """A peer that is ready to run: its package imported, or its process tried on a few people.

    Raises:
        AbsentError: it does not run here.
    """
    from benchmarks.peers import apart

    if name in apart.SCRIPTS:
        told = apart.runner(name)
        first = told(500, 1, 1)
        return Peer(first["version"], first["work"], lambda *numbers: apart.done(told(*numbers)))
    release = installed(name)
    if release is None:
        raise apart.AbsentError("not installed")
    module = _module(name)
    module.run(500, 1, 1)
    return Peer(release, module.WORK, module.run)


def _module(name: str) -> Any:
    """The module of a peer; imports the package behind it."""
    if name == "Mesa":
        from benchmarks.peers import with_mesa

        return with_mesa
    if name == "NumPy":
        from benchmarks.peers import with_numpy

        return with_numpy
    if name == "numba":
        from benchmarks.peers import with_numba

        return with_numba
    from benchmarks.peers import with_agentpy

    return with_agentpy


def peers(plan: Plan, say: Say) -> Found:
    """Our whole model against each peer on the feed, in turn."""
    from benchmarks.peers import apart, ours

    ours.run(30_000, plan.peer_hours, 1)  # large enough that every kernel is called and loaded
    rows: dict[str, Any] = {}
    for peer, (users, rounds) in plan.peers.items():
        try:
            theirs = _peer(peer)
        except apart.AbsentError as why:
            rows[peer] = {"skipped": str(why)}
            continue
        both: dict[str, list[Any]] = {"ours": [], "theirs": []}
        for number in range(rounds):
            say(f"peer {peer} {theirs.version}, {users:,} people, round {number + 1}")
            for side, run, times in (("theirs", theirs.run, 1), ("ours", ours.run, OURS)):
                gc.collect()  # the garbage of one side is not cleared away in the time of the other
                both[side] += [run(users, plan.peer_hours, number + 1) for _ in range(times)]
        rate = {side: median(d.impressions / d.seconds for d in done) for side, done in both.items()}
        reason = incomparable(both["ours"][0].rates, both["theirs"][0].rates, both["ours"][0].impressions)
        rows[peer] = {
            "version": theirs.version,
            "users": users,
            "rounds": rounds,
            "per_second": {side: round(value) for side, value in rate.items()},
            "ratio": None if reason else round(rate["ours"] / rate["theirs"], 2),
            "no_ratio_because": reason,
            "rates": {
                side: {k: round(v, 5) for k, v in done[0].rates.items()} for side, done in both.items()
            },
            "impressions": {side: done[0].impressions for side, done in both.items()},
            "work": {"ours": ours.WORK, "theirs": theirs.work},
        }
    return {
        "vs_mesa": rows.get("Mesa", {}).get("ratio"),
        "vs_numpy": rows.get("NumPy", {}).get("ratio"),
        "details": {"peers": rows},
    }


def cascade(plan: Plan, say: Say) -> Found:
    """Our sharing cascade against two libraries on the same graph, in turn."""
    from benchmarks.peers import cascade as spread

    rows: dict[str, Any] = {}
    spread.ours(spread.graph(200), 1)
    for peer, users in plan.cascade_users.items():
        release = installed(peer)
        if release is None:
            rows[peer] = {"skipped": "not installed"}
            continue
        say(f"cascade {peer} {release}, {users:,} people")
        given = spread.graph(users)
        sides = {"theirs": getattr(spread, CASCADES[peer])(given), "ours": spread.ours}
        both: dict[str, list[Any]] = {side: [] for side in sides}
        for number in range(plan.cascade_rounds):
            for side, run in sides.items():
                both[side].append(run(given, number + 1))
        rate = {side: median(d.edges / d.seconds for d in done) for side, done in both.items()}
        reached = {side: median(d.reached for d in done) for side, done in both.items()}
        alike = 1 / 1.1 <= reached["ours"] / max(1, reached["theirs"]) <= 1.1
        rows[peer] = {
            "version": release,
            "users": users,
            "rounds": plan.cascade_rounds,
            "per_second": {side: round(value) for side, value in rate.items()},
            "ratio": round(rate["ours"] / rate["theirs"], 3) if alike else None,
            "no_ratio_because": "" if alike else "the cascades reach different numbers of people",
            "reached": reached,
            "work": {"ours": spread.WORK["ours"], "theirs": spread.WORK[peer]},
        }
    return {"details": {"cascade": rows}}
