"""Loads the configs that our toJSON() wrote into the real Keras and checks every value."""

import copy
import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from .reference import ClippyAdagrad, make_optimizer, make_schedule

# The reference takes this option but leaves it out of its own config.
FORGOTTEN = "use_standard_accumulator_update"
# JSON from JavaScript has 1 for 1.0, and Keras takes an integer rate for an integer
# schedule: it fails, or fails later. So the steps are taken, past every boundary.
STEPS = 30
RATES = ("initial_learning_rate", "end_learning_rate", "warmup_target")


def verify(path: Path) -> list[str]:
    """What is wrong with one file; nothing if it loads as what it says."""
    written = json.loads(path.read_text())
    plain = tf.keras.optimizers.serialize(make_optimizer({}))
    problems = [
        f"{key} is {written.get(key)!r}, Keras writes {plain[key]!r}"
        for key in ("module", "class_name", "registered_name")
        if written.get(key) != plain[key]
    ]
    expected = {*plain["config"], FORGOTTEN}
    if set(written["config"]) != expected:
        problems.append(f"keys that differ: {set(written['config']) ^ expected}")
    # Both may change what they are given.
    loaders = {
        "deserialize": lambda: tf.keras.optimizers.deserialize(copy.deepcopy(written)),
        "from_config": lambda: ClippyAdagrad.from_config(
            copy.deepcopy(written["config"])
        ),
    }
    for how, load in loaders.items():
        try:
            found = compare(written["config"], load())
        except (tf.errors.OpError, TypeError, ValueError) as error:
            found = [f"does not load: {error}"]
        problems += [f"{how}: {problem}" for problem in found]
    return problems


def compare(written: dict, loaded) -> list[str]:
    if type(loaded) is not ClippyAdagrad:
        return [f"loaded as {type(loaded)}"]
    config = tf.keras.optimizers.serialize(loaded)["config"]
    config[FORGOTTEN] = getattr(loaded, FORGOTTEN)
    problems = [
        f"{key} is {config.get(key)!r}, the file says {value!r}"
        for key, value in written.items()
        if not same(key, config.get(key), value)
    ]
    return problems + train(written["learning_rate"], loaded)


def train(rate, loaded) -> list[str]:
    """Some steps, each with the learning rate that the file means."""
    variable = tf.Variable([1.0, 2.0])
    for step in range(STEPS):
        try:
            loaded.apply_gradients([(tf.constant([0.1, -0.2]), variable)])
        except (tf.errors.OpError, TypeError, ValueError) as error:
            return [f"step {step} fails: {error}"]
        expected, used = rate_at(rate, step), float(loaded.learning_rate)
        if not abs(used - expected) <= 1e-5 * abs(expected):
            return [f"the learning rate of step {step} is {used}, not {expected}"]
    if not np.isfinite(variable.numpy()).all():
        return [f"the steps lead to {variable.numpy()}"]
    return []


def rate_at(rate, step: int) -> float:
    """The rate in double, whole numbers of the file being floats too."""
    if not isinstance(rate, dict):
        return rate
    parameters = {
        key: float(value) if type(value) is int and key in RATES else value
        for key, value in rate["config"].items()
    }
    if "values" in parameters:
        parameters["values"] = [float(value) for value in parameters["values"]]
    spec = {"class": rate["class_name"], "options": parameters}
    exact = make_schedule(spec | {"precision": "float64"})
    return float(exact(tf.constant(step, tf.int64)))


def same(key: str, loaded, written) -> bool:
    if key == "learning_rate" and not isinstance(written, dict):
        # Keras keeps it in a float32 variable.
        return np.float32(loaded) == np.float32(written)
    return type(loaded) is type(written) and loaded == written


def verify_all(directory: Path) -> int:
    """Prints a line for each file; 1 if there is none or one is wrong."""
    files = sorted(directory.glob("*.json"))
    failed = 0
    for path in files:
        problems = verify(path)
        failed += bool(problems)
        print(
            "\n    ".join([f"{path.name}: {'wrong' if problems else 'ok'}", *problems])
        )
    print(f"{len(files) - failed} of {len(files)} files load in Keras as they say")
    return 1 if failed or not files else 0
