"""A JupyterLab of `bedrijfsvoering lab` in a project of its own, with around it what could lead it astray."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import ROOT

STARTED_IN, STOPPED_IN = 60, 30
WATCH = """
import os, sys
def heard(event, args):
    if event in ("socket.connect", "socket.bind") and isinstance(args[1], tuple):
        with open(os.environ["TOETS_ADRESSEN"], "a") as log:
            print(event, args[1][0], file=log)
sys.addaudithook(heard)
"""
"""Writes down each address that a Python process listens at or asks; it comes in as `sitecustomize`, in kernels too."""


class Lab:
    """The server that the command started, spoken to as its front end does."""

    def __init__(self, process: subprocess.Popen[bytes], said: Path, address: str) -> None:
        self.process, self.said = process, said
        self.address, _, self.token = address.partition("?token=")
        self.base = self.address[: self.address.index("/lab")]

    def ask(self, path: str, method: str = "GET", body: Any = None, token: str | None = None) -> Any:
        """Return what the server answers, as JSON."""
        data = json.dumps(body).encode() if body is not None else None
        head = {"Authorization": f"token {self.token if token is None else token}"}
        request = urllib.request.Request(f"{self.base}{path}", data=data, method=method, headers=head)
        with urllib.request.urlopen(request, timeout=STARTED_IN) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def kernels(self) -> list[Any]:
        """Return the kernels that notebooks have."""
        return [session["kernel"] for session in self.ask("/api/sessions")]

    def end_kernels(self) -> None:
        """End every kernel that runs, so that the next test has the machine."""
        for session in self.ask("/api/sessions"):
            self.ask(f"/api/sessions/{session['id']}", "DELETE")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop the command with a signal and return how it ended."""
        self.process.send_signal(number)
        return self.process.wait(STOPPED_IN)


def make_project(root: Path) -> Path:
    """Copy figures, parameters and notebooks to a folder, and return it."""
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return root


def led_astray(home: Path) -> dict[str, str]:
    """Return an environment in which a person's own Jupyter is open to all, and has another kernel of the same name."""
    for folder in (home / ".local/share/jupyter", home / "path"):
        (folder / "kernels" / "python3").mkdir(parents=True)
        spec = {"argv": ["/bin/false", "{connection_file}"], "display_name": "Verkeerd", "language": "python"}
        (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    (home / ".jupyter").mkdir()
    (home / ".jupyter" / "jupyter_server_config.py").write_text(
        'c.IdentityProvider.token = ""\nc.ServerApp.ip = "0.0.0.0"\nc.ServerApp.allow_remote_access = True\n'
    )
    (home / "watch").mkdir()
    (home / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {
        **os.environ, "HOME": str(home), "JUPYTER_PATH": str(home / "path"), "JUPYTER_PREFER_ENV_PATH": "0",
        "JUPYTER_TOKEN": "", "JUPYTER_GATEWAY_URL": "http://127.0.0.1:9", "PYTHONPATH": str(home / "watch"),
        "TOETS_ADRESSEN": str(home / "adressen"), "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


@contextmanager
def running(root: Path, home: Path, *program: str) -> Iterator[Lab]:
    """Run `bedrijfsvoering lab` in a folder, of this environment or of another; it is ended whatever happens."""
    said = home / "gezegd"
    with said.open("wb") as log:
        command = [*(program or (sys.executable, "-m", "bedrijfsvoering")), "lab", "--no-browser"]
        process = subprocess.Popen(command, cwd=root, env=led_astray(home), stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + STARTED_IN
        while not (lines := [line for line in said.read_text().splitlines(True) if line.startswith("http")]):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        yield Lab(process, said, lines[0].strip())
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(STOPPED_IN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def asked(home: Path) -> set[str]:
    """Return every address that the command and its kernels listened at or asked."""
    lines = (home / "adressen").read_text(encoding="utf-8").splitlines()
    return {line.split()[-1] for line in lines}
