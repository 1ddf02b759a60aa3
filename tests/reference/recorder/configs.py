"""What the real Keras writes for an optimizer, to be read by ours."""

import tensorflow as tf

from . import schedule_values as schedules
from .reference import as_used, make_optimizer, make_schedule

OPTIONS = {
    "every option at its default": {},
    "every number changed": {
        "learningRate": 0.25,
        "initialAccumulatorValue": 0.2,
        "variableRelativeThreshold": 0.3,
        "accumulatorRelativeThreshold": 0.6,
        "absoluteThreshold": 0.4,
        "epsilon": 0.5,
        "exportClippingFactors": True,
        "name": "Tuned",
    },
    "a clipped accumulator": {"clipAccumulatorUpdate": True},
    "weight decay": {"weightDecay": 0.004},
    "clipnorm": {"clipnorm": 1.5},
    "clipvalue": {"clipvalue": 0.5},
    "globalClipnorm": {"globalClipnorm": 10.0},
    "EMA": {"useEma": True},
    "EMA that overwrites": {
        "useEma": True,
        "emaMomentum": 0.95,
        "emaOverwriteFrequency": 100,
    },
}
SCHEDULES = {
    "exponential decay": schedules.exponential(staircase=True, name="halving"),
    "inverse time decay": schedules.inverse_time(),
    "piecewise constant decay": schedules.piecewise([5, 10], [1.0, 0.5, 0.1]),
    "polynomial decay": schedules.polynomial(power=2.0, cycle=True),
    "cosine decay": schedules.cosine(alpha=0.1),
    "cosine decay with warm-up": schedules.cosine(warmupTarget=0.5, warmupSteps=20),
    "cosine decay with restarts": schedules.restarts(tMul=1.5, mMul=0.9, alpha=0.1),
}
RATE_STEPS = [0, 1, 7, 19, 50]


def record(name: str, options: dict) -> dict:
    """The optimizer as Keras writes it, and the learning rates it stands for."""
    rate = options.get("learningRate", 0.001)
    rates = [as_used({"learningRate": rate}, "float32")["learningRate"]] * len(
        RATE_STEPS
    )
    if isinstance(rate, dict):
        exact = make_schedule(rate | {"precision": "float64"})
        rates = [float(exact(tf.constant(step, tf.int64))) for step in RATE_STEPS]
    return {
        "name": name,
        "serialized": tf.keras.optimizers.serialize(make_optimizer(options)),
        "steps": RATE_STEPS,
        "learningRates": rates,
    }


def fixture() -> list[dict]:
    cases = [record(name, options) for name, options in OPTIONS.items()]
    for name, (kind, parameters) in SCHEDULES.items():
        spec = {"class": kind, "options": parameters, "precision": "float32"}
        cases.append(record(name, {"learningRate": spec}))
    return cases
