"""What training.py records: the variables, options and gradients of each run."""

from dataclasses import dataclass, field

from . import schedule_values as schedules
from .dense import PAPER

BOTH = ("float32", "float64")


@dataclass(frozen=True)
class Member:
    """A variable of a run: dense gradients, or sparse ones with rows drawn as `rows` says."""

    name: str
    shape: tuple[int, ...]
    rows: str | None = None
    null_at: tuple[int, ...] = ()
    dtype: str | None = None


@dataclass(frozen=True)
class Case:
    about: str
    members: tuple[Member, ...]
    options: dict = field(default_factory=dict)
    steps: int = 5
    excluded: tuple[str, ...] = ()
    excluded_names: tuple[str, ...] = ()
    scope: str | None = None
    precisions: tuple[str, ...] = BOTH
    export: bool = True
    # (class, options) of a schedule, and the precision it computes in.
    schedule: tuple[str, dict] | None = None
    schedule_precision: str = "float64"
    # Attributes set before the step of that number, in our spelling.
    changes: dict[int, dict] = field(default_factory=dict)

    def options_for(self, dtype: str) -> dict:
        options = PAPER | self.options | {"exportClippingFactors": self.export}
        if self.schedule:
            kind, parameters = self.schedule
            options["learningRate"] = {
                "class": kind,
                "options": parameters,
                "precision": self.schedule_precision,
            }
        return options


KERNEL = Member("kernel", (2, 2))
BIAS = Member("bias", (2,))
SCALE = Member("norm/scale", ())
DENSE = (KERNEL, BIAS, SCALE)
TABLE = Member("table", (4, 2), "unique rows")
REPEATED = Member("repeated", (3, 1), "repeated rows")
MODEL = (TABLE, REPEATED, KERNEL, BIAS)
DECAY = {"weightDecay": 0.02, "learningRate": 0.3}
EMA = {"useEma": True, "emaMomentum": 0.9}

SCHEDULES = {
    "exponential": schedules.exponential(initialLearningRate=1.0, decaySteps=3),
    "exponential staircase": schedules.exponential(decaySteps=3, staircase=True),
    "piecewise constant": schedules.piecewise([2, 5], [1.0, 0.3, 0.1]),
    "polynomial": schedules.polynomial(initialLearningRate=1.0, decaySteps=6),
    "polynomial cycle": schedules.polynomial(decaySteps=4, cycle=True),
    "inverse time": schedules.inverse_time(initialLearningRate=1.0, decaySteps=2),
    "inverse time staircase": schedules.inverse_time(decaySteps=3, staircase=True),
    "cosine": schedules.cosine(initialLearningRate=1.0, decaySteps=10),
    "cosine with warm-up": schedules.cosine(
        decaySteps=8, warmupTarget=1.0, warmupSteps=3
    ),
    "cosine with restarts": schedules.restarts(firstDecaySteps=3, mMul=0.8),
}


def models() -> list[Case]:
    modes = {
        "delayed": {},
        "standard": {"useStandardAccumulatorUpdate": True},
        "clipped accumulator": {"clipAccumulatorUpdate": True},
    }
    some = [Case(f"sparse and dense, {mode}", MODEL, o) for mode, o in modes.items()]
    nulls = (
        Member("table", (4, 2), "unique rows", null_at=(0, 3)),
        Member("kernel", (2, 2), null_at=(1, 2)),
        BIAS,
    )
    mixed = (
        Member("single", (2, 2), dtype="float32"),
        Member("double", (2, 2), dtype="float64"),
        Member("rows", (3, 2), "repeated rows", dtype="float32"),
    )
    return some + [
        Case("null gradients", nulls),
        Case(
            "a variable that never has a gradient",
            (BIAS, Member("idle", (2,), null_at=tuple(range(5)))),
        ),
        Case("null gradients, weight decay and EMA", nulls, DECAY | EMA),
        Case("factors not exported", DENSE, export=False),
        Case("factors not exported, EMA", DENSE, EMA, export=False),
        Case("another name", (KERNEL, BIAS), {"name": "Tuned"}, steps=2),
        Case("a name for the call", (KERNEL, BIAS), steps=2, scope="outer"),
        # as_used rounds learning rate and epsilon for both.
        Case("both precisions at once", mixed, precisions=("float64",)),
        Case(
            "default options",
            DENSE,
            {
                "learningRate": 0.001,
                "variableRelativeThreshold": 0.1,
                "absoluteThreshold": 1e-7,
            },
        ),
    ]


def decays() -> list[Case]:
    return [
        Case("weight decay", DENSE, DECAY),
        Case("weight decay on sparse variables", MODEL, DECAY),
        Case(
            "weight decay, variables excluded", MODEL, DECAY, excluded=("table", "bias")
        ),
        Case(
            "weight decay, names excluded",
            DENSE,
            DECAY,
            excluded_names=("bias", "norm"),
        ),
        Case(
            "weight decay, a pattern excluded", DENSE, DECAY, excluded_names=("^k.*l",)
        ),
        Case(
            "weight decay, variables and names excluded",
            DENSE,
            DECAY,
            excluded=("kernel",),
            excluded_names=("scale",),
        ),
    ]


def clips() -> list[Case]:
    some = []
    for option, value in (
        ("clipnorm", 0.8),
        ("clipvalue", 0.3),
        ("globalClipnorm", 1.0),
    ):
        some += [
            Case(f"{option}", DENSE, {option: value}),
            Case(f"{option} on sparse variables", MODEL, {option: value}),
            Case(f"{option} that seldom clips", DENSE, {option: value * 20}, steps=3),
        ]
    return some


def averages() -> list[Case]:
    every = EMA | {"emaOverwriteFrequency": 3}
    return [
        Case("EMA", DENSE, EMA, steps=8),
        Case("EMA, momentum 0.99", DENSE, {"useEma": True}),
        Case("EMA, momentum 0", DENSE, {"useEma": True, "emaMomentum": 0.0}),
        Case("EMA on sparse variables", MODEL, EMA),
        Case("EMA overwriting every third step", DENSE, every, steps=8),
        Case("EMA overwriting every step", DENSE, EMA | {"emaOverwriteFrequency": 1}),
        Case("EMA overwriting sparse variables", MODEL, every, steps=4),
        Case("EMA overwriting, weight decay", DENSE, every | DECAY, steps=7),
    ]


def schedules_in_use() -> list[Case]:
    some = []
    for about, schedule in SCHEDULES.items():
        some.append(Case(f"{about} decay", (KERNEL, BIAS), steps=6, schedule=schedule))
        some.append(
            Case(
                f"{about} decay computed in float32",
                (KERNEL, BIAS),
                steps=6,
                schedule=schedule,
                schedule_precision="float32",
                precisions=("float32",),
            )
        )
    return some


def together() -> list[Case]:
    options = EMA | DECAY | {"emaOverwriteFrequency": 4, "globalClipnorm": 2.0}
    null = Member("sometimes", (3,), null_at=(0, 1, 6, 13))
    return [
        Case(
            "20 steps with everything at once",
            (TABLE, REPEATED, null, KERNEL),
            options,
            steps=20,
            excluded=("table",),
            excluded_names=("kern",),
            schedule=SCHEDULES["cosine with warm-up"],
        ),
        Case(
            "20 steps of a model",
            MODEL,
            {"accumulatorRelativeThreshold": 0.01},
            steps=20,
        ),
    ]


def cases() -> list[Case]:
    groups = (models, decays, clips, averages, schedules_in_use, together)
    return [case for group in groups for case in group()]


def attribute_cases() -> list[Case]:
    """Runs in the middle of which attributes are set."""
    clips = {1: {"clipnorm": 0.5}, 3: {"clipnorm": None}}
    clips |= {4: {"clipvalue": 0.2}, 5: {"clipvalue": None, "globalClipnorm": 0.7}}
    thresholds = {
        1: {"variableRelativeThreshold": 0.05},
        2: {"absoluteThreshold": 0.2},
        3: {"accumulatorRelativeThreshold": 0.05},
        4: {"epsilon": 0.5},
    }
    modes = {
        1: {"clipAccumulatorUpdate": True},
        2: {"clipAccumulatorUpdate": False, "useStandardAccumulatorUpdate": True},
        4: {"useStandardAccumulatorUpdate": False},
    }
    decay = {1: {"weightDecay": 0.1}, 3: {"weightDecay": None}}
    averages = {1: {"emaMomentum": 0.5}, 3: {"emaOverwriteFrequency": 2}}
    rates = {1: {"learningRate": 0.05}, 3: {"learningRate": 1.0}}
    return [
        Case("rate set", MODEL, changes=rates),
        Case("clip options set", MODEL, steps=7, changes=clips),
        Case("thresholds and epsilon set", MODEL, changes=thresholds),
        Case("accumulator modes set", MODEL, changes=modes),
        Case("weight decay set", MODEL, DECAY, changes=decay),
        Case("averages set", MODEL, EMA, steps=6, changes=averages),
    ]
