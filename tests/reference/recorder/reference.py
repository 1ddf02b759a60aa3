"""The reference, set up once: ClippyAdagrad of TensorFlow Recommenders on TF-Keras, CPU only."""

import os
import platform
import re
from importlib.metadata import version

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import tensorflow as tf
from tensorflow_recommenders.experimental.optimizers import clippy_adagrad

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.get_logger().setLevel("ERROR")

ClippyAdagrad = clippy_adagrad.ClippyAdagrad
shrink_by_references = clippy_adagrad.shrink_by_references
schedules = tf.keras.optimizers.schedules

# The reference casts these to float32 first, whatever the precision of the variable.
FLOAT32_OPTIONS = ("learningRate", "epsilon", "weightDecay")
FLOAT32_DEFAULTS = {"learningRate": 0.001, "epsilon": 1e-7}


def made_with() -> dict[str, str]:
    """The versions that every fixture file carries."""
    packages = ("tensorflow-recommenders", "tf-keras", "tensorflow", "numpy")
    return {"python": platform.python_version()} | {p: version(p) for p in packages}


def snake(name: str) -> str:
    """`globalClipnorm` -> `global_clipnorm`."""
    return re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def as_used(options: dict, dtype: str) -> dict:
    """The options with the values the reference really computes with.

    A default stays out for float32, so that our defaults are tested too; for float64
    it has to be spelled out, rounded.
    """
    if dtype == "float64":
        options = FLOAT32_DEFAULTS | options
    return {
        key: float(np.float32(value))
        if key in FLOAT32_OPTIONS and isinstance(value, float)
        else value
        for key, value in options.items()
    }


def make_optimizer(options: dict) -> ClippyAdagrad:
    """An optimizer of the reference from options in our spelling."""
    return ClippyAdagrad(
        **{
            snake(key): make_schedule(value) if isinstance(value, dict) else value
            for key, value in options.items()
        }
    )


def make_schedule(spec: dict) -> schedules.LearningRateSchedule:
    """A schedule from `{ class, options, precision }`.

    The reference takes the precision of a schedule from its parameters: Python
    numbers compute in float32, NumPy doubles in float64.
    """
    number = np.float64 if spec["precision"] == "float64" else float

    def parameter(value):
        if isinstance(value, list):
            return [parameter(item) for item in value]
        return number(value) if isinstance(value, float) else value

    parameters = {snake(key): parameter(v) for key, v in spec["options"].items()}
    return getattr(schedules, spec["class"])(**parameters)
