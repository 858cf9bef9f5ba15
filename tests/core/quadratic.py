"""An objective whose derivatives are known: θ·H·θ/2 for one matrix H, or one for each theta."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Quadratic:
    matrix: np.ndarray

    def value(self, theta: np.ndarray) -> np.ndarray:
        return 0.5 * np.einsum("...p,...pq,...q->...", theta, self.matrix, theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        return self.matrix

    def gauss_newton(self, theta: np.ndarray) -> np.ndarray:
        return self.matrix
