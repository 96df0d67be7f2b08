"""Pin every version from `pyproject.toml`, the single source: with hashes for pip, without them for conda.

`requirements.txt` is what `make report` installs, `requirements-dev.txt` adds what `make test` needs, and
`constraints.txt` gives conda users (`environment.yml`) the very same versions.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMON = ["pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", 
          "--no-header", "--no-annotate", "--quiet", "--extra", "build"]  # fmt: skip


def main() -> None:
    """Write the three files; extra arguments go to uv (such as `--upgrade`)."""
    uv = str(shutil.which("uv", path=Path(sys.executable).parent))
    hashes = [uv, *COMMON, "--generate-hashes"]
    dev = ["--extra", "dev", "-o", "requirements-dev.txt", *sys.argv[1:]]
    subprocess.run([*hashes, *dev], check=True, cwd=ROOT)
    subprocess.run([*hashes, "-c", "requirements-dev.txt", "-o", "requirements.txt"], check=True, cwd=ROOT)
    (ROOT / "constraints.txt").write_text(without_hashes((ROOT / "requirements.txt").read_text()), encoding="utf-8")


def without_hashes(requirements: str) -> str:
    """Return the same pins, a line each, without their hashes."""
    pins = re.findall(r"^([A-Za-z0-9][^\\\n]*?) *\\?$", requirements, re.MULTILINE)
    return "\n".join(pins) + "\n"


if __name__ == "__main__":
    main()
