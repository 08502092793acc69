"""No two draws have one address: ranges under a key are disjoint, and every call that makes one is known."""

import ast
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from sim.rules import pools
from sim.rules.addresses import RANGES
from sim.rules.draws import high32, low32, subkey
from sim.rules.engagement import draws, impression_key

SIM = Path(pools.__file__).parents[1]
MAKERS = {"child", "subkey", "root_key", "impression_key", "mix"}
"""What makes a key; the definitions themselves stand in draws.py."""
ORDER = "order"
"""Of a permutation or a normal: under a key that has no children beside but counters."""

# Module and last argument of a call → the ranges in which its numbers lie.
CALLS = {
    ("engines/agents/people", "JUMP"): {"jump"},
    ("engines/agents/people", "WALK"): {"page", "step"},
    ("engines/agents/people", "WATCH"): {"newest video"},
    ("engines/agents/people", "self.number"): {"impression"},
    ("analysis/viewers", "POPULATION"): {"population"},
    ("engines/agents/responder", "CELL"): {"cells"},
    ("engines/agents/responder", "FAN"): {"fans' hours"},
    ("engines/agents/responder", "SCATTER"): {"scatter"},
    ("engines/agents/responder", "SEGMENT + g"): {"order of a segment"},
    ("engines/agents/responder", "int(cells.picks[row])"): {"aim"},
    ("engines/agents/responder", "person.number"): {"person's hour", "person's next video of an author"},
    ("engines/agents/responder", "shard"): {"cell"},
    ("experiment/robust", "ASSUMPTIONS"): {"assumptions"},
    ("experiment/robust", "name_key(key)"): {"assumed parameter"},
    ("hour/cells", "SPREAD"): {"lanes"},
    ("hour/events", "MINUTE"): {"minute", "minute of a visit"},
    ("engines/columns/choose", "FAN"): {"fans' hours"},
    ("engines/columns/choose", "SCATTER"): {"scatter"},
    ("engines/columns/choose", "SEGMENT + g"): {"order of a segment"},
    ("engines/columns/choose", "first + slot"): {"person's next video of an author"},
    ("engines/columns/choose", "first + batch + k"): {"aim"},
    ("engines/columns/choose", "first + fans[at(begin + batch + k)]"): {"person's hour"},
    ("engines/columns/impress", "first + slots[at(begin + k)]"): {"impression"},
    ("engines/columns/respond", "CELL"): {"cells"},
    ("engines/columns/respond", "shard"): {"cell"},
    ("mechanisms/luck", "HEAT"): {"heat of accounts"},
    ("mechanisms/luck", "LUCK"): {"luck of accounts"},
    ("mechanisms/luck", "key"): {"luck of an account", "heat of an account"},
    ("mechanisms/luck", "self._day"): {"day of heat"},
    ("mechanisms/sharing", "FRIENDS"): {"friends"},
    ("mechanisms/unfollows", "UNFOLLOW"): {"follow taken back", "follow of a visitor taken back"},
    ("mechanisms/sharing", "ring"): {"ring"},
    ("engines/columns/walk", "JUMP"): {"jump"},
    ("engines/columns/walk", "WALK"): {"page", "step"},
    ("engines/columns/walk", "WATCH"): {"newest video"},
    ("engines/columns/walk", "user"): {"impression"},
    ("platform/baseline", "BACKGROUND"): {"background"},
    ("platform/baseline", "POOL + pool"): {"background pool"},
    ("platform/baseline", "k"): {"counts"},
    ("platform/baseline", "k + 1"): {"rates", "category's rates"},
    ("platform/baseline", "key"): {ORDER},
    ("platform/baseline", "np.int64(0)"): {"rates", "category's rates"},
    ("world/posts", "LATE"): {"lateness"},
    ("world/posts", "name_key(account.id)"): {"lateness of an account"},
    ("world/posts", "k"): {"wave of a late account"},
    ("mechanisms/enforcement", "ENFORCE"): {"looks at accounts"},
    ("mechanisms/enforcement", "accounts.keys[k]"): {"looks at an account"},
    ("mechanisms/enforcement", "run.today"): {"day of a look"},
    ("mechanisms/incubation", "INCUBATE"): {"who would post"},
    ("mechanisms/incubation", "person"): {"person who would post"},
    ("platform/percentile", "BACKGROUND"): {"background"},
    ("platform/baseline", "v"): {"background video", "trial", "category's video"},
    ("platform/hits", "BACKGROUND"): {"background"},
    ("platform/hits", "CATEGORY"): {"category"},
    ("platform/hits", "CATEGORY + hour"): {"category's hour"},
    ("platform/hits", "k"): {"category's responses"},
    ("platform/hits", "v"): {"category's video"},
    ("rules/audience", "10 + (topic >> 3)"): {"interests"},
    ("rules/audience", "_AGE"): {"propensity, age, sex, city, what is looked for"},
    ("rules/audience", "_CITY"): {"propensity, age, sex, city, what is looked for"},
    ("rules/audience", "_COMPLETION"): {"propensity, age, sex, city, what is looked for"},
    ("rules/audience", "_ENGAGEMENT"): {"propensity, age, sex, city, what is looked for"},
    ("rules/audience", "_SEEKS"): {"propensity, age, sex, city, what is looked for"},
    ("rules/audience", "_SEX"): {"propensity, age, sex, city, what is looked for"},
    ("rules/audience", "_REPETITION"): {"put off by repetition"},
    ("rules/engagement", "key + GOLD"): {"responses, stage, @"},
    ("rules/engagement", "key + np.uint64(2) * GOLD"): {"responses, stage, @"},
    ("rules/engagement", "key + np.uint64(3) * GOLD"): {"responses, stage, @"},
    ("rules/engagement", "np.uint64(key) + np.uint64(4) * GOLD"): {"responses, stage, @"},
    ("rules/engagement", "np.uint64(video_key) + (np.uint64(user) + np.uint64(1)) * GOLD"): {"impression"},
    ("rules/published", "COLD + 2 * age"): {"cold start", "category's cold start"},
    ("rules/published", "COLD + 2 * age + 1"): {"cold start", "category's cold start"},
    ("rules/pools", "POOL + pool"): {"mark", "mark of a trial", "category's mark"},
    ("rules/pools", "REVIVAL + age_h"): {"revival", "category's revival"},
    ("rules/pools", "SIZE + pool"): {"size", "category's size"},
    ("rules/sharing", "OPEN"): {"openings"},
    ("rules/sharing", "high"): {"the other"},
    ("rules/sharing", "low"): {"one friend"},
    ("rules/sharing", "receiver"): {"receiver"},
    ("rules/sharing", "ring"): {"ring"},
    ("rules/sharing", "sharer"): {"sharer"},
    ("world/population", "POPULATION"): {"population"},
    ("world/population", "u"): {"person"},
    ("world/population", "u + k"): {"person"},
    ("world/ties", "FANBASE"): {"fan bases"},
    ("world/ties", "accounts.keys[account]"): {"account"},
    ("world/ties", "shard"): {"fans of a shard"},
    ("world/ties", "size + slots[at(k)]"): {"willingness"},
    ("world/reliability", "BOOKED"): {"booked creators"},
    ("world/reliability", "name_key(account.id)"): {"booked creator"},
    ("world/reliability", "POSTS"): {"whether a creator posts"},
    ("world/reliability", "PULL"): {"pull beyond the estimate"},
    ("world/posts", "0"): {"phase of the posts"},
    ("world/posts", "CONTENT"): {"contents"},
    ("world/posts", "VIDEO"): {"posts"},
    ("world/posts", "n"): {"quality"},
    ("world/posts", "name_key(a.id)"): {"planner"},
    ("world/posts", "name_key(a.material or a.id)"): {"material"},
    ("world/posts", "numbers[k]"): {
        "video",
        "content",
        "follow erased",
    },
}


def calls():
    found = set()
    for path in sorted(SIM.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path == SIM / "rules" / "draws.py" or "sim.rules" not in text:
            continue
        place = path.relative_to(SIM).with_suffix("").as_posix()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in MAKERS and node.args:
                found.add((place, ast.unparse(node.args[-1])))
    return found


def test_ranges_under_one_key_are_disjoint():
    rows = sorted(RANGES)
    assert all(row.first <= row.last for row in rows)
    for parent, ranges in itertools.groupby(
        sorted(rows, key=lambda r: (r.parent, r.first)), lambda r: r.parent
    ):
        for before, after in itertools.pairwise(ranges):
            assert before.last < after.first, (parent, before.what, after.what)


def test_every_range_has_a_name_of_its_own():
    assert max(Counter(row.what for row in RANGES).values()) == 1


def test_every_key_hangs_on_the_seed_or_on_a_name():
    known = {row.what for row in RANGES} | {"seed", "name"}
    # A step of a walk and the page's newest video may be impressions.
    assert {row.parent for row in RANGES} <= known


def test_every_call_that_makes_a_key_is_in_the_registry_and_every_range_is_used():
    assert calls() == set(CALLS), "a new address needs a row in sim/rules/addresses.py and a line here"
    used = set().union(*CALLS.values()) - {ORDER}
    assert used == {row.what for row in RANGES}


VIDEOS = [subkey(np.uint64(37), n) for n in range(4096)]
CLOSE = 4.5 / np.sqrt(len(VIDEOS))


def correlations(one, person):
    """With each of the eight draws of a person's impression."""
    halves = [
        [
            int(half(np.uint64(word)))
            for half in (low32, high32)
            for word in draws(np.uint64(impression_key(video, person)))
        ]
        for video in VIDEOS
    ]
    return [abs(np.corrcoef(one, column)[0, 1]) for column in np.array(halves, float).T]


@pytest.mark.system("P4")
@pytest.mark.parametrize("pool", [0, 3])
def test_luck_of_a_pool_is_independent_of_what_any_viewer_does(pool):
    # Numbered 100 + pool and 200 + pool, the two had the addresses of these people: 0.28.
    for rule, person in ((pools.competition, 100 + pool), (pools.size_factor, 200 + pool)):
        luck = np.log([rule(video, pool, 1.0) for video in VIDEOS])
        assert max(correlations(luck, person)) < CLOSE
