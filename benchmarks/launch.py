"""Run a command and write what it cost: `launch.py FILE COMMAND ...`, in a Python that has loaded next to nothing.

A process starts with the memory of the one that starts it, as far as the system's accounting goes; so that must be small.
"""

import os
import sys

pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as file:
    file.write(f"{usage.ru_utime} {usage.ru_stime} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}")
