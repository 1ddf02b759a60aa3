"""Times a step of the peers in Python, one thread each, for `npm run bench -- --python`.

    python bench.py '{"problems": [{"kind": "dense", "length": 4096}], "rounds": 15, "milliseconds": 30}'

prints JSON: nanoseconds per step of every contender on every problem, one for each round. Every
answer is checked against the formula in double before it is timed. A package that is not installed
is left out, by name.
"""

import json
import os
import sys
import time
from importlib.metadata import version

# Before the packages are loaded: one thread, no logs.
os.environ |= {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TF_USE_LEGACY_KERAS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
}
sys.dont_write_bytecode = True

from formulas import Problem, expected, require_close

STEPS_CHECKED = 2
SLOWEST_TOTAL_SECONDS = 8


def main(request: dict) -> dict:
    modules, left_out = load_contenders()
    contenders = [contender for module in modules for contender in module.CONTENDERS]
    timings = []
    for spec in request["problems"]:
        problem = Problem(spec)
        runs = []
        for contender in contenders:
            step = checked(contender, problem, left_out)
            if step is not None:
                runs.append((contender, step, []))
        measure(runs, request["rounds"], request["milliseconds"])
        timings += [
            {"contender": contender.name, "spec": spec, "nanoseconds": times}
            for contender, _, times in runs
        ]
    versions = [
        f"{name} {version(name)}" for module in modules for name in module.PACKAGES
    ]
    return {
        "versions": ", ".join([f"Python {sys.version.split()[0]}", *versions]),
        "timings": timings,
        "leftOut": left_out,
    }


def load_contenders() -> tuple[list, list[dict]]:
    modules, left_out = [], []
    try:
        import with_tensorflow

        modules.append(with_tensorflow)
    except ImportError as error:
        left_out.append({"name": "TensorFlow", "why": str(error)})
    try:
        import with_torch

        modules.append(with_torch)
    except ImportError as error:
        left_out.append({"name": "PyTorch", "why": str(error)})
    return modules, left_out


def checked(contender, problem: Problem, left_out: list[dict]):
    """A function that takes one step, once two of them have given the right answer; None if it does no such step."""
    try:
        prepared = contender.prepare(problem)
        if prepared is None:
            return None
        step, read = prepared
        for _ in range(STEPS_CHECKED):
            step()
    except Exception as error:
        # A compiler that is missing, or an operation it cannot compile.
        why = f"{problem.label}: {str(error).splitlines()[0]}"
        left_out.append({"name": contender.name, "why": why})
        return None
    want = expected(problem, contender.formula, STEPS_CHECKED)
    require_close(contender.name, read(), problem, want)
    return step


def measure(runs: list, rounds: int, milliseconds: float) -> None:
    """In turns, as in timing.ts; a slow contender sits out the last rounds."""
    allowed = []
    for _, step, _ in runs:
        first = time_steps(step, milliseconds, 1)
        if first < 1e6 * milliseconds:
            time_steps(step, 150, 1)
        seconds = max(milliseconds / 1e3, first / 1e9) + first / 1e9
        allowed.append(min(rounds, max(3, int(SLOWEST_TOTAL_SECONDS / seconds))))
    for round_number in range(rounds):
        for turn in range(len(runs)):
            which = (round_number + turn) % len(runs)
            _, step, times = runs[which]
            if round_number < allowed[which]:
                times.append(time_steps(step, milliseconds, 16))


def time_steps(step, milliseconds: float, block: int) -> float:
    """Nanoseconds per step, as in timing.ts: not counting the first, and short ones timed in blocks."""
    step()
    steps, elapsed = 0, 0
    while steps == 0 or elapsed < milliseconds * 1e6:
        count = block if steps > 0 and elapsed / steps < 50_000 else 1
        start = time.perf_counter_ns()
        for _ in range(count):
            step()
        elapsed += time.perf_counter_ns() - start
        steps += count
    return elapsed / steps


if __name__ == "__main__":
    json.dump(main(json.loads(sys.argv[1])), sys.stdout)
