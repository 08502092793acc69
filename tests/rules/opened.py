"""What videos start with: sizes of first exposures, as the platform opened them."""

from typing import Any

from sim.scenario.schema import Scenario
from sim.simulation import Simulation

NO_FORCES: dict[str, Any] = {
    "platform.account_luck_sd": 0.0,
    "platform.account_heat_sd": 0.0,
    "platform.same_day_elasticity": 0.0,
    "platform.same_content_factor": 1.0,
    "platform.pool_noise": 0.0,
    "seeding.market.commercial_factor": 1.0,
}
"""Every account starts alike."""


def alone(name: str, accounts: list[dict[str, Any]], **values: Any) -> Scenario:
    """Accounts without links and forces: every post starts with 100,000 impressions."""
    base = Scenario.from_dict(
        {
            "name": name,
            "audience": {"users": 2_000, "topics": {"food": 1.0}},
            "platform": {"pools": (100_000,), "own_fan_power": 0.0},
            "accounts": accounts,
            "links": {"layout": "none"},
            "run": {"hours": 48},
        }
    )
    return base.with_values(NO_FORCES | {key.replace("__", "."): value for key, value in values.items()})


def first_exposures(scenario: Scenario, seed: int = 1) -> dict[tuple[str, int], int]:
    """Impressions of the first exposure of each post, by planner and number."""
    simulation, found = Simulation(scenario, seed), {}
    run, names = simulation.state, [account.id for account in simulation.state.accounts.rows]
    try:
        while simulation.running:
            before = run.videos.size
            simulation.advance()
            for video, whole in zip(
                run.videos.rows[before:], run.platform.state["whole"][before:], strict=True
            ):
                found[names[video["planner"]], int(video["number"])] = int(whole)
    finally:
        simulation.close()
    return found
