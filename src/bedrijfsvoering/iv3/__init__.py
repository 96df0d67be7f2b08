"""Iv3: what municipalities deliver to the CBS, and the comparison that chapter 5 makes of it.

`deliveries` are the figures and their measures; `tables` reads those of an edition, `files` a folder with those of all
municipalities, `fetch` asks the CBS for them; `years`, `peers`, `indicators` and `reconciliation` show and prove them,
`story` gives them to sentences.
"""
