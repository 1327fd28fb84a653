"""The thresholds of the three settings: the lowest from which on enough of the shown tags are right."""

import numpy as np

from fit import truths
from fit.curve import Confidences
from fit.selection import Program

TARGETS = {
    "sure": 0.957,
    "balanced": 0.90,
    "generous": 0.75,
}  # of the shown tags of the classes, folded parents not counted
LEAST_THRESHOLD = 0.25  # of any setting: what is less likely is a guess, however right the surer tags beside it are
NEIGHBOURS = (
    2  # steps of 0.01 on either side that a threshold's precision is averaged over: one picture should not move it
)
STEPS = np.round(np.arange(LEAST_THRESHOLD - 0.01 * NEIGHBOURS, 0.98, 0.01), 2)


def precision(shown: list[list[int]], truth: np.ndarray) -> float:
    right = [truth[i, tag] == truths.RIGHT for i, tags in enumerate(shown) for tag in tags]
    return float(np.mean(right)) if right else 1.0


def lowest(precisions: np.ndarray, target: float) -> float:
    """Of `STEPS`, whose precisions are given, the lowest from which on all reach the target; the highest where none
    does."""
    smooth = np.convolve(precisions, np.full(2 * NEIGHBOURS + 1, 1 / (2 * NEIGHBOURS + 1)), "valid")
    below = np.flatnonzero(smooth < target)
    first = below[-1] + 1 if len(below) else 0
    return float(STEPS[NEIGHBOURS:][min(first, len(smooth) - 1)])


def choose(found: Confidences, truth: np.ndarray, program: Program) -> dict[str, float]:
    """The threshold of each setting, of what the classes alone would show."""
    pictures = program.shown(Confidences(found.own, found.own), STEPS.tolist())
    precisions = np.array([precision([picture[step] for picture in pictures], truth) for step in range(len(STEPS))])
    return {name: lowest(precisions, target) for name, target in TARGETS.items()}
