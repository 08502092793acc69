"""One small model in each of the two engines, and what both answer."""

from functools import cache

from sim.model import MatrixModel
from tests.refresh import busy

ENGINES = ("columns", "agents")

HOURS = 30

COLUMNS = (
    "number",
    "completion_class",
    "engagement_class",
    "activity_class",
    "topic",
    "age_band",
    "sex",
    "city_tier",
    "stage",
    "trust",
    "exposures",
    "day",
    "orders",
    "reached",
)


def fresh(engine: str, hours: int = HOURS) -> MatrixModel:
    eager = {"brand__interest_probability": 0.6, "brand__order_probability": 0.5}
    model = MatrixModel(busy(links__layout="mesh", audience__users=1_000, **eager), rng=1, engine=engine)
    for _ in range(hours):
        model.advance()
    return model


@cache
def shared(engine: str) -> MatrixModel:
    """A model after 30 hours that no test changes."""
    return fresh(engine)


def both(ask):
    """What the two engines answer to the same question about their users."""
    answers = [ask(shared(engine).users) for engine in ENGINES]
    assert answers[0] == answers[1]
    return answers[0]


def numbers(people):
    return [person.number for person in people]
