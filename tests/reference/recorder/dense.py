"""Dense steps: one variable, state and factor recorded after every step."""

from dataclasses import dataclass, field

import numpy as np
import tensorflow as tf

from .encode import generator, number, numbers
from .reference import as_used, make_optimizer

MODES = {
    "delayed": {},
    "standard": {"useStandardAccumulatorUpdate": True},
    "clipped accumulator": {"clipAccumulatorUpdate": True},
}
PAPER = {
    "learningRate": 1.0,
    "variableRelativeThreshold": 0.5,
    "absoluteThreshold": 0.01,
}


@dataclass(frozen=True)
class Case:
    """A variable and how its gradients are drawn."""

    about: str
    shape: tuple[int, ...] = (6,)
    options: dict = field(default_factory=dict)
    steps: int = 3
    variable_scale: float = 1.0
    gradient_scale: float = 1.0
    # None: initialAccumulatorValue everywhere.
    accumulator_scale: float | None = None
    zero_variables: float = 0.0
    zero_gradients: float = 0.0
    # Gradients of a noisy quadratic loss instead of independent ones.
    training: bool = False


def shapes() -> list[Case]:
    options = {"learningRate": 0.2, "absoluteThreshold": 0.02}
    lengths = (1, 3, 4, 5, 8, 9, 15, 16, 17)
    every = [(), *((n,) for n in lengths), (2, 3), (2, 2, 2)]
    return [
        Case(f"shape {list(s)}", s, options, steps=2, accumulator_scale=0.3)
        for s in every
    ]


def magnitudes() -> list[Case]:
    scales = (1e-6, 1e-3, 1.0, 1e3, 1e6)
    return [
        Case(
            f"variables of {w:g}, gradients of {g:g}",
            shape=(4,),
            options={"learningRate": 0.1},
            steps=2,
            variable_scale=w,
            gradient_scale=g,
            accumulator_scale=g * g if (i + j) % 2 else None,
        )
        for i, w in enumerate(scales)
        for j, g in enumerate(scales)
    ]


def thresholds() -> list[Case]:
    bounds = {
        "the default thresholds": {},
        "the paper's thresholds": PAPER,
        "relative threshold 0": {
            "variableRelativeThreshold": 0.0,
            "absoluteThreshold": 0.01,
        },
        "absolute threshold 0": {"absoluteThreshold": 0.0},
        "both thresholds 0": {
            "variableRelativeThreshold": 0.0,
            "absoluteThreshold": 0.0,
        },
        "accumulator threshold 0.001": {"accumulatorRelativeThreshold": 0.001},
        "accumulator threshold 0.1": {"accumulatorRelativeThreshold": 0.1},
        "accumulator threshold alone": {
            "variableRelativeThreshold": 0.0,
            "accumulatorRelativeThreshold": 0.05,
            "absoluteThreshold": 0.0,
        },
        "all three thresholds": {
            "variableRelativeThreshold": 0.03,
            "accumulatorRelativeThreshold": 0.01,
            "absoluteThreshold": 0.002,
        },
        "relative threshold 1e-6": {"variableRelativeThreshold": 1e-6},
        "thresholds that never clip": {
            "variableRelativeThreshold": 100.0,
            "absoluteThreshold": 1000.0,
        },
    }
    return [
        Case(about, options={"learningRate": 0.1} | b) for about, b in bounds.items()
    ]


def others() -> list[Case]:
    rates = (0.0, 0.001, 0.05, 1.0, 10.0, 1000.0)
    some = [
        Case(f"learning rate {rate:g}", (5,), {"learningRate": rate}, steps=2)
        for rate in rates
    ]
    some += [
        Case(f"epsilon {eps:g}", (5,), PAPER | {"epsilon": eps}, accumulator_scale=0.1)
        for eps in (0.0, 1e-3, 1.0)
    ]
    some += [
        Case(
            f"initial accumulator {value:g}",
            (5,),
            PAPER | {"initialAccumulatorValue": value},
        )
        for value in (0.0, 1e-4, 10.0)
    ]
    return some + [
        Case("every option at its default", (6,), {}),
        Case("some variables 0", (9,), PAPER, zero_variables=0.4),
        Case("some variables 0, default thresholds", (9,), {}, zero_variables=0.4),
        Case("every variable 0", (5,), PAPER, zero_variables=1.0),
        Case("some gradients 0", (9,), PAPER, zero_gradients=0.4),
        Case("every gradient 0", (5,), PAPER, zero_gradients=1.0),
        Case(
            "zeros in both, absolute threshold 0",
            (16,),
            {"learningRate": 0.1, "absoluteThreshold": 0.0},
            zero_variables=0.1,
            zero_gradients=0.9,
        ),
    ]


def runs() -> list[Case]:
    """20 steps, long enough to be left to run."""
    accumulators = {"learningRate": 0.3, "accumulatorRelativeThreshold": 0.02}
    return [
        Case("20 steps, default options", (5,), {}, 20, training=True),
        Case(
            "20 steps, learning rate 0.1",
            (5,),
            {"learningRate": 0.1},
            20,
            training=True,
        ),
        Case("20 steps, the paper's options", (3, 2), PAPER, 20, training=True),
        Case("20 steps, accumulator threshold", (4,), accumulators, 20, training=True),
        Case("20 steps, random gradients", (4,), PAPER, 20),
        Case("20 steps, a scalar", (), PAPER, 20, training=True),
    ]


def draw(rng, case: Case, scale: float, zeros: float) -> np.ndarray:
    """Normal numbers with heavy tails, some of them 0."""
    size = case.shape
    values = scale * rng.normal(size=size) * np.exp(rng.normal(size=size))
    return np.where(rng.random(size=size) < zeros, 0.0, values)


def record(case: Case, mode: str, dtype: str) -> dict:
    name = f"{dtype}, {mode}: {case.about}"
    rng = generator(name)
    options = as_used(case.options | MODES[mode], dtype)
    optimizer = make_optimizer(options | {"exportClippingFactors": True})
    start = draw(rng, case, case.variable_scale, case.zero_variables)
    variable = tf.Variable(start, dtype=dtype)
    optimizer.build([variable])
    accumulator = optimizer.variables[1]
    if case.accumulator_scale is not None:
        scales = case.accumulator_scale * rng.uniform(0.1, 2.0, size=case.shape)
        accumulator.assign(scales.astype(dtype))
    target = draw(rng, case, case.variable_scale, 0.0)
    curvature = np.exp(rng.normal(size=case.shape))
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
        gradient = draw(rng, case, case.gradient_scale, case.zero_gradients)
        if case.training:
            gradient = curvature * (variable.numpy() - target) + 0.1 * gradient
        gradient = np.asarray(gradient, dtype=dtype)
        optimizer.apply_gradients([(tf.constant(gradient), variable)])
        recorded["steps"].append(
            {
                "gradient": numbers(gradient),
                "factor": number(optimizer.clipping_factors[0].numpy()),
                "variable": numbers(variable.numpy()),
                "accumulator": numbers(accumulator.numpy()),
            }
        )
    return recorded


def fixture(dtype: str) -> list[dict]:
    cases = [*shapes(), *magnitudes(), *thresholds(), *others(), *runs()]
    return [record(case, mode, dtype) for case in cases for mode in MODES]
