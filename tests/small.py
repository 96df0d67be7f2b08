"""A project with one very short chapter, so that a build is quick, and builds of it in processes of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'gemeente = "diemen"\njaar = 2023\nvergelijk_met = []\ngrens_bedrag = 1\ngrens_pct = 1.0\ntaal = "nl"'


class Small:
    """Diemen 2023 with one short chapter; `build` starts a real process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("data", "params"):
            shutil.copytree(ROOT / name, root / name)
        cells = [
            new_markdown_cell("# Kort\n\nEen hoofdstuk dat snel klaar is.", id="titel"),
            new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
            new_code_cell('print(f"De grens is {grens_bedrag}.")', id="grens"),
        ]
        notebook = new_notebook(
            cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        )
        (root / "notebooks").mkdir()
        nbformat.write(notebook, root / "notebooks" / "1-kort.ipynb")

    @property
    def output(self) -> Path:
        return self.root / "output" / "diemen" / "2023"

    @property
    def data(self) -> Path:
        return self.root / "data" / "diemen" / "2023"

    def start(self, *args: str, command: str = "build", env: dict[str, str] | None = None, **more: Any) -> Any:
        """Start a command on the edition as a process of its own."""
        call = [
            sys.executable,
            "-m",
            "bedrijfsvoering",
            command,
            *(args or ()),
            *([] if command == "verify" else ["diemen", "2023"]),
        ]
        return subprocess.Popen(
            call, cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(env or {})}, **more,
        )  # fmt: skip

    def build(self, *args: str, **more: Any) -> tuple[int, str, str]:
        """Build, and return the exit code and what was said on both streams."""
        with self.start(*args, **more) as process:
            out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def litter(self) -> list[str]:
        """Return every name under `output/` that no finished build leaves."""
        known = {self.root / "output" / "index.html", self.output.parent, self.output}
        beside = [path for folder in (self.root / "output", self.output.parent) for path in folder.glob("*")]
        return sorted(path.name for path in beside if path not in known)
