"""Logistic regression in a few lines of numpy: weights by L-BFGS for wide data, a handful of coefficients by Newton
with signs kept.

Why not a library: the tools need nothing else of one, and every package is one more to pin.
"""

import numpy as np

MEMORY = 12  # pairs of steps that L-BFGS remembers


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


def logit(p):
    return np.log(p / (1 - p))


def log_loss(z: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    """Sum of -ln(probability of the truth), without overflow."""
    return float((weight * (np.logaddexp(0, z) - y * z)).sum())


def minimise(function, start: np.ndarray, tolerance: float = 1e-4, most: int = 500) -> np.ndarray:
    """L-BFGS with a backtracking search; `function` gives value and gradient. `tolerance` is relative to the first
    gradient."""
    x, (value, gradient), steps = start, function(start), []
    enough = tolerance * np.abs(gradient).max()
    for _ in range(most):
        if np.abs(gradient).max() <= enough:
            break
        direction, factors = -gradient, []
        for step, change in reversed(steps):
            factors.append(step @ direction / (step @ change))
            direction = direction - factors[-1] * change
        if steps:
            step, change = steps[-1]
            direction = direction * (step @ change) / (change @ change)
        for (step, change), factor in zip(steps, reversed(factors), strict=True):
            direction = direction + (factor - change @ direction / (step @ change)) * step
        length, slope = (1.0 if steps else 1 / np.abs(gradient).sum()), gradient @ direction
        while True:
            new_value, new_gradient = function(x + length * direction)
            if new_value <= value + 1e-4 * length * slope or length < 1e-10:
                break
            length /= 2
        step, change = length * direction, new_gradient - gradient
        x, value, gradient = x + step, new_value, new_gradient
        if step @ change > 1e-12 * (change @ change):
            steps = [*steps, (step, change)][-MEMORY:]
    return x


def balanced(y: np.ndarray) -> np.ndarray:
    """Weights that give yes and no the same sum, and a mean of 1."""
    return np.where(y == 1, len(y) / (2 * y.sum()), len(y) / (2 * (len(y) - y.sum())))


def fit_wide(x: np.ndarray, y: np.ndarray, c: float, weight: np.ndarray | None = None) -> tuple[np.ndarray, float]:
    """Weights and intercept that minimise `c` times the log loss plus half the squared weights (the intercept goes
    free)."""
    weight = np.ones(len(y)) if weight is None else weight

    def function(parameters):
        w, intercept = parameters[:-1], parameters[-1]
        z = (x @ w.astype(x.dtype)).astype(float) + intercept
        apart = weight * (sigmoid(z) - y)
        gradient = np.append(c * (apart.astype(x.dtype) @ x).astype(float) + w, c * apart.sum())
        return c * log_loss(z, y, weight) + w @ w / 2, gradient

    found = minimise(function, np.zeros(x.shape[1] + 1))
    return found[:-1], float(found[-1])


def fit_curve(
    columns: np.ndarray,
    y: np.ndarray,
    weight: np.ndarray | None = None,
    signs: dict[int, int] | None = None,
    ridge: float = 1e-6,
) -> np.ndarray:
    """Coefficients of sigmoid(columns · b) by Newton. A column in `signs` whose coefficient comes out with the other
    sign is left out."""
    weight, signs = np.ones(len(y)) if weight is None else weight, signs or {}
    kept = list(range(columns.shape[1]))
    while True:
        x, b = columns[:, kept], np.zeros(len(kept))
        value = log_loss(x @ b, y, weight)
        for _ in range(100):
            p = sigmoid(x @ b)
            gradient = x.T @ (weight * (p - y)) + ridge * b
            curvature = (x * (weight * p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(b))
            step = np.linalg.solve(curvature, gradient)
            while (new := log_loss(x @ (b - step), y, weight)) > value + 1e-9 and np.abs(step).max() > 1e-12:
                step = step / 2
            b, value = b - step, new
            if np.abs(step).max() < 1e-9:
                break
        wrong = [column for column, coefficient in zip(kept, b, strict=True) if coefficient * signs.get(column, 0) < 0]
        if not wrong:
            found = np.zeros(columns.shape[1])
            found[kept] = b
            return found
        kept.remove(wrong[0])
