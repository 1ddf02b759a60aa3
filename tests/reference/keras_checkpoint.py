"""Records a training run in Keras files, and goes on with those that JavaScript wrote.

For examples/keras-checkpoint. The packages that it needs are those of make_fixtures.py,
which says how to install them. To run it, from this directory:

    venv/bin/python keras_checkpoint.py record ../../examples/keras-checkpoint/python
    venv/bin/python keras_checkpoint.py check ../../examples/keras-checkpoint/javascript

Either language writes the same three files: run.keras and run.weights.h5 after five
steps, and steps.json with the batches and the next five steps. The other one loads both
files, takes those steps from each, and compares. The same versions on the same kind of
processor record the same numbers; run.keras has a date in it.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True

from recorder import keras_run
from recorder.encode import to_json
from recorder.reference import ClippyAdagrad, made_with

STEPS = 5
# Of the larger of 1 and the number itself.
TOLERANCE = 1e-6


def record(folder: Path) -> int:
    folder.mkdir(exist_ok=True)
    batches = keras_run.make_batches()
    model = keras_run.start()
    for _ in range(STEPS):
        keras_run.train(model, batches)
    model.save(folder / "run.keras")
    model.save_weights(folder / "run.weights.h5")
    steps = [keras_run.train(model, batches) for _ in range(STEPS)]
    recorded = {"madeWith": made_with(), "batches": batches, "steps": steps}
    (folder / "steps.json").write_text(to_json(recorded))
    return 0


def load(folder: Path) -> dict:
    """The model of run.keras; and one made here, into which run.weights.h5 goes."""
    whole = keras_run.keras.models.load_model(folder / "run.keras")
    made = keras_run.make_model()
    # There is no optimizer config in a .weights.h5.
    optimizer = ClippyAdagrad.from_config(whole.optimizer.get_config())
    keras_run.compile_with(made, optimizer)
    made.load_weights(folder / "run.weights.h5")
    return {"run.keras": whole, "run.weights.h5": made}


def check(folder: Path) -> int:
    recorded = json.loads((folder / "steps.json").read_text())
    batches, expected = recorded["batches"], recorded["steps"]
    failed = 0
    for name, model in load(folder).items():
        steps = [keras_run.train(model, batches) for _ in expected]
        worst = np.max([*map(difference, steps, expected)])
        failed += not worst <= TOLERANCE
        print(
            f"{name}: steps {steps[0]['iterations']} to {steps[-1]['iterations']}"
            f" differ by {worst:.1e} at most: {'ok' if worst <= TOLERANCE else 'wrong'}"
        )
    return 1 if failed else 0


def difference(mine: dict, theirs: dict) -> float:
    """The largest in any number of a step; infinite for steps of two kinds."""
    if mine["iterations"] != theirs["iterations"]:
        return np.inf
    if set(mine["arrays"]) != set(theirs["arrays"]):
        return np.inf
    pairs = [(mine["loss"], theirs["loss"])]
    pairs += [(array, theirs["arrays"][path]) for path, array in mine["arrays"].items()]
    if any(np.shape(one) != np.shape(other) for one, other in pairs):
        return np.inf
    # Of NaN and a number NumPy's max is NaN.
    return np.max(
        [
            np.max(np.abs(np.subtract(one, other)) / np.maximum(1, np.abs(other)))
            for one, other in pairs
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", choices=["record", "check"])
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    return {"record": record, "check": check}[arguments.command](arguments.folder)


if __name__ == "__main__":
    sys.exit(main())
