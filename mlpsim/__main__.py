"""``python -m mlpsim``: the same as the command ``mlpsim``."""

import sys

from mlpsim.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
