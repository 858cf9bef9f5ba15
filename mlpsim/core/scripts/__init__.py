"""Scripts: an experiment as a program of its own that replays its trajectory without mlpsim."""

from mlpsim.core.scripts.numpy_script import numpy_script
from mlpsim.core.scripts.torch_script import torch_script

__all__ = ["numpy_script", "torch_script"]
