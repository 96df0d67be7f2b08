"""Two editions beside each other, or two builds of one: rows matched by key, and everything that changed.

`row_keys` and `row_matches` say which row was which; `snapshots` and `published` give an edition in one form, from its
figures or from its published folder; `differences` and `sentence_changes` find what changed, `as_text`, `as_json` and
`as_html` tell it, `command` chooses; `revisions` finds figures of a prior year that are printed otherwise now.
"""
