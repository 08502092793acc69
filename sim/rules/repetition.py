"""What repetition does to people: most tire, and some it puts off (P2).

Takes a person's kind and layer, and today's exposures to the brand; gives what is left of a response, and
where it lies in a table. Both kinds respond alike to the first exposure. Does not count exposures.

Model: with each further exposure to the brand on a day a person responds less: 8 %, or half for the 24 %
whom repetition puts off, drawn once for each person.
"""

from sim.compiled import Whole, compiled

FATIGUE_LEVELS = 16
"""Exposures of one day that are told apart."""
LAYERS = 4
"""Layers in which mechanisms put people."""
KINDS = 2
"""Kinds of people towards repetition: those who tire, and those whom it puts off."""
TABLE = (LAYERS, KINDS, FATIGUE_LEVELS)
"""Shape of what is left of a response."""
MOST_OF_LAYER = 16.0
"""The largest factor of a layer: past it, thresholds would outgrow their 64 bits."""


def left(exposures: int, loss: float) -> float:
    """What so many exposures before on one day leave of a response [0..1].

    Args:
        exposures: before this one, to the brand.
        loss: with each [0..1].
    Source: assumed (frequency curve).
    """
    return (1 - loss) ** exposures


def put_off_left(exposures: int, loss: float, usual: float) -> float:
    """What is left to those whom repetition puts off, over what is left to others [0..1].

    Args:
        exposures: before this one, to the brand.
        loss: of theirs with each, in place of the others' where it is larger [0..1].
        usual: the others' loss [0..1].
    Source: two kinds of people, J. Marketing Research 2019.
    """
    return 1.0 if loss <= usual else left(exposures, loss) / left(exposures, usual)


@compiled
def row_of_table(layer: Whole, put_off: Whole) -> Whole:
    """Row of TABLE, whose rows hold FATIGUE_LEVELS each.

    Args:
        layer: that the person is in [0..LAYERS−1].
        put_off: 1 for those whom repetition puts off, else 0.
    """
    return layer * KINDS + put_off


@compiled
def place_in_table(row: Whole, exposures: Whole) -> Whole:
    """Where in the flat TABLE stands what is left of somebody's responses.

    Args:
        row: as `row_of_table` gives it.
        exposures: to the brand before on this day [0..FATIGUE_LEVELS−1].
    """
    return row * FATIGUE_LEVELS + exposures
