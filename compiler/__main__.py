"""`python -m cmpolicy`."""

from cmpolicy.cli import main

main()
