"""The practical limit: the chapters' cells in this one process without any kernel, charts to SVG, and the page.

    python bench/grens.py PARAMS.yaml TIMES

Prints, for each time, the processor seconds that it took; the first holds the imports.
"""

import ast
import sys
import time
from pathlib import Path
from typing import Any

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as the product does, see running/preload.py
START = time.process_time()

import nbformat
import yaml
from IPython.core.formatters import DisplayFormatter

from bedrijfsvoering.exporter import BedrijfsvoeringExporter, merge_chapters

ROOT = Path(__file__).parent.parent
SHOW = DisplayFormatter()


def run(path: Path, parameters: dict[str, Any]) -> Any:
    """Run the cells of a notebook in a namespace of their own, and return it with what they show."""
    nb, names = nbformat.read(path, as_version=4), {}
    for count, cell in enumerate((cell for cell in nb.cells if cell.cell_type == "code"), start=1):
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters
        value = eval(compile(ast.Expression(last.value), path.name, "eval"), names) if last else None
        cell.execution_count = count
        if value is not None:
            shown, about = SHOW.format(value)
            cell.outputs = [nbformat.v4.new_output("execute_result", shown, metadata=about, execution_count=count)]
    return nb


def build(parameters: dict[str, Any]) -> str:
    """Return the page."""
    chapters = {path.stem: run(path, parameters) for path in sorted((ROOT / "notebooks").glob("[0-9]-*.ipynb"))}
    html, _ = BedrijfsvoeringExporter().from_notebook_node(merge_chapters(chapters))
    return str(html)


given = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))
for _ in range(int(sys.argv[2])):
    assert len(build(given)) > 100_000
    print(f"{time.process_time() - START:.3f}")
    START = time.process_time()
