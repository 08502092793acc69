"""Small mechanisms, one a seam: each uses one hook, so that test_seams.py can say what the hook owes.

Those that are no mechanism of the model live here and nowhere else. Each has a twin that asks for nothing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.events import EVENT, ORDERED, SHARED, Heard, kind_of
from sim.hour.local_part import Answer, Local, People
from sim.hour.run import Mechanism, Run
from sim.hour.verdicts import ADD, CLEAR, LEAVE, NOTE, SET, verdicts
from sim.rules.draws import ONE_16
from sim.rules.repetition import LAYERS
from sim.scenario.schema import Scenario
from sim.world.aims import by_topic
from sim.world.board import BY_MENTION, OTHER
from sim.world.fields import place_of
from sim.world.offers import QUOTA, offers, pass_over
from sim.world.planes import FANS, REACHED, Planes

FROM = 6
"""Hour from which they are at work."""


def due(run: Run, after_h: int = 2) -> NDArray[np.int64]:
    """Videos that came out so many hours ago."""
    return (
        np.flatnonzero(run.videos.rows["hour"] == run.hour - after_h)
        if run.hour >= FROM
        else np.zeros(0, int)
    )


class Shown(Mechanism):
    """Shows every video to further people two hours after it came out, as its planner is aimed."""

    quota = 400

    def aim(self, run: Run, videos: NDArray[np.int64]) -> Any:
        return run.videos.rows["planner"][videos]

    def offer(self, run: Run) -> NDArray[Any]:
        videos = due(run)
        return offers(videos, QUOTA, BY_MENTION, OTHER, quota=self.quota, whose=self.aim(run, videos))


class Aimed(Shown):
    """The same, aimed at people of the first topic."""

    def __init__(self, run: Run) -> None:
        topics = len(run.scenario.audience.topics)
        self.number = run.aims.add(by_topic([1.0] + [0.0] * (topics - 1)))

    def aim(self, run: Run, videos: NDArray[np.int64]) -> Any:
        return self.number


class AimedLate(Shown):
    """The same, but the aim is made while the run goes on."""

    def aim(self, run: Run, videos: NDArray[np.int64]) -> Any:
        topics = len(run.scenario.audience.topics)
        return run.aims.add(by_topic([1.0] + [0.0] * (topics - 1)))


class AimedAlike(Mechanism):
    """Adds aims and uses none of them."""

    def __init__(self, run: Run) -> None:
        run.aims.add([1.0] * (run.board.starts.shape[1] - 1))


class Lifted(Mechanism):
    """For a day, every video is finished a quarter less often and shared twice as often."""

    finish, share = 0.75, 2.0

    def lift(self, run: Run) -> NDArray[np.uint64] | None:
        if not FROM <= run.hour < FROM + 24:
            return None
        factors = np.full((run.videos.size, 6), ONE_16, np.uint64)
        factors[:, 0] = round(self.finish * ONE_16)
        factors[:, 3] = round(self.share * ONE_16)
        return factors


class LiftedHalf(Lifted):
    """Two of them make one."""

    finish, share = 0.75**0.5, 2.0**0.5


class LiftedByOne(Lifted):
    """Factors of one."""

    finish = share = 1.0


class Moved(Local):
    """Those who have shared are in another layer from then on."""

    hears = (SHARED,)

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        return Answer(verdicts(SET, heard[SHARED].person if hour >= FROM else [], place_of("layer"), 1))


class Layered(Mechanism):
    """Who has shared responds to nothing any more."""

    factor = 0.0

    @classmethod
    def local(cls, scenario: Scenario) -> Local | None:
        return Moved()

    @classmethod
    def layers(cls, scenario: Scenario) -> NDArray[np.float64] | None:
        factors = np.ones((LAYERS, 1, 1))
        factors[1] = cls.factor
        return factors


class LayeredHalf(Layered):
    """Two of them make a quarter."""

    factor = 0.5


class LayeredByOne(Layered):
    """Puts people in another layer, where nothing is different."""

    factor = 1.0


class Returns(Mechanism):
    """Every second order is sent back: it counts no more, and its buyer is back where interest begins."""

    hears = (ORDERED,)

    def __init__(self, run: Run) -> None:
        self.orders, self.back = 0, 0

    def returned(self, run: Run) -> NDArray[Any]:
        orders = run.heard(ORDERED)
        return orders[orders["person"] % 2 == 0] if run.hour >= FROM else orders[:0]

    def settle(self, run: Run) -> None:
        self.orders += run.heard(ORDERED).size

    def verdict(self, run: Run) -> NDArray[Any]:
        people = self.returned(run)["person"]
        if run.hour + 1 < run.scenario.run.hours:  # else nobody will hear of it
            self.back += people.size
        return np.concatenate(
            [
                verdicts(ADD, people, place_of("orders"), -1),
                verdicts(SET, people, place_of("stage"), 2),
            ]
        )


class Deaf(Returns):
    """The same, who sends nothing back."""

    def returned(self, run: Run) -> NDArray[Any]:
        return run.heard(ORDERED)[:0]


TOLD = kind_of("many shares")


class Talking(Local):
    """Those who have shared three times stop trusting, leave the first account, and are told of upstairs."""

    hears = (SHARED,)

    def __init__(self) -> None:
        self.shares: dict[int, int] = {}

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        tired = []
        for person in heard[SHARED].person.tolist():
            self.shares[person] = self.shares.get(person, 0) + 1
            if self.shares[person] == 3 and hour >= FROM:
                tired.append(person)
        rows = np.zeros(len(tired), EVENT)
        rows["kind"], rows["person"] = TOLD, tired
        rows["value"] = people.read("stage", np.array(tired, np.int64))
        return Answer(
            np.concatenate([verdicts(SET, tired, place_of("trust"), 0), verdicts(LEAVE, tired, 0)]), rows
        )


class Tired(Mechanism):
    """Its global half remembers who, and at which stage."""

    hears = (TOLD,)

    def __init__(self, run: Run) -> None:
        self.told: list[tuple[int, int, int]] = []

    @classmethod
    def local(cls, scenario: Scenario) -> Local:
        return Talking()

    def settle(self, run: Run) -> None:
        rows = run.heard(TOLD)
        self.told += [(run.hour, person, stage) for _, _, person, _, stage in rows.tolist()]


class Strangers(Shown):
    """Shows every video to further people who do not follow its author."""

    plane, turned = FANS, 1

    def admit(self, run: Run, offers: NDArray[Any]) -> None:
        own = np.flatnonzero(offers["origin"] == BY_MENTION)
        numbers = np.array(run.planes[self.plane])[run.videos.rows["author"][offers["video"][own]]]
        pass_over(offers, own, self.turned * numbers)


class Again(Strangers):
    """Shows every video to further people whom its author has reached before."""

    plane, turned = REACHED, -1


class Scatter(Mechanism):
    """Nobody is shown two videos of one author on one day, whoever offers them."""

    anew = "daily"

    @classmethod
    def planes(cls, scenario: Scenario, accounts: int) -> tuple[Planes, ...]:
        return (Planes("shown today", accounts, cls.anew),)

    def admit(self, run: Run, offers: NDArray[Any]) -> None:
        if run.hour >= FROM:
            numbers = np.array(run.planes["shown today"])[run.videos.rows["author"][offers["video"]]]
            pass_over(offers, np.arange(offers.size), numbers)
            offers["noting"] = numbers


class Once(Scatter):
    """Nobody is shown two videos of one author at all."""

    anew = "never"


class Hourly(Scatter):
    """Nobody is shown two videos of one author in an hour."""

    anew = "hourly"


class Old(Local):
    """Marks people of the two oldest age bands, and whoever shares is cleared."""

    hears = (SHARED,)

    def begin(self, people: People) -> Answer:
        everybody = people.numbers()
        old = everybody[people.read("age_band", everybody) >= 4]
        return Answer(verdicts(NOTE, old, people.planes["old"][0]))

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        return Answer(verdicts(CLEAR, heard[SHARED].person, people.planes["old"][0]))


class Ages(Mechanism):
    """From some hour on the first account's videos are not for the old who have never shared."""

    at_work = True

    @classmethod
    def planes(cls, scenario: Scenario, accounts: int) -> tuple[Planes, ...]:
        return (Planes("old", 1),)

    @classmethod
    def local(cls, scenario: Scenario) -> Local | None:
        return Old()

    def admit(self, run: Run, offers: NDArray[Any]) -> None:
        if run.hour >= FROM and self.at_work:
            first = run.videos.rows["author"][offers["video"]] == 0
            pass_over(offers, first, run.planes["old"][0])


class AgesUnasked(Ages):
    """Keeps its plane, and no offer names it."""

    at_work = False


class Empty(Mechanism):
    """Every offer names a plane on which nobody is noted."""

    @classmethod
    def planes(cls, scenario: Scenario, accounts: int) -> tuple[Planes, ...]:
        return (Planes("empty", 1),)

    def admit(self, run: Run, offers: NDArray[Any]) -> None:
        pass_over(offers, np.arange(offers.size), run.planes["empty"][0])


class Nobody(Empty):
    """Nobody may be shown anything from some hour on."""

    since = 12

    def admit(self, run: Run, offers: NDArray[Any]) -> None:
        if run.hour >= self.since:
            pass_over(offers, np.arange(offers.size), -run.planes["empty"][0])


SHOP = kind_of("shop visit")


class Shop(Mechanism):
    """The first account has a shop; who goes there trusts more from then on."""

    hears = (SHOP,)
    chance = 0.15

    def __init__(self, run: Run) -> None:
        self.visits: list[tuple[int, int, int, int]] = []
        self.open(run)

    def open(self, run: Run) -> None:
        run.doors.add(0, SHOP, self.chance)

    def settle(self, run: Run) -> None:
        rows = run.heard(SHOP)
        self.visits += [
            (run.hour, account, person, minute) for _, account, person, minute, _ in rows.tolist()
        ]

    def verdict(self, run: Run) -> NDArray[Any]:
        people = run.heard(SHOP)["person"] if run.hour >= FROM else []
        return verdicts(SET, people, place_of("stage"), 3)


class ShopOpensLate(Shop):
    """The same from some hour on."""

    def open(self, run: Run) -> None:
        pass

    def act(self, run: Run, published: NDArray[Any]) -> None:
        if run.hour == FROM:
            super().open(run)


class ShopWindow(Shop):
    """The same, where nothing is sold."""

    def verdict(self, run: Run) -> NDArray[Any]:
        return verdicts(SET, [], 0)


class ShopShut(Shop):
    """A shop to whose door nobody comes."""

    chance = 0.0
