"""Whole optimizers: several variables, every option, the state after every step."""

import numpy as np
import tensorflow as tf

from .encode import generator, number, numbers
from .reference import as_used, make_optimizer, snake
from .sparse import ROWS, rows_of
from .training_cases import Case, Member, attribute_cases, cases


def build_variable(rng, member: Member, dtype: str) -> tf.Variable:
    start = rng.normal(size=member.shape)
    return tf.Variable(start, dtype=member.dtype or dtype, name=member.name)


def draw_gradient(rng, member: Member, variable: tf.Variable, step: int):
    """The gradient for TensorFlow, and as JSON."""
    if member.null_at and step in member.null_at:
        return None, None
    dtype = variable.dtype.as_numpy_dtype
    indices = ROWS[member.rows](rng, member.shape[0]) if member.rows else None
    size = member.shape if indices is None else (len(indices), *member.shape[1:])
    values = np.asarray(rng.normal(size=size) * np.exp(rng.normal(size=size)), dtype)
    tensor = tf.constant(values)
    if indices is None:
        return tensor, numbers(values)
    slices = tf.IndexedSlices(tensor, tf.constant(indices, tf.int64))
    return slices, rows_of(values, indices)


def describe(variable: tf.Variable) -> dict:
    return {
        "name": variable.name.removesuffix(":0"),
        "dtype": variable.dtype.name,
        "shape": variable.shape.as_list(),
    }


def record(case: Case, dtype: str) -> dict:
    name = f"{dtype}: {case.about}"
    rng = generator("training " + name)
    options = as_used(case.options_for(dtype), dtype)
    optimizer = make_optimizer(options)
    variables = [build_variable(rng, member, dtype) for member in case.members]
    if case.excluded or case.excluded_names:
        excluded = [
            v for m, v in zip(case.members, variables) if m.name in case.excluded
        ]
        optimizer.exclude_from_weight_decay(excluded, list(case.excluded_names))
    recorded = {
        "name": name,
        "dtype": dtype,
        "options": options,
        "excludedVariables": list(case.excluded),
        "excludedNames": list(case.excluded_names),
        "variables": [describe(v) | {"value": numbers(v.numpy())} for v in variables],
        "steps": [],
    }
    for step in range(case.steps):
        drawn = [
            draw_gradient(rng, member, variable, step)
            for member, variable in zip(case.members, variables)
        ]
        pairs = [(g, v) for (g, _), v in zip(drawn, variables)]
        # Named float32 for its rounding alone: defaults stay out.
        changes = as_used(case.changes.get(step, {}), "float32")
        for option, value in changes.items():
            assert hasattr(optimizer, snake(option))
            setattr(optimizer, snake(option), value)
        optimizer.apply_gradients(pairs, name=case.scope)
        assert int(optimizer.iterations) == step + 1
        slots = optimizer.variables[1:]
        recorded["steps"].append(
            {
                "gradients": [gradient for _, gradient in drawn],
                "learningRate": number(optimizer.learning_rate.numpy()),
                "variables": [numbers(v.numpy()) for v in variables],
                "slots": [numbers(slot.numpy()) for slot in slots],
            }
            | ({"changes": changes} if changes else {})
        )
    # Names are read late: the reference makes its slots in the first apply_gradients.
    assert optimizer.variables[0].name == "iteration:0"
    recorded["scope"] = case.scope
    recorded["slots"] = [describe(slot) for slot in optimizer.variables[1:]]
    optimizer.finalize_variable_values(variables)
    recorded["finalized"] = [numbers(v.numpy()) for v in variables]
    return recorded


def fixture() -> list[dict]:
    return recorded_all(cases())


def attributes_fixture() -> list[dict]:
    return recorded_all(attribute_cases())


def recorded_all(some: list[Case]) -> list[dict]:
    return [record(case, dtype) for case in some for dtype in case.precisions]
