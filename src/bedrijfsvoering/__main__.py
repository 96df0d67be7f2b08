"""`python -m bedrijfsvoering` is the same as the command `bedrijfsvoering`."""

from .cli import run

run()
