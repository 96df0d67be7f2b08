"""A new edition laid out: folder, parameters, tables with rows and without figures, drafts of the stories.

`new_edition` writes it, whole or not at all; `draft` makes its files from an earlier edition, `moved_source` its
`bron.yaml` (in place, through `yamltext`), `entry_table` and `entry_workbook` the tables to be filled in.
"""
