"""The chapters run from top to bottom in the kernel of a real JupyterLab server."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import CHAPTERS, ROOT
from jupyter_client.blocking import BlockingKernelClient

from bedrijfsvoering.theme import VEGALITE_MIME

TOKEN = "toets"
STARTED_IN = 60


class Lab:
    """A JupyterLab server on loopback, spoken to as its own front end does."""

    def __init__(self, url: str, runtime: Path) -> None:
        self.url, self.runtime = url, runtime

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        head = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", data=data, method=method, headers=head)
        with urllib.request.urlopen(request, timeout=STARTED_IN) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    runtime = tmp_path_factory.mktemp("runtime")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0", "--allow-root",
               f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={ROOT}",
               "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
               "--ServerApp.shutdown_no_activity_timeout=300"]  # fmt: skip
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(runtime / "config")}
    with (runtime / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + STARTED_IN
            while not (found := list(runtime.glob("jpserver-*.json"))) or not found[0].read_text().strip().endswith(
                "}"
            ):
                assert server.poll() is None, (runtime / "log").read_text()
                assert time.monotonic() < deadline, (runtime / "log").read_text()
                time.sleep(0.2)
            yield Lab(json.loads(found[0].read_text())["url"].rstrip("/"), runtime)
        finally:
            server.terminate()
            server.wait(timeout=30)


def run_all(lab: Lab, name: str) -> list[dict[str, Any]]:
    """Run every cell of a chapter in a kernel that the server started, and return what the cells showed."""
    nb = lab.ask("GET", f"/api/contents/notebooks/{name}.ipynb")["content"]
    session = lab.ask("POST", "/api/sessions", {"path": f"notebooks/{name}.ipynb", "type": "notebook", "name": "",
                                                "kernel": {"name": nb["metadata"]["kernelspec"]["name"]}})  # fmt: skip
    client = BlockingKernelClient(connection_file=str(lab.runtime / f"kernel-{session['kernel']['id']}.json"))
    client.load_connection_file()
    client.start_channels()
    shown: list[dict[str, Any]] = []
    try:
        answer(client)
        for cell in nbformat.from_dict(nb).cells:
            if cell.cell_type != "code":
                continue
            reply = client.execute_interactive(
                cell.source, timeout=STARTED_IN, allow_stdin=False,
                output_hook=lambda message: shown.append(message["content"].get("data", message["content"])),
            )  # fmt: skip
            assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        lab.ask("DELETE", f"/api/sessions/{session['id']}")
    return shown


def answer(client: BlockingKernelClient) -> None:
    """Wait until a kernel answers and is heard on both channels; on a busy machine that may take many seconds."""
    end = time.monotonic() + STARTED_IN
    while True:
        client.kernel_info()
        try:
            client.get_shell_msg(timeout=5)
            client.get_iopub_msg(timeout=5)
        except queue.Empty:
            assert time.monotonic() < end, "the kernel does not answer"
        else:
            return


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_from_its_own_folder_in_jupyterlab(name: str, lab: Lab) -> None:
    shown = run_all(lab, name)
    html = " ".join(bundle.get("text/html", "") for bundle in shown)
    assert "niet aangeleverd." not in html
    charts = {"1-overhead": 3, "2-personeel": 2, "3-ict-projecten": 1, "5-vergelijking": 2}
    assert sum(VEGALITE_MIME in bundle for bundle in shown) == charts.get(name, 0)
    assert html


def test_the_environment_offers_its_own_kernel_to_the_notebooks(lab: Lab) -> None:
    specs = lab.ask("GET", "/api/kernelspecs")
    assert specs["kernelspecs"]["python3"]["spec"]["language"] == "python"
