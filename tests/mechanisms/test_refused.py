"""What a mechanism must not ask for is refused alike by both engines, before machine code follows it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim import plugins
from sim.errors import RunError
from sim.hour import plan
from sim.hour.run import Mechanism, Run
from sim.hour.verdicts import ADD, CLEAR, LEAVE, NOTE, SET, verdicts
from sim.model import MatrixModel
from sim.rules.draws import ONE_16, ONE_32
from sim.rules.engagement import lifted
from sim.world import fields
from sim.world.board import BY_MENTION, OTHER
from sim.world.fields import FIELDS, place_of
from sim.world.offers import LIST, QUOTA, WINDOW, in_order, joint, offers
from tests.refresh import world

SMALL = world(audience__users=500, run__hours=12)
FAR = 10**6


@pytest.fixture(params=["columns", "agents"])
def model(request: pytest.FixtureRequest) -> Iterator[MatrixModel]:
    model = MatrixModel(SMALL, rng=1, engine=request.param)
    for _ in range(8):
        model.advance()
    assert model.run_state.videos.size
    yield model
    model.close()


UNHEARD = {
    "kind": verdicts(17, [5], 0),
    "no field": verdicts(SET, [5], 10**12),
    "topic": verdicts(SET, [5], place_of("topic"), 1),
    "activity_class": verdicts(ADD, [5], place_of("activity_class"), 1),
    "day": verdicts(SET, [5], place_of("day"), 60_000),
    "interest": verdicts(SET, [5], place_of("interest"), 1),
    "account": verdicts(LEAVE, [5], FAR),
    "account below": verdicts(LEAVE, [5], -1),
    "no plane": verdicts(NOTE, [5], 0),
    "plane of fans": verdicts(NOTE, [5], 1),
    "plane of nobody": verdicts(CLEAR, [5], FAR),
    "nobody": verdicts(SET, [500], place_of("stage"), 1),
    "nobody below": verdicts(SET, [-1], place_of("stage"), 1),
}


@pytest.mark.parametrize("name", UNHEARD)
def test_a_verdict_that_cannot_be_carried_out_is_refused(name: str, model: MatrixModel) -> None:
    before = [model.users.get(field) for field in ("topic", "activity_class", "day")]
    with pytest.raises(ValueError, match="of a verdict is"):
        model.run_state.responder.decide(UNHEARD[name])
    assert [model.users.get(field) for field in ("topic", "activity_class", "day")] == before


def test_numbers_of_fields_do_not_hang_on_who_claimed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [place_of(name) for name in FIELDS]
    assert len(set(numbers)) == len(numbers)
    monkeypatch.setattr(fields, "FIELDS", dict(reversed(FIELDS.items())))
    assert numbers == [place_of(name) for name in reversed(fields.FIELDS)]


class Offering(Mechanism):
    """Offers the first video once."""

    def __init__(
        self, kind: int, people: tuple[int, ...] = (), video: int = 0, origin: int = BY_MENTION,
        side: int = OTHER, **columns: Any,
    ) -> None:  # fmt: skip
        self.row = np.array([video]), kind, origin, side
        self.columns, self.people = columns, np.array(people, np.uint64)

    def offer(self, run: Run) -> NDArray[Any]:
        return offers(*self.row, **self.columns)

    def messages(self, run: Run) -> NDArray[np.uint64]:
        return self.people


ASTRAY = {
    "video": Offering(QUOTA, video=FAR),
    "video below": Offering(QUOTA, video=-1),
    "kind": Offering(9),
    "origin": Offering(QUOTA, origin=FAR),
    "side": Offering(QUOTA, side=3),
    "aim": Offering(QUOTA, whose=FAR),
    "account": Offering(WINDOW, whose=4),
    "edge": Offering(QUOTA, edge=FAR),
    "plane": Offering(QUOTA, passing=[[FAR, 0, 0]]),
    "negative of a plane": Offering(QUOTA, passing=[[0, -FAR, 0]]),
    "note of fans": Offering(QUOTA, noting=1),
    "note of nobody": Offering(QUOTA, noting=FAR),
    "count on fans": Offering(QUOTA, counting=1),
    "count beyond": Offering(QUOTA, counting=FAR),
    "quota": Offering(QUOTA, quota=-1),
    "window": Offering(WINDOW, low=5, high=1),
    "nobody": Offering(LIST, people=(500,)),
}


@pytest.mark.parametrize("name", ASTRAY)
def test_an_offer_that_leads_nowhere_is_refused(name: str, model: MatrixModel) -> None:
    run = model.run_state
    run.mechanisms = (ASTRAY[name],)
    with pytest.raises(ValueError, match=r"of an offer|an offer notes"):
        plan.offer(run)


class Failing(Mechanism):
    """Fails where half of the hour is over."""

    def settle(self, run: Run) -> None:
        raise ArithmeticError


def test_a_run_does_not_go_on_from_the_middle_of_an_hour(model: MatrixModel) -> None:
    run = model.run_state
    whole, run.mechanisms = run.mechanisms, (*run.mechanisms, Failing(run))
    with pytest.raises(ArithmeticError):
        model.advance()
    run.mechanisms = whole
    with pytest.raises(RunError, match="hour 8 of this run failed halfway"):
        model.step()


def test_a_lift_too_large_for_its_bits_ends_at_certainty() -> None:
    assert lifted(np.uint64(ONE_32), np.uint64(ONE_32)) == ONE_32
    assert lifted(np.uint64(1), np.uint64(1 << 63)) == ONE_16 - 1


class Lifting(Mechanism):
    def lift(self, run: Run) -> np.ndarray:
        return self.lifts


@pytest.mark.parametrize(("shape", "kind"), [((1, 6), np.uint64), ((1, 1), np.uint64), ((2, 6), np.uint32)])
def test_lifts_that_machine_code_would_misread_are_refused(model: MatrixModel, shape, kind) -> None:
    run = model.run_state
    lifting = Lifting(run)
    lifting.lifts = np.ones(shape, kind)
    run.mechanisms = (lifting,)
    with pytest.raises(ValueError, match="lifts are"):
        plan.respond(run)


def test_money_in_parts_of_fen_is_refused(model: MatrixModel) -> None:
    run = model.run_state
    with pytest.raises(TypeError):
        run.ledger.book(run.hour, "orders", np.full(len(run.accounts.rows), 0.5))


def test_whoever_is_named_twice_is_shown_a_video_once(model: MatrixModel) -> None:
    run = model.run_state
    run.mechanisms = (Offering(LIST, people=(7, 7, 8, 7)),)
    rows, named = in_order(*joint([run.mechanisms[0].offer(run)], [run.mechanisms[0].messages(run)]))
    assert named.tolist() == [7, 8]
    plan.offer(run)
    assert (run.offers["kind"] == LIST).any()
    before = int(run.responder.tally().accounts[:, BY_MENTION, 0].sum())
    plan.respond(run)
    assert int(run.responder.tally().accounts[:, BY_MENTION, 0].sum()) - before <= 2
    assert rows.size == 1


def test_a_plug_in_is_blamed_for_what_nobody_foresaw_but_not_for_want_of_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plugin = plugins.Plugin(plugins.MECHANISM, "mine", "mine:Mine", "mine 0.1")
    monkeypatch.setattr(plugins, "installed", lambda: (plugin,))
    for error, seen in ((KeyError, plugins.BrokenPluginError), (MemoryError, MemoryError)):
        with pytest.raises(seen), plugins.blamed(["mine"]):
            raise error
