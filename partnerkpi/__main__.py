"""`python -m partnerkpi` is the command line."""

from partnerkpi.cli import main

main()
