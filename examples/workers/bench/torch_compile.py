"""torch.compile on the formula of ../../../bench/python, in a process that times it whenever it is told to.

    python torch_compile.py LENGTH THREADS

prints the versions once the answer has been checked; then, for each line with a number of steps on its
standard input, milliseconds for as many.
"""

import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "bench/python"))

import with_torch
from formulas import Problem, expected, require_close

STEPS_CHECKED = 2

length, threads = (int(argument) for argument in sys.argv[1:])
with_torch.torch.set_num_threads(threads)
problem = Problem({"kind": "dense", "length": length})
step, read = with_torch.compiled(problem)
for _ in range(STEPS_CHECKED):
    step()
require_close("torch.compile", read(), problem, expected(problem, "Clippy", STEPS_CHECKED))
print(f"Python {sys.version.split()[0]}, torch {with_torch.torch.__version__}", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        step()
    print((time.perf_counter() - start) * 1e3, flush=True)
