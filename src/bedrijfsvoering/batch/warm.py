"""Imported once by the small parent of a worker: all that a build and its chapters need, so that none imports it.

This process forks and does nothing else. It has a single thread, and pandas is imported as in a kernel: a chapter is
forked from the build, which was forked from here, and no output of a cell can tell.
"""

from importlib import import_module

from ..running.preload import preload

preload()
for name in ("build", "exporter", "publishing.open_data", "running.drawer", "running.side_by_side", "story"):
    import_module(f"bedrijfsvoering.{name}")
