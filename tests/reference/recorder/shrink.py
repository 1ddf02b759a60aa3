"""shrink_by_references: scalars, broadcasts, no references, zero limits."""

import numpy as np
import tensorflow as tf

from .encode import generator, number, numbers
from .reference import shrink_by_references

# about, shape of the tensor, shapes of the references
LAYOUTS = (
    ("a scalar without references", (), []),
    ("a scalar", (), [()]),
    ("a scalar with three references", (), [(), (), ()]),
    ("a vector without references", (5,), []),
    ("a vector", (5,), [(5,)]),
    ("a vector and a scalar reference", (5,), [()]),
    ("a vector and a reference of one element", (5,), [(1,)]),
    ("a vector with three references", (9,), [(9,), (), (1,)]),
    ("a matrix", (3, 4), [(3, 4)]),
    ("a matrix and a row", (3, 4), [(4,)]),
    ("a matrix and a row of rank two", (3, 4), [(1, 4)]),
    ("a matrix and a column", (3, 4), [(3, 1)]),
    ("a matrix, a row, a column and a scalar", (3, 4), [(4,), (3, 1), ()]),
    ("a tensor of rank three and a matrix", (2, 3, 2), [(3, 2), (2, 1, 1)]),
)
# about, absolute factor, share of zeros in the tensor and in the references
LIMITS = (
    ("clipped", 0.01, 0.0, 0.0, 0.1),
    ("not clipped", 1000.0, 0.0, 0.0, 0.1),
    ("absolute factor 0", 0.0, 0.0, 0.0, 0.1),
    ("absolute factor 0 and zeros", 0.0, 0.5, 0.3, 0.1),
    ("every factor 0", 0.0, 0.5, 0.0, 0.0),
    ("a tensor of zeros", 0.0, 1.0, 0.5, 0.1),
)


def draw(rng, shape, zeros: float, dtype: str) -> np.ndarray:
    values = rng.normal(size=shape) * np.exp(rng.normal(size=shape))
    kept = np.where(rng.random(size=shape) < zeros, 0.0, values)
    return np.asarray(kept, dtype=dtype)


def tensor_of(array: np.ndarray) -> dict:
    return {"shape": list(array.shape), "value": numbers(array)}


def record(layout, limit, dtype: str) -> dict:
    layout_name, shape, reference_shapes = layout
    limit_name, absolute, tensor_zeros, reference_zeros, relative = limit
    name = f"{dtype}: {layout_name}, {limit_name}"
    rng = generator(name)
    tensor = draw(rng, shape, tensor_zeros, dtype)
    references = [draw(rng, s, reference_zeros, dtype) for s in reference_shapes]
    factors = [relative * (1 + index) for index in range(len(references))]
    shrunk, scale = shrink_by_references(
        tensor=tf.constant(tensor),
        references=[tf.constant(reference) for reference in references],
        relative_factors=factors,
        # Without references a Python number would stay float32 beside a float64 tensor.
        absolute_factor=absolute if references else tf.constant(absolute, dtype),
    )
    return {
        "name": name,
        "dtype": dtype,
        "tensor": tensor_of(tensor),
        "references": [tensor_of(reference) for reference in references],
        "relativeFactors": factors,
        "absoluteFactor": absolute,
        "shrunk": numbers(shrunk.numpy()),
        "scale": number(scale.numpy()),
    }


def fixture() -> list[dict]:
    return [
        record(layout, limit, dtype)
        for dtype in ("float32", "float64")
        for layout in LAYOUTS
        for limit in LIMITS
    ]
