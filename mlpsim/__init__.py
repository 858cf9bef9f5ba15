"""mlpsim: a visual simulator of gradient descent on multilayer perceptrons."""

__version__ = "0.1.0"
