"""PyTorch: the formula of Clippy, compiled, and its own Adagrad, which does not clip."""

import torch
from formulas import (
    ABSOLUTE,
    EPSILON,
    INITIAL_ACCUMULATOR,
    LEARNING_RATE,
    RELATIVE,
    ROW_WIDTH,
    Contender,
    Problem,
    in_turn,
)

torch.set_num_threads(1)
torch.set_grad_enabled(False)

PACKAGES = ("torch",)


def clipped_change(w, a, g):
    change = LEARNING_RATE * g / torch.sqrt(a + EPSILON)
    bound = RELATIVE * torch.abs(w) + ABSOLUTE
    # A change of 0 gives a room of infinity, which the minimum ignores.
    return torch.clamp((bound / torch.abs(change)).amin(), max=1) * change


def dense_step(w, a, g):
    w.sub_(clipped_change(w, a, g))
    a.addcmul_(g, g)


def sparse_step(w, a, indices, values):
    rows, places = torch.unique(indices, return_inverse=True)
    g = torch.zeros(len(rows), ROW_WIDTH).index_add_(0, places, values)
    w.index_add_(0, rows, clipped_change(w[rows], a[rows], g), alpha=-1)
    a.index_add_(0, rows, g * g)


def tensors(problem: Problem):
    w = torch.from_numpy(problem.variable.copy())
    return (
        w,
        torch.full_like(w, INITIAL_ACCUMULATOR),
        torch.from_numpy(problem.gradient.copy()),
    )


def compiled(problem: Problem):
    """Dense only: the number of distinct rows is not known beforehand."""
    if not problem.is_dense:
        return None
    w, a, g = tensors(problem)
    torch.compiler.reset()  # Compiled anew for each size, as a program with this one size would be.
    step = torch.compile(dense_step, dynamic=False)
    step(
        w.clone(), a.clone(), g
    )  # Here, so that a compiler which is missing is noticed.
    return lambda: step(w, a, g), w.numpy


def composed(problem: Problem):
    w, a, g = tensors(problem)
    if problem.is_dense:
        return lambda: dense_step(w, a, g), w.numpy
    return in_turn(batches(problem), lambda batch: sparse_step(w, a, *batch)), w.numpy


def batches(problem: Problem) -> list[tuple]:
    """Row numbers and rows of each."""
    return [
        (torch.from_numpy(batch.indices), torch.from_numpy(batch.values))
        for batch in problem.batches
    ]


def adagrad(problem: Problem):
    w, _, values = tensors(problem)
    optimizer = torch.optim.Adagrad(
        [w],
        lr=LEARNING_RATE,
        initial_accumulator_value=INITIAL_ACCUMULATOR,
        eps=EPSILON,
        fused=problem.is_dense,
    )
    if problem.is_dense:
        w.grad = values
        return optimizer.step, w.numpy

    def step(batch):
        indices, values = batch
        # A fresh one each time: once its repeated rows are summed, it would stay so.
        w.grad = torch.sparse_coo_tensor(
            indices[None, :], values, w.shape, check_invariants=False
        )
        optimizer.step()

    return in_turn(batches(problem), step), w.numpy


CONTENDERS = (
    Contender("PyTorch eager, Clippy composed", "Clippy", composed),
    Contender("torch.compile, Clippy composed", "Clippy", compiled),
    Contender("PyTorch, its Adagrad", "Adagrad", adagrad),
)
