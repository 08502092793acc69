"""Draws with an address: a random number is a hash of what it is about, never 'the next one'.

Takes keys (64-bit) and stable numbers; gives uniform 32-bit integers, child keys and keyed
permutations. So threads, engines and file order cannot matter, and two layouts under one
seed share the luck of whatever they share. Does not know what a draw decides.
"""

import hashlib
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, compiled, inner

GOLD = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_UNMIX1, _UNMIX2 = (np.uint64(pow(int(odd), -1, 1 << 64)) for odd in (_MIX1, _MIX2))
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_ROUNDS = 4  # fewer leave a pattern that a chi-square of first picks finds
_LEAST_BITS = 8  # below, there are too few distinct permutations of this family
_TURNS = (np.uint64(0), np.uint64(13), np.uint64(26), np.uint64(39))
ONE_32 = 1 << 32
"""Threshold of a certain event: a 32-bit draw is always below it."""
ONE_16 = 1 << 16
"""The number 1 in 16.16 fixed point."""


def name_key(text: str) -> np.uint64:
    """A stable 64-bit key of a name: blake2b of its UTF-8 bytes."""
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def threshold(probability: float) -> int:
    """The integer below which a 32-bit draw decides 'yes': ⌊p·2³²⌋, clipped to 0..2³²."""
    return min(ONE_32, max(0, math.floor(probability * ONE_32)))


def thresholds(probabilities: NDArray[np.float64]) -> NDArray[np.uint64]:
    """`threshold` of every entry."""
    whole: NDArray[np.uint64] = np.clip(np.floor(probabilities * ONE_32), 0, ONE_32).astype(np.uint64)
    return whole


def fixed(number: float) -> int:
    """A number in 16.16 fixed point, rounded: the same integer on every machine."""
    return round(number * ONE_16)


@compiled
def mix(x: Word) -> Word:
    """A well-mixed 64-bit hash of a 64-bit number: a bijection of 0..2⁶⁴−1.

    Source: Steele, Lea & Flood 2014, SplitMix64 finaliser (variant 13 by Stafford).
    """
    x = np.uint64(x)  # a Python int below 2⁶³ would arrive signed
    x = (x ^ (x >> _S30)) * _MIX1
    x = (x ^ (x >> _S27)) * _MIX2
    return x ^ (x >> _S31)


def unmixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """(n,) the numbers whose hashes are `words` (n,): undoes `mix`."""
    x = words ^ (words >> _S31) ^ (words >> (_TWO * _S31))
    x = x * _UNMIX2
    x = x ^ (x >> _S27) ^ (x >> (_TWO * _S27))
    x = x * _UNMIX1
    numbers: NDArray[np.uint64] = x ^ (x >> _S30) ^ (x >> (_TWO * _S30))
    return numbers


@compiled
def child(key: Word, number: Word | Whole) -> Word:
    """The key of something numbered under a key.

    mix(key + (number + 1) · GOLD)
    Args:
        key: key of what it lies under.
        number: its number, any integer that fits 64 bits.
    Source: Steele, Lea & Flood 2014, SplitMix64: the state that follows `number` steps, finalised.
    """
    return mix(np.uint64(key) + (np.uint64(number) + _ONE) * GOLD)


def root_key(seed: int, purpose: Whole) -> np.uint64:
    """The key of a purpose under a seed: where every address of a run begins."""
    return subkey(np.uint64(mix(np.uint64(seed))), purpose)


def subkey(key: Word, number: Word | Whole) -> np.uint64:
    """`child` for Python callers: machine code hands back plain integers, which lose their type."""
    return np.uint64(child(key, number))


@compiled
def low32(word: Word) -> Word:
    """The lower draw of a hash: uniform on 0..2³²−1."""
    return np.uint64(word) & _LOW


@compiled
def high32(word: Word) -> Word:
    """The upper draw of a hash: uniform on 0..2³²−1, independent of the lower."""
    return np.uint64(word) >> _S32


@compiled
def bit_length(number: Whole) -> int:
    """Bits needed to write a non-negative integer; 0 for 0."""
    bits = 0
    left = np.uint64(number)  # without a sign, this loop is known to the compiler: one instruction
    while left != 0:
        left >>= _ONE
        bits += 1
    return bits


@compiled
def bit_count(word: Word) -> Whole:
    """How many bits of a 64-bit number are set [0..64]."""
    count = 0
    left = np.uint64(word)  # as in `bit_length`: one instruction
    while left != 0:
        left &= left - _ONE
        count += 1
    return np.int64(count)


@compiled
def lowest_bit(word: Word) -> Whole:
    """Place of the lowest bit of a 64-bit number; 64 of 0 [0..64]."""
    above = 0
    left = np.uint64(word)  # as in `bit_length`: one instruction
    while left != 0:
        left <<= _ONE
        above += 1
    return np.int64(64 - above)


@inner
def _inverse(odd: np.uint64) -> np.uint64:
    """The inverse of an odd number modulo 2⁶⁴ (Newton: each step doubles the right bits, at first 3)."""
    x = odd
    for _ in range(5):
        x = x * (_TWO - odd * x)
    return x


class Shuffle(NamedTuple):
    """A keyed permutation of the power of two at or above a size."""

    mask: Word
    half: Word
    multipliers: Word
    shifts: Word


@compiled
def shuffle(size: Whole, key: Word) -> Shuffle:
    """What a keyed permutation of 0..size−1 needs, whatever the index."""
    bits = np.uint64(max(_LEAST_BITS, bit_length(size - 1)))
    return Shuffle((_ONE << bits) - _ONE, (bits + _ONE) >> _ONE, np.uint64(key), mix(key))


@compiled
def shuffled(index: Whole, order: Shuffle) -> Whole:
    """One pass of the permutation: may lie past the size, from where it is shuffled again."""
    x = np.uint64(index)
    for turn in range(_ROUNDS):
        x = ((x + (order.shifts >> _TURNS[turn])) * ((order.multipliers >> _TURNS[turn]) | _ONE)) & order.mask
        x ^= x >> order.half
    return np.int64(x)


@compiled
def permuted(index: Whole, size: Whole, key: Word) -> Whole:
    """The place of `index` in the keyed permutation of 0..size−1.

    Rounds of add, odd multiplication and xor-shift, each a bijection of a power of two;
    results past the end are walked on.
    Args:
        index: what is permuted [0..size−1].
        size: how many there are, at least 1.
        key: which permutation.
    Returns: the place [0..size−1].
    Source: cycle walking, Black & Rogaway 2002; the rounds are this project's own.
    """
    order = shuffle(size, key)
    x = shuffled(index, order)
    while x >= size:
        x = shuffled(x, order)
    return x


class InverseShuffle(NamedTuple):
    """What a pass back needs beside the permutation: the inverses of its multipliers, last turn first."""

    fourth: Word
    third: Word
    second: Word
    first: Word


@compiled
def inverse_shuffle(order: Shuffle) -> InverseShuffle:
    """What the inverse of a permutation needs, whatever the place."""
    odd = order.multipliers
    return InverseShuffle(
        _inverse((odd >> _TURNS[3]) | _ONE), _inverse((odd >> _TURNS[2]) | _ONE),
        _inverse((odd >> _TURNS[1]) | _ONE), _inverse((odd >> _TURNS[0]) | _ONE),
    )  # fmt: skip


@compiled
def unshuffled(place: Whole, order: Shuffle, back: InverseShuffle) -> Whole:
    """One pass of the permutation back: undoes `shuffled`."""
    x = np.uint64(place)
    for turn in range(_ROUNDS):
        x ^= x >> order.half
        x = (x * back[turn] - (order.shifts >> _TURNS[_ROUNDS - 1 - turn])) & order.mask
    return np.int64(x)


@compiled
def unpermuted(place: Whole, size: Whole, key: Word) -> Whole:
    """The index whose place in the keyed permutation is `place`: undoes `permuted`.

    Args:
        place: place in the permutation [0..size−1].
        size: how many there are, at least 1.
        key: which permutation.
    Returns: the index [0..size−1].
    """
    order = shuffle(size, key)
    back = inverse_shuffle(order)
    x = unshuffled(place, order, back)
    while x >= size:
        x = unshuffled(x, order, back)
    return x


@compiled
def normal(key: Word) -> float:
    """A draw from the standard normal: sum of twelve 16-bit uniforms, less six.

    Exact integer sums, so the same on every machine; tails end at ±6, variance 1.
    Source: Irwin-Hall approximation.
    """
    total = np.int64(0)
    for block in range(3):
        word = mix(np.uint64(key) + np.uint64(block + 1) * GOLD)
        for part in range(4):
            total += np.int64((word >> np.uint64(16 * part)) & np.uint64(0xFFFF))
    return (total - 6 * 65535) / 65536.0
