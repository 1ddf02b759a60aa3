"""The problems, as problem.ts makes them (with other random numbers), and the formulas in double."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

ROW_WIDTH = 16
INITIAL_ACCUMULATOR = 0.1
LEARNING_RATE = 0.5
EPSILON = 1e-7
RELATIVE = 0.1
ABSOLUTE = 1e-7
# Of the larger of a coordinate's first and last value, and what single precision loses where repeated rows cancel.
TOLERANCE = 1e-5
ABSOLUTE_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Contender:
    name: str
    formula: str  # Clippy or Adagrad
    # Of a Problem; gives a function that steps and one that reads the variable, or None.
    prepare: Callable


class Problem:
    """Where every contender starts from. Contenders copy what they change."""

    def __init__(self, spec: dict):
        random = np.random.default_rng(1)
        self.is_dense = spec["kind"] == "dense"
        shape = (spec["length"],) if self.is_dense else (spec["tableRows"], ROW_WIDTH)
        self.label = (
            f"{spec['length']}"
            if self.is_dense
            else f"{spec['entries']} of {spec['tableRows']} rows"
        )
        self.variable = random.uniform(-1, 1, shape).astype(np.float32)
        self.indices = None if self.is_dense else draw_rows(spec, random)
        gradient_shape = shape if self.is_dense else (spec["entries"], ROW_WIDTH)
        self.gradient = random.uniform(-0.1, 0.1, gradient_shape).astype(np.float32)

    @cached_property
    def rows(self):
        """The rows that change: distinct ones, or all."""
        return slice(None) if self.is_dense else np.unique(self.indices)

    @cached_property
    def summed_gradient(self):
        """Of those rows, in double."""
        if self.is_dense:
            return self.gradient.astype(np.float64)
        sums = np.zeros((len(self.rows), ROW_WIDTH))
        np.add.at(sums, np.searchsorted(self.rows, self.indices), self.gradient)
        return sums


def draw_rows(spec: dict, random) -> np.ndarray:
    """Every fourth entry repeats an earlier row."""
    indices = random.integers(0, spec["reach"], spec["entries"])
    for k in range(3, len(indices), 4):
        indices[k] = indices[random.integers(0, k)]
    return indices


def expected(problem: Problem, formula: str, steps: int) -> np.ndarray:
    """The rows that change after so many steps."""
    w = problem.variable[problem.rows].astype(np.float64)
    a = np.full_like(w, INITIAL_ACCUMULATOR)
    g = problem.summed_gradient
    for _ in range(steps):
        if formula == "Adagrad":
            a += g * g
            w -= LEARNING_RATE * g / np.sqrt(a + EPSILON)
            continue
        change = LEARNING_RATE * g / np.sqrt(a + EPSILON)
        bound = RELATIVE * np.abs(w) + ABSOLUTE
        with np.errstate(divide="ignore"):
            w -= min(1, (bound / np.abs(change)).min()) * change
        a += g * g
    return w


def require_close(
    name: str, got: np.ndarray, problem: Problem, want: np.ndarray
) -> None:
    first = problem.variable[problem.rows]
    size = np.maximum(np.abs(first), np.abs(want))
    # A NaN is not close.
    wrong = ~(np.abs(got[problem.rows] - want) <= TOLERANCE * size + ABSOLUTE_TOLERANCE)
    if wrong.any():
        where = tuple(axis[0] for axis in np.nonzero(wrong))
        raise SystemExit(f"{name}: {got[problem.rows][where]}, expected {want[where]}")
