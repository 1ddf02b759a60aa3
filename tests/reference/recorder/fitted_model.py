"""A Keras model, an embedding and two dense layers, fitted batch by batch: its weights after every step."""

from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import tensorflow as tf

from . import schedule_values as schedules
from .dense import PAPER
from .encode import generator, number, numbers
from .reference import as_used, make_optimizer

STEPS = 5
BATCH = 4
IDS, WIDTH, WORDS, UNITS = 6, 2, 3, 3
# At the paper's rate of 1 five steps amplify rounding: two right runs drift apart.
OPTIONS = PAPER | {"learningRate": 0.2}


@dataclass(frozen=True)
class Case:
    about: str
    options: dict
    # (class, options) of a schedule, computed in float32 as a model's user gets it.
    schedule: tuple[str, dict] | None = None


CASES = [
    Case("the paper's thresholds", OPTIONS),
    Case(
        "a schedule, exported factors",
        OPTIONS | {"exportClippingFactors": True},
        schedules.exponential(initialLearningRate=0.4, decaySteps=2, decayRate=0.5),
    ),
]


def build_model() -> tf.keras.Sequential:
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Embedding(IDS, WIDTH, input_length=WORDS),
            layers.Flatten(),
            layers.Dense(UNITS, activation="tanh"),
            layers.Dense(1),
        ]
    )


def record(case: Case) -> dict:
    name = f"fitted model: {case.about}"
    rng = generator(name)
    options = as_used(case.options, "float32")
    if case.schedule:
        kind, parameters = case.schedule
        rate = {"class": kind, "options": parameters, "precision": "float32"}
        options["learningRate"] = rate
    model = build_model()
    start = [0.5 * rng.normal(size=w.shape) for w in model.get_weights()]
    model.set_weights([np.asarray(w, np.float32) for w in start])
    optimizer = make_optimizer(options)
    # Eager, as in the other recordings.
    model.compile(optimizer=optimizer, loss="mse", run_eagerly=True)
    recorded = {
        "name": name,
        "options": options,
        "weights": [
            {"shape": list(w.shape), "value": numbers(w)} for w in model.get_weights()
        ],
        "steps": [],
    }
    for _ in range(STEPS):
        # Few ids: some repeat within a batch, some are not in it.
        ids = rng.integers(0, IDS, size=(BATCH, WORDS))
        targets = rng.normal(size=(BATCH, 1)).astype(np.float32)
        model.fit(ids, targets, batch_size=BATCH, shuffle=False, verbose=0)
        recorded["steps"].append(
            {
                "ids": ids.tolist(),
                "targets": numbers(targets),
                "weights": [numbers(w) for w in model.get_weights()],
                "accumulators": [
                    numbers(v.numpy())
                    for v in optimizer.variables
                    if "accumulator" in v.name
                ],
                "factors": [number(f.numpy()) for f in optimizer.clipping_factors],
            }
        )
    return recorded


def fixture() -> list[dict]:
    # Last bits depend on where TensorFlow's memory lies, so on what ran before: nothing,
    # in a process of its own.
    with get_context("spawn").Pool(1) as pool:
        return pool.map(record, CASES)
