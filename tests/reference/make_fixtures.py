"""Records what the reference does, for the TypeScript tests beside this file.

The reference is tfrs.experimental.optimizers.ClippyAdagrad; tests never run it, they
replay the files written here. To run this script, from this directory:

    python3.11 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_fixtures.py                # writes fixtures/*.json
    venv/bin/python make_fixtures.py --check        # regenerates, compares, writes nothing
    venv/bin/python make_fixtures.py verify-ours    # loads ours/*.json in the real Keras

Every case has its own seed, so the same versions on the same kind of processor give the
same files. On another one TensorFlow's float32 rsqrt may differ in the last bits; --check
then names the files that differ. The files in ours/ are written by write-ours.ts.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

HERE = Path(__file__).parent
FIXTURES = HERE / "fixtures"
OURS = HERE / "ours"


def write(directory: Path) -> None:
    from recorder import (
        configs,
        dense,
        fitted_model,
        schedule_values,
        shrink,
        sparse,
        training,
    )
    from recorder.encode import to_json
    from recorder.reference import made_with

    files = {
        "dense-float32": lambda: dense.fixture("float32"),
        "dense-float64": lambda: dense.fixture("float64"),
        "sparse": sparse.fixture,
        "shrink": shrink.fixture,
        "schedules": schedule_values.fixture,
        "training": training.fixture,
        "attributes": training.attributes_fixture,
        "configs": configs.fixture,
        "fitted-model": fitted_model.fixture,
    }
    directory.mkdir(exist_ok=True)
    for name, cases in files.items():
        fixture = {"madeWith": made_with(), "cases": cases()}
        path = directory / f"{name}.json"
        path.write_text(to_json(fixture))
        print(
            f"{path.name}: {len(fixture['cases'])} cases, {path.stat().st_size} bytes"
        )


def check() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        write(fresh)
        names = {path.name for path in [*fresh.iterdir(), *FIXTURES.glob("*.json")]}
        differing = [
            name for name in sorted(names) if not same(fresh / name, FIXTURES / name)
        ]
    for name in differing:
        print(f"{name} is not what this script writes here")
    return 1 if differing else 0


def same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.read_bytes() == other.read_bytes()


def verify_ours() -> int:
    from recorder.ours import verify_all

    return verify_all(OURS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("command", nargs="?", choices=["write", "verify-ours"])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    if arguments.command == "verify-ours":
        return verify_ours()
    if arguments.check:
        return check()
    write(FIXTURES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
