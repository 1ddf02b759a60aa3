"""Learning-rate schedules: their values at many steps, computed in both precisions."""

import tensorflow as tf

from .encode import numbers
from .reference import make_schedule

STEPS = [*range(0, 26), 29, 30, 31, 39, 40, 41, 50, 69, 70, 71, 99, 100, 101, 149, 150]
STEPS += [151, 310, 500, 999, 1000, 1001, 12345]


def exponential(**options) -> tuple[str, dict]:
    rates = {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.96}
    return "ExponentialDecay", rates | options


def inverse_time(**options) -> tuple[str, dict]:
    rates = {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.5}
    return "InverseTimeDecay", rates | options


def polynomial(**options) -> tuple[str, dict]:
    # The default end is a Python number, float32 whatever the rest is.
    rates = {"initialLearningRate": 0.1, "decaySteps": 20, "endLearningRate": 0.0001}
    return "PolynomialDecay", rates | options


def cosine(**options) -> tuple[str, dict]:
    return "CosineDecay", {"initialLearningRate": 0.1, "decaySteps": 100} | options


def restarts(**options) -> tuple[str, dict]:
    rates = {"initialLearningRate": 0.1, "firstDecaySteps": 10}
    return "CosineDecayRestarts", rates | options


def piecewise(boundaries, values) -> tuple[str, dict]:
    return "PiecewiseConstantDecay", {"boundaries": boundaries, "values": values}


CASES = {
    "exponential": exponential(),
    "exponential, staircase": exponential(staircase=True),
    "exponential, a growing rate": exponential(decayRate=1.01, decaySteps=100),
    "exponential, fractional steps": exponential(decaySteps=7.5, staircase=True),
    "inverse time": inverse_time(),
    "inverse time, staircase": inverse_time(staircase=True),
    "inverse time, rate 0": inverse_time(decayRate=0.0),
    "piecewise constant": piecewise([5, 10, 100], [1.0, 0.5, 0.1, 0.01]),
    "piecewise constant, one boundary": piecewise([20], [0.3, 0.03]),
    "polynomial": polynomial(),
    "polynomial, cycle": polynomial(cycle=True),
    "polynomial, power 2": polynomial(power=2.0, endLearningRate=0.01),
    "polynomial, power 0.5": polynomial(power=0.5, endLearningRate=0.001),
    "polynomial, power 0.5, cycle": polynomial(power=0.5, cycle=True),
    "polynomial, a rising rate": polynomial(endLearningRate=0.5),
    "cosine": cosine(),
    "cosine, alpha": cosine(alpha=0.1),
    "cosine, warm-up": cosine(warmupTarget=0.5, warmupSteps=20),
    "cosine, warm-up from 0": cosine(
        initialLearningRate=0.0, warmupTarget=0.1, warmupSteps=30, alpha=0.05
    ),
    "cosine, warm-up without steps": cosine(warmupTarget=0.5),
    "cosine restarts": restarts(),
    "cosine restarts, each alike": restarts(tMul=1.0),
    "cosine restarts, shrinking": restarts(tMul=2.0, mMul=0.8),
    "cosine restarts, slower": restarts(tMul=1.5, mMul=0.9, alpha=0.1),
}


def record(name: str) -> dict:
    kind, options = CASES[name]
    recorded = {"name": name, "class": kind, "options": options, "steps": STEPS}
    for precision in ("float32", "float64"):
        spec = {"class": kind, "options": options, "precision": precision}
        schedule = make_schedule(spec)
        values = [schedule(tf.constant(step, tf.int64)) for step in STEPS]
        assert all(value.dtype == precision for value in values)
        recorded[precision] = [numbers(value.numpy())[0] for value in values]
    return recorded


def fixture() -> list[dict]:
    return [record(name) for name in CASES]
