"""Writes bound-cases.json: moves and bounds worked out by another program, in another way.

boundViolation squares the inequality and compares whole numbers. Here everything is a decimal number of 5,000 digits: sums
and products of doubles are exact in that many, and roots and quotients are cut off far beyond where two doubles differ.
It needs nothing but Python (made with 3.11):

    python tests/testing/make_bound_cases.py && npx biome format --write tests/testing/bound-cases.json
"""

import json
import math
import random
import struct
from decimal import Decimal, getcontext
from pathlib import Path

getcontext().prec = 5000
getcontext().Emin, getcontext().Emax = -999_999, 999_999

LARGEST = {"float32": (2 - 2.0**-23) * 2.0**127, "float64": (2 - 2.0**-52) * 2.0**1023}
EXPONENTS = {"float32": (-149, 127), "float64": (-1074, 1023)}


def rounded(precision, value):
    """The value in the type, not beyond its largest."""
    limit = LARGEST[precision]
    value = max(-limit, min(limit, value))
    return struct.unpack("f", struct.pack("f", value))[0] if precision == "float32" else value


def neighbour(precision, value, towards):
    """The next number of the type."""
    if precision == "float64":
        return math.nextafter(value, towards)
    bits = struct.unpack("i", struct.pack("f", value))[0]
    if value == 0:
        return math.copysign(2.0**-149, towards)
    up = (towards > value) == (value > 0)
    return struct.unpack("f", struct.pack("i", bits + (1 if up else -1)))[0]


def bound_of(before, accumulator, relative, accumulator_relative, absolute, epsilon):
    root = (Decimal(accumulator) + Decimal(epsilon)).sqrt()
    return abs(Decimal(before)) * Decimal(relative) + Decimal(accumulator_relative) / root + Decimal(absolute)


def down(value):
    nearest = float(value) if value < Decimal(LARGEST["float64"]) else LARGEST["float64"]
    return math.nextafter(nearest, -math.inf) if Decimal(nearest) > value else nearest


def up(value):
    nearest = float(value)
    return math.nextafter(nearest, math.inf) if Decimal(nearest) < value else nearest


def any_size(rng, precision):
    low, high = EXPONENTS[precision]
    return rounded(precision, math.ldexp(1 + rng.random(), rng.randint(low, high)))


def options(rng, kind):
    if kind == "ordinary":
        return (
            rng.choice([0.1, 1e-3, 1e-6, 0.5, 1.5]),
            rng.choice([0.0, 0.0, 1e-6, 0.1]),
            rng.choice([1e-7, 0.0, 0.01]),
            rng.choice([1e-7, 1e-10, 1e-3]),
        )
    if kind == "hostile":
        return (
            rng.choice([0.0, 0.1, any_size(rng, "float64")]),
            rng.choice([0.0, any_size(rng, "float64"), any_size(rng, "float64")]),
            rng.choice([0.0, any_size(rng, "float64")]),
            rng.choice([1e-7, 5e-324, any_size(rng, "float64")]),
        )
    # Roots and quotients that are exact, so that a move of exactly the bound is possible.
    return (rng.choice([0.0, 0.25, 1.0]), rng.choice([1.0, 0.5, 2.0]), rng.choice([0.0, 0.5, 0.125]), 0.0)


def case(rng, precision, kind):
    """A row: before, after, accumulator, the four options, and where it moved too far the move and the bound."""
    set_ = options(rng, kind)
    if kind == "exact":
        before = rng.choice([-1, 1]) * float(rng.randint(0, 16))
        accumulator = 4.0 ** rng.randint(-3, 3)
    elif kind == "ordinary":
        before = rounded(precision, rng.choice([-1, 1]) * rng.random() * 10.0 ** rng.randint(-6, 1))
        accumulator = rounded(precision, rng.random() * 10.0 ** rng.randint(-3, 2))
    else:
        before = rng.choice([0.0, rng.choice([-1, 1]) * any_size(rng, precision)])
        accumulator = any_size(rng, precision)
    bound = bound_of(before, accumulator, *set_)
    sign = rng.choice([-1, 1])
    target = Decimal(before) + sign * bound
    limit = Decimal(LARGEST[precision])
    after = rounded(precision, float(max(-limit, min(limit, target))))
    # To the bound as nearly as the type allows, or a step or two to either side of there.
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        step = neighbour(precision, after, rng.choice([-1, 1]) * math.inf)
        after = step if math.isfinite(step) and abs(step) <= LARGEST[precision] else after
    move = abs(Decimal(after) - Decimal(before))
    row = [before, after, accumulator, *set_]
    if move <= bound:
        return "within", row
    if move > Decimal(LARGEST["float64"]):
        return None, row  # JSON has no Infinity.
    return "beyond", [*row, up(move), down(bound)]


def main():
    rng = random.Random(20230217)
    found = {precision: {"within": [], "beyond": []} for precision in EXPONENTS}
    for precision, lists in found.items():
        for kind in ("ordinary", "hostile", "exact"):
            for _ in range(100):
                verdict, row = case(rng, precision, kind)
                if verdict is not None:
                    lists[verdict].append(row)
    path = Path(__file__).with_name("bound-cases.json")
    path.write_text(json.dumps(found) + "\n")
    print({precision: {verdict: len(rows) for verdict, rows in lists.items()} for precision, lists in found.items()})


if __name__ == "__main__":
    main()
