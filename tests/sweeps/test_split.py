"""One run whose people are spread over portions gives the tables of one machine, and little crosses."""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import cli
from sim.errors import RunError
from sim.hour.cells import CellBook
from sim.hour.run import build_world
from sim.results import Result
from sim.rules.audience import SHARD, shards
from sim.scenario.schema import Scenario
from sim.simulation import Simulation
from sim.sweeps.split import Portion, Seated, cut, packed, run_split, unpacked
from sim.world.portion import reserved
from sim.world.ties import WORDS
from tests.hour.test_sightings import remembered
from tests.invariants.worlds import same
from tests.refresh import SEEDED, WORLDS, busy, result_of

FOUR = {"audience__users": 50_000, "platform__pools": (400, 3_000, 13_500)}  # the fourth shard is small
SPLIT = {
    **{layout: busy(**FOUR, run__hours=48, links__layout=layout) for layout in ("none", "single")},
    "mesh": busy(
        audience__users=50_000,
        run__hours=72,
        links__layout="mesh",
        platform__trickle=0.05,
        platform__pools=(150, 600, 2_000, 5_000),
    ),
    "star, seeded": busy(**{**SEEDED, **FOUR}, run__hours=60, links__layout="star"),
    "custom": WORLDS["busy custom"].with_values({"audience.users": 40_000, "run.hours": 60}),
    "revived, scarce": WORLDS["revived, scarce"].with_values({"audience.users": 40_000}),
    "three lines": Scenario.load("three_lines").with_values({"audience.users": 400_000, "run.hours": 72}),
}
"""Scenarios over three shards or more, whose videos stop, are sent to friends, and are followed and left."""


class Nearby:
    """A portion on a thread of this process."""

    def __init__(self, portion: Portion) -> None:
        self._portion = portion
        self._thread = ThreadPoolExecutor(1)

    def hello(self) -> Future[bytes]:
        """As `Portion.hello`."""
        return self._thread.submit(self._portion.hello)

    def hour(self, letter: bytes) -> Future[bytes]:
        """As `Portion.hour`."""
        return self._thread.submit(self._portion.hour, letter)

    def reach(self) -> Future[bytes]:
        """As `Portion.reach`."""
        return self._thread.submit(self._portion.reach)


def seats(scenario: Scenario, portions: int, threads: int = 1, seed: int = 1) -> list[Seated]:
    parts = cut(int(shards(scenario.audience.users)), [1] * portions)
    return [Seated(held, Nearby(Portion(scenario, seed, held, threads))) for held in parts if held]


def split(scenario: Scenario, portions: int, threads: int = 1) -> Result:
    return run_split(scenario, 1, lambda: seats(scenario, portions, threads))


@pytest.mark.parametrize("name", SPLIT)
def test_a_split_run_has_the_tables_and_the_digest_of_one_machine(name):
    alone = result_of(SPLIT[name])
    for portions in (2, 3):
        over = split(SPLIT[name], portions)
        same(alone, over)
        assert over.provenance["split"]["workers"] == portions
        counts = [key for key in alone.summary if "second" not in key]
        assert {key: over.summary[key] for key in counts} == {key: alone.summary[key] for key in counts}


def test_what_is_hard_to_split_happens_in_these_scenarios():
    result = result_of(SPLIT["mesh"])
    happened = result.hourly.filter(result.hourly["visits"] > 0)["origin"].unique()
    assert {"follow", "like", "mention", "friends"} <= set(happened)
    assert min(result.summary["unfollows"], result.summary["orders"]) > 20
    # Memory of stopped videos is freed.
    assert result.videos["still_shown"].sum() < 0.7 * len(result.videos)
    three = result_of(SPLIT["three lines"])
    assert min(three.summary["shares"], three.summary["follows"]) > 20


def test_threads_of_a_portion_do_not_matter(monkeypatch):
    monkeypatch.setattr("sim.engines.columns.respond.WORTH_THREADS", 0)  # however small the world
    same(result_of(SPLIT["mesh"]), split(SPLIT["mesh"], 2, threads=2))


def test_more_portions_than_shards_leave_some_idle():
    over = split(WORLDS["three shards"], 5)
    same(result_of(WORLDS["three shards"]), over)
    assert over.provenance["split"]["shards"] == [[0, 1], [1, 2], [2, 3]]


@given(st.integers(1, 9_000), st.lists(st.integers(1, 64), min_size=1, max_size=20))
def test_a_cut_gives_every_shard_to_one_portion_by_weight(count, weights):
    parts = cut(count, weights)
    assert [shard for part in parts for shard in part] == list(range(count))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(len(part) - count * weight / sum(weights)) < 1


whole = st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20)


@given(st.lists(whole, max_size=5), st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_a_letter_arrives_as_it_was_sent(columns, words):
    sent = [np.array(column, np.int64) for column in columns]
    *back, last = unpacked(packed(*sent, np.array(words, np.uint64)))
    assert [column.view(np.int64).tolist() for column in back] == columns
    assert last.tolist() == words


def test_small_numbers_take_little_room_in_a_letter():
    assert len(packed(np.arange(200))) == 200 + 12


@pytest.mark.parametrize("held", [range(1), range(1, 3), range(3, 4)])
def test_a_portion_makes_its_own_people_and_fans_and_nobody_else(held):
    scenario = SPLIT["mesh"]
    all_of_them, some = build_world(scenario, 1), build_world(scenario, 1, threads=2, held=held)
    people = slice(held.start * SHARD, held.stop * SHARD)
    words = slice(held.start * WORDS, held.stop * WORDS)
    assert (some.population.users[people] == all_of_them.population.users[people]).all()
    assert (some.ties.fans[:, words] == all_of_them.ties.fans[:, words]).all()
    assert some.ties.fans[:, words].any()
    for array, own in ((some.population.users["interest"], people), (some.ties.fans.T, words)):
        others = np.ones(len(array), bool)
        others[own] = False
        assert not array[others].any()
    shares = np.zeros_like(all_of_them.ties.fan_count)
    shares[:, held.start : held.stop] = all_of_them.ties.fan_count[:, held.start : held.stop]
    assert (some.ties.fan_count == shares).all()


def used_rows(book: CellBook) -> int:
    """Cells whose cursors are kept, which are as many as rows were given out."""
    known = int(((book.row_of >= 0) & (book.row_of < book.picks.size)).sum())
    assert known == book.picks.size - int(book.free_count[0])
    return known


def test_what_is_remembered_by_person_lies_with_the_person_and_is_freed_everywhere():
    scenario = SPLIT["mesh"]
    alone = Simulation(scenario, 1).finish().state
    parts = cut(4, [1, 1])
    portions = [Portion(scenario, 1, held) for held in parts]
    seated = [Seated(held, Nearby(portion)) for held, portion in zip(parts, portions, strict=True)]
    run_split(scenario, 1, lambda: seated)
    assert alone.marks["closed"].sum() > 5
    books = [portion._people.cells for portion in portions]
    whole = alone.responder.cells
    assert sum(used_rows(book) for book in books) == used_rows(whole) > 10
    seen = [remembered(book.sightings) for book in books]
    assert sorted(pair for part in seen for pair in part) == remembered(whole.sightings)
    for part, held in zip(seen, parts, strict=True):
        assert len(part) > 20
        assert {user // SHARD for _, user in part} <= set(held)


def resident() -> int:
    """Memory of this process now [bytes]."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_portion_holds_its_own_people_only():
    # 256 MB of people; 40 accounts' fans in rows of 1 MB, of which every portion writes a quarter.
    rows = tuple({"id": f"a{k}", "role": "sub" if k else "main", "fans": 4_000} for k in range(40))
    scenario = busy(audience__users=8_000_000, accounts=rows, links__layout="none", run__hours=2)
    quarter = cut(int(shards(8_000_000)), [1] * 4)[2]
    build_world(scenario.with_values({"audience.users": 40_000}), 1, held=range(1))  # machine code is loaded
    before = resident()
    portion = Portion(scenario, 1, quarter)
    own = resident() - before
    assert 0.9 * 64e6 < own < 1.25 * (64e6 + 10e6)
    del portion


def test_reserved_memory_is_zeros_that_can_be_written():
    for shape in (5, (3, 4), 0, (0, 7)):
        array = reserved(shape, np.uint64)
        assert array.shape == np.zeros(shape).shape
        assert not array.any()
        array[...] = 7
        assert (array == 7).all()


class Spy:
    """A seat that writes down what passes it."""

    def __init__(self, seat):
        self.seat, self.letters, self.answers = seat, [], []

    def hello(self):
        return self._noted(self.seat.hello())

    def hour(self, letter):
        self.letters.append(letter)
        return self._noted(self.seat.hour(letter))

    def reach(self):
        return self._noted(self.seat.reach())

    def _noted(self, future):
        self.answers.append(future)
        return future


def watched(scenario: Scenario) -> tuple[Result, list[Spy]]:
    spies = [seated._replace(seat=Spy(seated.seat)) for seated in seats(scenario, 2)]
    return run_split(scenario, 1, lambda: spies), [seated.seat for seated in spies]


def test_every_byte_that_crosses_is_counted():
    result, spies = watched(SPLIT["mesh"])
    said = result.provenance["split"]
    letters = sum(len(letter) for spy in spies for letter in spy.letters)
    answers = sum(len(answer.result()) for spy in spies for answer in spy.answers)
    assert said["bytes_to_workers"] == letters
    assert said["bytes_from_workers"] == answers
    assert said["bytes_per_hour"] == round((letters + answers) / 72)
    told = [np.concatenate([unpacked(letter)[1] for letter in spy.letters]).tolist() for spy in spies]
    assert told[0] == told[1]
    assert len(set(told[0])) == len(told[0]) > 5  # a video that has stopped for good is named once
    assert {len(spy.letters) for spy in spies} == {72}  # one letter an hour, and no other way to talk
    assert {len(spy.answers) for spy in spies} == {74}  # one answer to each, to hello and to reach


def test_what_crosses_does_not_grow_with_the_audience():
    crossed = []
    for users in (60_000, 600_000):
        scenario = SPLIT["mesh"].with_values({"audience.users": users, "run.hours": 24})
        crossed.append(split(scenario, 2).provenance["split"]["bytes_per_hour"])
    assert crossed[1] < 1.3 * crossed[0]


def test_people_whom_a_message_is_for_are_on_the_worker_that_gets_it():
    result, spies = watched(SPLIT["mesh"])
    for spy, (first, last) in zip(spies, result.provenance["split"]["shards"], strict=True):
        receivers = np.concatenate([unpacked(letter)[-1] for letter in spy.letters]) & np.uint64(0xFFFFFFFF)
        assert receivers.size > 100
        assert first * SHARD <= receivers.min() <= receivers.max() < last * SHARD


def test_a_worker_with_other_rules_is_refused(monkeypatch):
    class Other(Portion):
        def hello(self):
            _, *news = unpacked(super().hello())
            return packed(np.frombuffer(b"0123456789abcdef", np.uint8), *news)

    scenario = WORLDS["three shards"]
    with pytest.raises(RunError, match="other rules"):
        run_split(scenario, 1, lambda: [Seated(range(3), Nearby(Other(scenario, 1, range(3))))])


def test_a_worker_without_room_says_so_before_it_begins(monkeypatch):
    monkeypatch.setattr("sim.sweeps.split.free_bytes", lambda: 1 << 30)
    scenario = WORLDS["three shards"].with_values({"audience.users": 100_000_000})
    count = int(shards(100_000_000))
    with pytest.raises(
        RunError, match=r"a worker's 50% of the people need about .* GiB and 1.0 GiB are free"
    ):
        Portion(scenario, 1, range(count // 2))


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--engine", "agents"), "not yet supported"), (("--threads", "2"), "dask worker --nthreads")],
)
def test_options_that_do_not_go_with_a_cluster_are_one_message(words, said, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(("run", "classroom", "--cluster", "tcp://127.0.0.1:9", *words))
    captured = capsys.readouterr()
    assert (stop.value.code, captured.out) == (2, "")
    assert said in captured.err
