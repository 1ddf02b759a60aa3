"""Numbers as JSON: short, exact, and nothing that agreement is not promised for."""

import json
import zlib

import numpy as np

SEED = 20230209


def generator(name: str) -> np.random.Generator:
    """Random numbers of one case, the same whatever other cases there are."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def numbers(array) -> list[float]:
    """The elements of a float array, row-major.

    float32 values are written with the fewest digits that give the same float32
    back. Neither subnormal nor non-finite numbers are allowed: the reference
    flushes the first and we refuse the second.
    """
    array = np.asarray(array)
    if array.dtype not in (np.float32, np.float64):
        raise TypeError(f"float32 or float64 expected, got {array.dtype}")
    flat = array.ravel()
    small = (flat != 0) & (np.abs(flat) < np.finfo(array.dtype).tiny)
    if small.any() or not np.isfinite(flat).all():
        raise ValueError(f"not a normal number in {flat}")
    texts = [float(str(value)) for value in flat]
    if not np.array_equal(np.array(texts, dtype=array.dtype), flat):
        raise ValueError(f"inexact text for {flat}")
    return texts


def number(scalar) -> float:
    """One float, exactly, as the double that equals it."""
    return float(np.asarray(scalar))


def to_json(fixture: dict) -> str:
    """The text of a fixture file: a line for each key, and for each item of a list."""
    compact = {"separators": (",", ":"), "allow_nan": False}

    def text(value) -> str:
        if not isinstance(value, list):
            return json.dumps(value, **compact)
        items = ",\n".join(json.dumps(item, **compact) for item in value)
        return f"[\n{items}\n]"

    entries = (f"{json.dumps(key)}:{text(value)}" for key, value in fixture.items())
    return "{" + ",\n".join(entries) + "}\n"
