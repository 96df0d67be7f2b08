"""Imported by a small process that forks for one that cannot: it has every import done, and a single thread."""

from .preload import preload

preload()
