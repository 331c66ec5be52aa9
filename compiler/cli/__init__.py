"""The command line: the only place that prints and picks exit codes.

0 is nothing to report, 1 findings, differences or gaps, 2 a usage, load or I/O error; 130 and the like, a signal.
"""

from __future__ import annotations

import gc
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and end it.

    Rules and manifests are trees: looking for cycles among them takes a third of the time and finds none. So no
    collector runs, nor a last time at the end, over what is frozen.
    """
    gc.disable()
    try:
        from cmpolicy.cli.guard import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    gc.freeze()
    sys.exit(code)
