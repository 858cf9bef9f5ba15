"""How many processors there are for this process."""

import os


def processors() -> int:
    """Those that the process may run on, which a container can restrict."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
