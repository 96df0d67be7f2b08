"""The chapters run: real papermill, each notebook in a process and a namespace of its own, side by side.

- `chapters`: which notebooks are chapters, one of them run and proven to have run to its end.
- `side_by_side`: all of them at once, each in a process that was forked from one with its imports done.
- `engine`: the papermill engine for that, `bedrijfsvoering` (`papermill --engine bedrijfsvoering` works by hand).
- `cells`: the forked process in which the cells run, in IPython's own kernel without its sockets.
- `processes`: how a process is made, whether it can be forked, and that none outlives its build.
- `preload`: what is imported before the fork, such that no output of a cell can tell; importing
  `warm` does it.
- `drawer`: the process that draws the charts while the next chapter runs.
- `dependence`: what of an edition a chapter can see, so that after a change only those that can tell are run again.
- `scratch`: folders that are needed a moment.
"""
