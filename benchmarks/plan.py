"""What a run of the benchmarks measures, and how large: full, quick, and a tiny one for tests."""

from typing import NamedTuple

PARTS = ("start", "growth", "dense", "campaign", "sparse", "memory", "peers", "cascade", "sweep", "app")
"""Parts in the order in which they run; `--only` picks some."""


class Plan(NamedTuple):
    """Sizes and repeats."""

    name: str
    parts: tuple[str, ...]
    """Those of PARTS that run where none is asked for."""
    dense: dict[int, int]
    """In this process, interleaved with the ceiling: people → rounds."""
    campaign_users: int
    campaign_rounds: int
    alone_users: tuple[int, ...]
    """Dense sizes that run once each, in a process of their own."""
    threads: tuple[int, ...]
    ceiling_users: int
    """Where ceiling_share and thread_speedup are taken."""
    growth_users: int
    growth_rounds: int
    """People of the dense world of which hours, accounts and posts are doubled in turn."""
    sparse_hours: int
    sparse: dict[int, int]
    """People → rounds."""
    sparse_alone: tuple[tuple[int, int], ...]
    """(people, hours) that run once each, in a process of their own."""
    memory_users: int
    memory_hours: int
    start_rounds: int
    peers: dict[str, tuple[int, int]]
    """Peer → people of its world, of which ours has as many, and rounds."""
    peer_hours: int
    cascade_users: dict[str, int]
    cascade_rounds: int
    sweep_runs: int
    sweep_rounds: int
    sweep_rows: int
    app_changes: int
    app_edits: int
    app_worlds: dict[str, tuple[int, int]]
    """People, of those that the page offers, and seeds of the changed and of the edited plans."""


FULL = Plan(
    name="full",
    parts=PARTS,
    dense={10_000: 15, 100_000: 9, 1_000_000: 9, 10_000_000: 3},
    campaign_users=1_000_000, campaign_rounds=9,
    alone_users=(100_000_000,),
    threads=(1, 2),
    ceiling_users=1_000_000,
    growth_users=100_000, growth_rounds=5,
    sparse_hours=720, sparse={100_000: 3, 1_000_000: 3, 10_000_000: 1},
    sparse_alone=((100_000_000, 24),),
    memory_users=10_000_000, memory_hours=720,
    start_rounds=9,
    peers={
        "Mesa": (100_000, 3),
        "NumPy": (100_000, 9),
        "numba": (100_000, 9),
        "AgentPy": (100_000, 3),
        "mesa-frames": (100_000, 5),
        "T-RECS": (10_000, 3),
        "RecSim": (10_000, 3),
    },
    peer_hours=5,
    cascade_users={"CyNetDiff": 100_000, "NDlib": 100_000}, cascade_rounds=5,
    sweep_runs=200, sweep_rounds=9, sweep_rows=100_000,
    app_changes=7, app_edits=3, app_worlds={"changed": (100_000, 8), "edited": (2_000_000, 16)},
)  # fmt: skip
QUICK = FULL._replace(
    name="quick",
    parts=tuple(part for part in PARTS if part != "app"),
    dense={10_000: 5, 100_000: 3, 1_000_000: 2},
    campaign_rounds=2,
    alone_users=(),
    growth_rounds=1,
    sparse_hours=72, sparse={100_000: 2, 1_000_000: 1}, sparse_alone=(),
    memory_users=1_000_000, memory_hours=72,
    start_rounds=3,
    peers={"Mesa": (60_000, 1), "NumPy": (100_000, 3), "numba": (30_000, 1)},
    cascade_users={"CyNetDiff": 20_000, "NDlib": 4_000}, cascade_rounds=2,
    sweep_runs=20, sweep_rounds=1, sweep_rows=20_000,
    app_changes=1, app_edits=1,
)  # fmt: skip
TINY = QUICK._replace(
    name="tiny",
    dense={2_000: 1, 20_000: 1},
    campaign_users=20_000, campaign_rounds=1,
    ceiling_users=20_000,
    growth_users=2_000, growth_rounds=1,
    sparse_hours=2, sparse={40_000: 1},
    memory_users=40_000, memory_hours=2,
    start_rounds=1,
    peers={"Mesa": (400, 1), "NumPy": (2_000, 1), "numba": (2_000, 1)},
    cascade_users={"CyNetDiff": 500}, cascade_rounds=1,
    sweep_runs=4, sweep_rows=1_000,
    app_worlds={"changed": (50_000, 4), "edited": (50_000, 4)},
)  # fmt: skip
