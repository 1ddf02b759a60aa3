"""The training run of examples/keras-checkpoint: model, batches, steps."""

import tempfile
from pathlib import Path

import h5py
import numpy as np
import tensorflow as tf

from .encode import generator, number, numbers
from .reference import ClippyAdagrad, schedules

keras = tf.keras
ROWS = 16
BATCHES = 5


def make_model() -> keras.Model:
    """An embedding and two dense layers, which give the logit of a click."""
    item = keras.Input((), dtype="int32", name="item")
    features = keras.Input((3,), name="features")
    embedded = keras.layers.Embedding(12, 4, name="table")(item)
    joined = keras.layers.Concatenate()([embedded, features])
    hidden = keras.layers.Dense(6, activation="relu", name="hidden")(joined)
    return keras.Model([item, features], keras.layers.Dense(1, name="logit")(hidden))


def compile_with(model: keras.Model, optimizer: ClippyAdagrad) -> None:
    # Before it knows its variables, TF-Keras loads no state into it, and says nothing.
    optimizer.build(model.trainable_variables)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer, loss=loss)


def start() -> keras.Model:
    model = make_model()
    rng = generator("keras run: weights")
    model.set_weights([rng.normal(size=w.shape) / 2 for w in model.weights])
    rate = schedules.ExponentialDecay(0.5, decay_steps=4, decay_rate=0.9)
    optimizer = ClippyAdagrad(
        rate,
        variable_relative_threshold=0.2,
        absolute_threshold=0.005,
        export_clipping_factors=True,
    )
    compile_with(model, optimizer)
    return model


def make_batches() -> list[dict]:
    rng = generator("keras run: batches")
    return [
        {
            "items": rng.integers(0, 12, ROWS).tolist(),
            "features": numbers(rng.normal(size=ROWS * 3).astype(np.float32)),
            "labels": rng.integers(0, 2, ROWS).tolist(),
        }
        for _ in range(BATCHES)
    ]


def train(model: keras.Model, batches: list[dict]) -> dict:
    """One step, on the batch whose turn it is; what steps.json has of it."""
    batch = batches[int(model.optimizer.iterations) % len(batches)]
    inputs = [
        np.array(batch["items"], np.int32),
        np.array(batch["features"], np.float32).reshape(-1, 3),
    ]
    labels = np.array(batch["labels"], np.float32).reshape(-1, 1)
    loss = model.train_on_batch(inputs, labels, reset_metrics=True)
    arrays = {path: numbers(array) for path, array in arrays_of(model).items()}
    return {
        "iterations": int(model.optimizer.iterations),
        "loss": number(loss),
        "arrays": arrays,
    }


def arrays_of(model: keras.Model) -> dict[str, np.ndarray]:
    """Weights and optimizer state, by the paths of a .weights.h5; the count of steps left out."""
    arrays = {}

    def collect(path, entry):
        is_state = path.startswith(("layers/", "optimizer/vars/"))
        if is_state and isinstance(entry, h5py.Dataset) and path != "optimizer/vars/0":
            arrays[path] = entry[()]

    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "run.weights.h5"
        model.save_weights(path)
        with h5py.File(path) as file:
            file.visititems(collect)
    return arrays
