"""The thresholds of the three settings: the lowest from which on enough of the shown tags are right, on ImageNet and on
everyday pictures.

"Balanced" is held to ImageNet alone: on everyday pictures the first look reaches its target only where it loses more
than a tenth of the right leaves. What is right there with both looks is what the page promises.
"""

import numpy as np

from fit import truths
from fit.curve import Confidences
from fit.selection import Program

# Of the shown tags that are known, folded parents not counted; on ImageNet of those of the classes. Out of fold a
# point is lost of what the other folds promise, hence 0.96 for 0.95 and 0.76 for 0.75. "Balanced" aims at 0.9 as `eval`
# counts it, which leaves out what only the head says of animals, food and fruit: half a point more.
TARGETS = {"sure": 0.96, "balanced": 0.893, "generous": 0.76}
EVERYDAY = ["sure", "generous"]  # held to everyday pictures too
LEAST_THRESHOLD = 0.25  # of any setting: what is less likely is a guess, however right the surer tags beside it are
NEIGHBOURS = (
    2  # steps of 0.01 on either side that a threshold's precision is averaged over: one picture should not move it
)
STEPS = np.round(np.arange(LEAST_THRESHOLD - 0.01 * NEIGHBOURS, 0.98, 0.01), 2)


def precision(shown: list[list[int]], truth: np.ndarray) -> float:
    """Of what is known."""
    known = [truth[i, tag] for i, tags in enumerate(shown) for tag in tags if truth[i, tag] != truths.UNKNOWN]
    right = [one == truths.RIGHT for one in known]
    return float(np.mean(right)) if right else 1.0


def lowest(precisions: np.ndarray, target: float) -> float:
    """Of `STEPS`, whose precisions are given, the lowest from which on all reach the target; the highest where none
    does."""
    smooth = np.convolve(precisions, np.full(2 * NEIGHBOURS + 1, 1 / (2 * NEIGHBOURS + 1)), "valid")
    below = np.flatnonzero(smooth < target)
    first = below[-1] + 1 if len(below) else 0
    return float(STEPS[NEIGHBOURS:][min(first, len(smooth) - 1)])


def steps(found: Confidences, truth: np.ndarray, program: Program) -> np.ndarray:
    """The precision at each of `STEPS`."""
    pictures = program.shown(found, STEPS.tolist())
    return np.array([precision([picture[step] for picture in pictures], truth) for step in range(len(STEPS))])


def choose(
    imagenet: Confidences, truth: np.ndarray, everyday: Confidences, everyday_truth: np.ndarray, program: Program
) -> dict[str, float]:
    """The threshold of each setting: of what the classes alone would show on ImageNet, and of all that is shown on
    everyday pictures, the higher one."""
    of_classes = steps(Confidences(imagenet.own, imagenet.own), truth, program)
    of_all = steps(everyday, everyday_truth, program)
    return {
        name: max(lowest(of_classes, target), lowest(of_all, target) if name in EVERYDAY else 0)
        for name, target in TARGETS.items()
    }
