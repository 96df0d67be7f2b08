"""What everybody does: papermill in a kernel per notebook, and nbconvert's own page of each, in this one process.

    python bench/anders.py EDITIONS PROCESSES

Makes that many editions, on a pool of that many processes (1: in this process).
"""

import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARAMS = ROOT / "params" / "diemen" / "2023.yaml"


def build(number: int) -> int:
    """Execute every chapter and write its page; return how many there were."""
    import papermill
    import yaml
    from nbconvert import HTMLExporter

    parameters = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    paths = sorted((ROOT / "notebooks").glob("[0-9]-*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            nb = papermill.execute_notebook(
                path, Path(folder, path.name), parameters=parameters, cwd=path.parent, progress_bar=False
            )
            html, _ = HTMLExporter().from_notebook_node(nb)
            Path(folder, f"{path.stem}.html").write_text(html, encoding="utf-8")
    return len(paths)


if __name__ == "__main__":
    editions, processes = int(sys.argv[1]), int(sys.argv[2])
    if processes == 1:
        made = [build(number) for number in range(editions)]
    else:
        with ProcessPoolExecutor(processes) as pool:
            made = list(pool.map(build, range(editions)))
    assert all(made)
