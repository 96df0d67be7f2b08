"""What a build leaves behind, whole or not at all.

- `staging` builds beside the target and swaps in one step; `locks` lets one build of an edition work at a time;
  `leftovers` clears what dead builds left; `disk` says in one sentence what a disk refuses.
- `open_data` writes the figures as CSV, workbook and data package; `manifest` binds everything by checksums;
  `edition_list` renders the list of all editions, `index_file` writes it.
- `verification` proves a published folder against its manifest, `rebuild` by building it again; `proof` tells the
  outcome; `unchanged` sees that there is nothing to build.

Only `open_data` and `rebuild` need frames; the others are light, so that what has nothing to do is over at once.
"""
