"""What the git hook does before a commit: notebooks that go in are stripped, and refused where they break the rules.

It looks at what is staged, not at the working copy. A notebook that is staged as it stands is stripped in both; of one
that is staged in part only the staged part is, so that nothing that was left out of the commit changes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notebook_rules import problems

FOLDER = ":(glob)notebooks/**/*.ipynb"
ORDINARY_FILES = {"100644", "100755"}
STRIP = ("--keep-id", "--unix-newlines", "--extra-keys", " ".join(f"metadata.language_info.{key}" for key in (
    "codemirror_mode", "file_extension", "mimetype", "nbconvert_exporter", "pygments_lexer", "version")))  # fmt: skip
"""How notebooks are stripped, by the hook and by `make strip`. What JupyterLab notes of its Python goes too: a notebook
that was only run is then the same file again, whoever ran it."""
ONLY_SOME = re.compile(r"next-index-\d+\.lock$")
"""The index of `git commit -- FILE`: a copy, so that what a hook changes in it would be lost from the real one."""
NOT_STRIPPED = (
    "De uitvoer is niet weg te halen; hierboven staat waarom. Zet de laatste goede versie van het notebook terug."
)
HEAD = "De commit is tegengehouden; er is niets gewijzigd."
TRY_STRIP = (
    "Bij `git commit -- BESTAND` kan een notebook niet vooraf worden opgeschoond. Voer `make strip` uit en probeer het "
    "opnieuw, of gebruik `git add` en `git commit`."
)


@dataclass
class Staged:
    """A notebook as it is staged, and how it goes into the commit."""

    path: str
    mode: str
    raw: bytes
    stripped: bytes = b""


def git(*args: str, given: bytes | None = None) -> bytes:
    """Return what git prints."""
    return subprocess.run(["git", *args], input=given, stdout=subprocess.PIPE, check=True).stdout


def staged_notebooks() -> list[Staged]:
    """Return the notebooks that the commit adds or changes, with their staged content."""
    listed = git("diff", "--cached", "--name-only", "--no-renames", "--diff-filter=ACM", "-z", "--", FOLDER)
    found = []
    for path in filter(None, os.fsdecode(listed).split("\0")):
        mode, name = os.fsdecode(git("ls-files", "--stage", "-z", "--", f":(literal){path}")).split()[:2]
        if mode in ORDINARY_FILES:
            found.append(Staged(path, mode, git("cat-file", "blob", name)))
    return found


def strip(notebooks: Sequence[Staged]) -> bool:
    """Fill in each notebook without outputs; ids, tags and kernelspec stay. Tell whether it could be done."""
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder, f"{place}.ipynb") for place in range(len(notebooks))]
        for copy, notebook in zip(copies, notebooks, strict=True):
            copy.write_bytes(notebook.raw)
        if strip_files([str(copy) for copy in copies]):
            return False
        for copy, notebook in zip(copies, notebooks, strict=True):
            notebook.stripped = copy.read_bytes()
    return True


def stage(notebook: Staged) -> None:
    """Put the stripped notebook in the commit, and in the working copy where that is what was staged."""
    is_whole = (
        subprocess.run(["git", "diff", "--quiet", "--", f":(literal){notebook.path}"], check=False).returncode == 0
    )
    name = git("hash-object", "-w", "--stdin", given=notebook.stripped).decode().strip()
    git("update-index", "--cacheinfo", f"{notebook.mode},{name},{notebook.path}")
    if is_whole:
        git("checkout-index", "--force", "-u", "--", notebook.path)
        print(f"{notebook.path}: de uitvoer is weggehaald.", file=sys.stderr)
    else:
        print(f"{notebook.path}: de uitvoer is uit de commit gelaten; uw bestand is niet gewijzigd.", file=sys.stderr)


def main() -> int:
    """Judge and strip what is staged; return 1, with nothing changed, where the commit must not go on."""
    notebooks = staged_notebooks()
    told = [str(problem) for one in notebooks for problem in problems(one.raw, one.path, with_outputs=False)]
    if notebooks and not told and not strip(notebooks):
        told = [NOT_STRIPPED]
    full = [notebook for notebook in notebooks if notebook.stripped != notebook.raw]
    if full and not told and ONLY_SOME.search(os.environ.get("GIT_INDEX_FILE", "")):
        told = [TRY_STRIP]
    if told:
        print(HEAD, *told, sep="\n", file=sys.stderr)
        return 1
    for notebook in full:
        stage(notebook)
    return 0


def strip_files(paths: Sequence[str]) -> int:
    """Strip notebooks where they stand (`make strip`)."""
    return subprocess.run([sys.executable, "-m", "nbstripout", *STRIP, *paths], check=False).returncode


if __name__ == "__main__":
    sys.exit(strip_files(sys.argv[1:]) if sys.argv[1:] else main())
