"""Many editions in one go, on Dask distributed: one bad edition, build or worker stops nobody.

- `selection` says which editions.
- `work` is what one task does and what it returns.
- `process` runs it in a process of its own, that is ended when it takes too long, takes too much, or when nobody waits
  for it any more.
- `leaving` ends the builds of a worker that must go, before another begins them.
- `cluster` has the workers, here or elsewhere.
- `progress` tells how far it is, `summary` what came of it; `command` is `bedrijfsvoering batch`.
"""
