"""Sparse steps: some rows of one variable, through apply_gradients, in the form of dense.py."""

from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf

from .dense import MODES, PAPER
from .encode import generator, number, numbers
from .reference import as_used, make_optimizer

# How the rows of a gradient are drawn from a variable's, and how many of them.
ROWS = {
    "unique rows": lambda rng, rows: rng.permutation(rows)[: rows // 2],
    "repeated rows": lambda rng, rows: rng.integers(rows, size=rows + 2),
    "one row again and again": lambda rng, rows: np.full(4, rng.integers(rows)),
    "every row": lambda rng, rows: rng.permutation(rows),
    "no rows": lambda rng, rows: np.zeros(0, dtype=int),
}


@dataclass(frozen=True)
class Case:
    about: str
    rows: str
    shape: tuple[int, ...] = (5, 2)
    options: dict = field(default_factory=dict)
    steps: int = 2


def cases() -> list[Case]:
    rate = {"learningRate": 0.1}
    tight = {
        "learningRate": 0.3,
        "variableRelativeThreshold": 0.05,
        "accumulatorRelativeThreshold": 0.01,
        "absoluteThreshold": 0.001,
    }
    loose = {"learningRate": 0.01, "absoluteThreshold": 1.0}
    some = [Case(rows, rows, options=PAPER) for rows in ROWS]
    some += [
        Case(f"{rows}, three thresholds", rows, options=tight)
        for rows in ("unique rows", "repeated rows")
    ]
    some += [
        Case(f"{rows}, shape {list(shape)}", rows, shape, rate, steps=2)
        for rows in ("unique rows", "repeated rows")
        for shape in ((5,), (1, 4), (7, 1), (3, 2, 2))
    ]
    return some + [
        Case("unique rows, never clipped", "unique rows", options=loose),
        Case("repeated rows, never clipped", "repeated rows", options=loose),
        Case("20 steps, unique rows", "unique rows", (4, 1), PAPER, 20),
        Case("20 steps, repeated rows", "repeated rows", (3, 2), tight, 20),
    ]


def rows_of(array: np.ndarray, indices) -> dict:
    return {"indices": [int(i) for i in indices], "values": numbers(array)}


def record(case: Case, mode: str, dtype: str) -> dict:
    name = f"{dtype}, {mode}: {case.about}"
    rng = generator("sparse " + name)
    options = as_used(case.options | MODES[mode], dtype)
    optimizer = make_optimizer(options | {"exportClippingFactors": True})
    variable = tf.Variable(rng.normal(size=case.shape), dtype=dtype)
    optimizer.build([variable])
    accumulator = optimizer.variables[1]
    recorded = {
        "name": name,
        "dtype": dtype,
        "mode": mode,
        "shape": list(case.shape),
        "options": options,
        "variable": numbers(variable.numpy()),
        "accumulator": numbers(accumulator.numpy()),
        "steps": [],
    }
    for _ in range(case.steps):
        indices = ROWS[case.rows](rng, case.shape[0])
        size = (len(indices), *case.shape[1:])
        values = rng.normal(size=size) * np.exp(rng.normal(size=size))
        values = values.astype(dtype)
        gradient = tf.IndexedSlices(tf.constant(values), tf.constant(indices, tf.int64))
        optimizer.apply_gradients([(gradient, variable)])
        recorded["steps"].append(
            {
                "gradient": rows_of(values, indices),
                "factor": number(optimizer.clipping_factors[0].numpy()),
                "variable": numbers(variable.numpy()),
                "accumulator": numbers(accumulator.numpy()),
            }
        )
    return recorded


def fixture() -> list[dict]:
    return [
        record(case, mode, dtype)
        for dtype in ("float32", "float64")
        for case in cases()
        for mode in MODES
    ]
