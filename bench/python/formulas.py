"""The problems, as problem.ts makes them (with other random numbers), and the formulas in double."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

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
        self.batches = [
            draw_batch(spec, shape, random) for _ in range(spec.get("batches", 1))
        ]
        # Of a dense problem, which has one.
        self.gradient = self.batches[0].values


@dataclass(frozen=True)
class Batch:
    """A gradient; steps take a problem's batches in turn."""

    values: np.ndarray
    indices: np.ndarray | None

    @property
    def rows(self):
        """The rows that change: distinct ones, or all."""
        return slice(None) if self.indices is None else np.unique(self.indices)

    @property
    def summed(self) -> np.ndarray:
        """The gradient of those rows, in double."""
        if self.indices is None:
            return self.values.astype(np.float64)
        sums = np.zeros((len(self.rows), ROW_WIDTH))
        np.add.at(sums, np.searchsorted(self.rows, self.indices), self.values)
        return sums


def draw_batch(spec: dict, shape: tuple, random) -> Batch:
    is_dense = spec["kind"] == "dense"
    indices = None if is_dense else draw_rows(spec, random)
    gradient_shape = shape if is_dense else (spec["entries"], ROW_WIDTH)
    return Batch(random.uniform(-0.1, 0.1, gradient_shape).astype(np.float32), indices)


def draw_rows(spec: dict, random) -> np.ndarray:
    """Every fourth entry repeats an earlier row."""
    indices = random.integers(0, spec["tableRows"], spec["entries"])
    for k in range(3, len(indices), 4):
        indices[k] = indices[random.integers(0, k)]
    return indices


def expected(problem: Problem, formula: str, steps: int) -> np.ndarray:
    """The variable after so many steps, in double."""
    variable = problem.variable.astype(np.float64)
    accumulator = np.full_like(variable, INITIAL_ACCUMULATOR)
    for step in range(steps):
        batch = problem.batches[step % len(problem.batches)]
        rows, g = batch.rows, batch.summed
        w, a = variable[rows], accumulator[rows]
        if formula == "Adagrad":
            a += g * g
        change = LEARNING_RATE * g / np.sqrt(a + EPSILON)
        if formula == "Clippy":
            bound = RELATIVE * np.abs(w) + ABSOLUTE
            with np.errstate(divide="ignore"):
                change *= min(1, (bound / np.abs(change)).min())
            a += g * g
        # A dense problem's rows are views, a table's are copies.
        variable[rows], accumulator[rows] = w - change, a
    return variable


def require_close(
    name: str, got: np.ndarray, problem: Problem, want: np.ndarray
) -> None:
    size = np.maximum(np.abs(problem.variable), np.abs(want))
    # A NaN is not close.
    wrong = ~(np.abs(got - want) <= TOLERANCE * size + ABSOLUTE_TOLERANCE)
    if wrong.any():
        where = tuple(axis[0] for axis in np.nonzero(wrong))
        raise SystemExit(f"{name}: {got[where]}, expected {want[where]}")


def in_turn(batches: list, take_step: Callable) -> Callable:
    """A function that takes a step with the next of the batches each time."""
    if len(batches) == 1:
        return lambda: take_step(batches[0])
    endless = cycle(batches)
    return lambda: take_step(next(endless))
