"""The reference, tfrs.experimental.optimizers.ClippyAdagrad, in the three ways that TensorFlow runs it."""

import tensorflow as tf
from formulas import (
    ABSOLUTE,
    EPSILON,
    INITIAL_ACCUMULATOR,
    LEARNING_RATE,
    RELATIVE,
    Contender,
    Problem,
    in_turn,
)
from tensorflow_recommenders.experimental.optimizers import clippy_adagrad

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.get_logger().setLevel("ERROR")

PACKAGES = ("tensorflow", "tf-keras", "tensorflow-recommenders")


def prepare(problem: Problem, compiled) -> tuple:
    variable = tf.Variable(problem.variable)
    optimizer = clippy_adagrad.ClippyAdagrad(
        learning_rate=LEARNING_RATE,
        initial_accumulator_value=INITIAL_ACCUMULATOR,
        variable_relative_threshold=RELATIVE,
        absolute_threshold=ABSOLUTE,
        epsilon=EPSILON,
    )
    optimizer.build([variable])
    shape = tf.constant(problem.variable.shape, dtype=tf.int64)

    # The gradient is an argument, or it would become a constant of the graph.
    def apply(values, indices):
        gradient = (
            values if indices is None else tf.IndexedSlices(values, indices, shape)
        )
        optimizer.apply_gradients([(gradient, variable)])

    apply = compiled(apply)
    batches = [
        (
            tf.constant(batch.values),
            None if batch.indices is None else tf.constant(batch.indices),
        )
        for batch in problem.batches
    ]
    return in_turn(batches, lambda batch: apply(*batch)), variable.numpy


def eager(problem: Problem):
    return prepare(problem, lambda function: function)


def graph(problem: Problem):
    return prepare(problem, tf.function)


def xla(problem: Problem):
    # Summing repeated rows gives a shape that is not known beforehand, which XLA does not compile.
    if not problem.is_dense:
        return None
    return prepare(problem, lambda function: tf.function(function, jit_compile=True))


CONTENDERS = (
    Contender("TensorFlow eager, the reference", "Clippy", eager),
    Contender("TensorFlow graph, the reference", "Clippy", graph),
    Contender("TensorFlow XLA, the reference", "Clippy", xla),
)
