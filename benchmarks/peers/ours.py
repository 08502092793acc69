"""Our whole model in a world like the feed's: as many people, accounts, videos and impressions.

An impression of ours draws no candidates to throw away: the platform aims each video at the
people who match it. It does more after the showing: completion lifts the other responses,
exposure tires, the brand is remembered, a video is never shown twice to one person, page
visits walk on, shares reach friends.
"""

from benchmarks.peers import feed
from benchmarks.workloads import measure
from sim.scenario.schema import Scenario

WORK = (
    "a person picked by address and match, never twice; 6 draws on a match over 16 topics, fatigue, trust, "
    "brand stage; record, reach and follow bits written; visits, shares, pools"
)


def scenario(users: int, hours: int) -> Scenario:
    """The feed's world as a scenario of ours."""
    names = [f"topic-{k}" for k in range(feed.TOPICS)]
    accounts = [
        {
            "id": f"account-{k:03}",
            "role": "sub" if k else "main",
            "fans": 0,
            "posts_per_day": 24 * feed.POSTS / hours,
            "topics": {names[k % feed.TOPICS]: 1.0},
        }
        for k in range(feed.ACCOUNTS)
    ]
    first, second, third = feed.gates(users)
    return Scenario.from_dict(
        {
            "name": "feed",
            "audience": {
                "users": users,
                "topics": dict.fromkeys(names, 1 / feed.TOPICS),
                "daily_impressions": 24.0
                * feed.SHOWN
                / 1.28,  # the five hours from ten carry 1.28 of the mean
                "category_share": 1.0,
                "fatigue_per_exposure": 0.01,
                "put_off_share": 0.0,  # the feed knows one kind of people
            },
            "platform": {
                "pools": [2 * first, 2 * second, third],
                "pass_share": [0.6, 0.6],
                "pace_h": [1],
                "own_fan_power": 0.0,
            },
            "accounts": accounts,
            "links": {"layout": "none"},
            "dilution": {"rates": False},  # nor that rates change with reach
            "run": {"hours": hours, "start": "Monday 10:00"},
        }
    )


def run(users: int, hours: int, seed: int) -> feed.Done:
    """One round."""
    done = measure(scenario(users, hours), threads=1, seed=seed)
    return feed.Done(done.impressions, done.seconds, done.rates)
