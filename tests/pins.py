"""Pin every version from `pyproject.toml`, the single source: with hashes for pip, without them for conda.

`requirements.txt` is what `make report` installs, `requirements-dev.txt` adds what `make test` needs, and
`constraints.txt` gives conda users (`environment.yml`), and those who add the extra `batch`, the very same versions.
"""

from __future__ import annotations

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
    dev = ["--extra", "batch", "--extra", "dev", "-o", "requirements-dev.txt", *sys.argv[1:]]
    subprocess.run([*hashes, *dev], check=True, cwd=ROOT)
    subprocess.run([*hashes, "-c", "requirements-dev.txt", "-o", "requirements.txt"], check=True, cwd=ROOT)
    plain = ["--extra", "batch", "-c", "requirements-dev.txt", "-o", "constraints.txt"]
    subprocess.run([uv, *COMMON, *plain], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
