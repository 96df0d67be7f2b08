"""`bedrijfsvoering lab`: for this machine alone, with its own kernel, and over when the command is."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from conftest import ROOT
from jupyter_client.blocking import BlockingKernelClient
from labs import STARTED_IN, Lab, asked, make_project, running
from test_chapters import notebook

from bedrijfsvoering.cli import run_command
from bedrijfsvoering.lab import HOST, LOCALE, MORE_DUTCH, config_of, lay_out

LOOPBACK = {HOST, "::1", "localhost"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("thuis")


@pytest.fixture(scope="module")
def lab(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running(make_project(tmp_path_factory.mktemp("project")), home) as lab:
        yield lab


def ask_kernel(lab: Lab, home: Path, source: str) -> str:
    """Run a line in a new kernel `python3` of the server, and return what it printed."""
    kernel = lab.ask("/api/kernels", "POST", {"name": "python3"})
    runtime = next(home.rglob(f"kernel-{kernel['id']}.json"))
    client = BlockingKernelClient(connection_file=str(runtime))
    client.load_connection_file()
    client.start_channels()
    printed: list[str] = []
    try:
        wait_for(client)
        client.execute_interactive(
            source, timeout=STARTED_IN, allow_stdin=False,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
        )  # fmt: skip
    finally:
        client.stop_channels()
        lab.ask(f"/api/kernels/{kernel['id']}", "DELETE")
    return "".join(printed)


def wait_for(client: BlockingKernelClient) -> None:
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


def test_the_only_kernel_is_this_environments_own_python(lab: Lab, home: Path) -> None:
    specs = lab.ask("/api/kernelspecs")
    assert list(specs["kernelspecs"]) == ["python3"]
    assert specs["kernelspecs"]["python3"]["spec"]["argv"][0] == sys.executable
    told = ask_kernel(lab, home, "import sys, bedrijfsvoering; print(sys.executable, bedrijfsvoering.__file__)")
    assert told.split() == [sys.executable, str(ROOT / "src" / "bedrijfsvoering" / "__init__.py")]


def test_a_terminal_and_a_cell_find_the_command(lab: Lab, home: Path) -> None:
    found = ask_kernel(lab, home, 'import shutil; print(shutil.which("bedrijfsvoering"))').strip()
    assert Path(found).parent == Path(sys.executable).parent


def test_nobody_else_can_listen_in_or_come_in(lab: Lab, home: Path) -> None:
    ask_kernel(lab, home, "1 + 1")
    process = psutil.Process(lab.process.pid)
    heard = [one for member in (process, *process.children(recursive=True))
             for one in member.net_connections("inet") if one.status == psutil.CONN_LISTEN]  # fmt: skip
    assert heard
    assert {one.laddr.ip for one in heard} <= LOOPBACK
    assert asked(home) <= LOOPBACK
    for wrong in ("", "anders"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            lab.ask("/api/contents", token=wrong)
    assert len(lab.token) >= 32


def test_no_news_and_no_update_is_asked_for(lab: Lab, home: Path) -> None:
    assert lab.ask("/lab/api/news")["news"] == []
    assert lab.ask("/lab/api/update")["notification"] is None
    plugins = {one["id"]: one for one in lab.ask("/lab/api/settings")["settings"]}
    for name, key, ours in (("translation-extension:plugin", "locale", LOCALE),
                            ("apputils-extension:notification", "fetchNews", "false"),
                            ("apputils-extension:notification", "checkForUpdates", False),
                            ("extensionmanager-extension:plugin", "enabled", False)):  # fmt: skip
        plugin = plugins[f"@jupyterlab/{name}"]
        assert plugin["schema"]["properties"][key]["default"] == ours
        assert plugin["settings"] == {}  # a person may choose otherwise
    assert asked(home) <= LOOPBACK


def test_more_of_jupyterlab_is_dutch_than_its_language_pack_has(lab: Lab) -> None:
    answer = lab.ask(f"/lab/api/translations/{LOCALE}")
    assert answer["message"] == ""
    words = answer["data"]["jupyterlab"]
    assert words["menu\x04File"] == ["Bestand"]  # of the pack
    assert words["Restart"] == ["Herstarten"]  # of ours
    for key, own in json.loads(MORE_DUTCH.read_text(encoding="utf-8")).items():
        assert words[key] == own
        assert own[0].strip()
        for place in ("%1", "%2", "%3"):
            assert (place in key) <= (place in own[-1]), key


def test_without_the_language_pack_all_of_it_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    from bedrijfsvoering import lab

    said: list[str] = []
    monkeypatch.setattr(lab, "get_language_pack", lambda locale: ({}, ""))
    monkeypatch.setattr(lab.DutchHandler, "current_user", "iemand", raising=False)
    handler = lab.DutchHandler.__new__(lab.DutchHandler)
    monkeypatch.setattr(handler, "finish", said.append, raising=False)
    handler.get.__wrapped__(handler)
    assert json.loads(said[0]) == {"data": {}, "message": f"Language pack '{LOCALE}' not installed!"}


def test_it_opens_the_start_page_in_the_projects_folder(lab: Lab) -> None:
    assert lab.address == f"{lab.base}/lab/tree/notebooks/begin.ipynb"
    names = {one["name"] for one in lab.ask("/api/contents")["content"]}
    assert names == {"data", "notebooks", "params"}
    said = lab.said.read_text(encoding="utf-8").splitlines()
    assert said[:2] == ["JupyterLab staat open. Alleen deze computer kan erbij. Stop het met Ctrl-C.",
                    f"{lab.address}?token={lab.token}"]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_server_and_its_kernels_end_with_the_command_also_while_it_is_asked_things(
    number: int, tmp_path: Path
) -> None:
    root, home = tmp_path / "project", tmp_path / "thuis"
    home.mkdir()
    with running(make_project(root), home) as lab:
        ask = {"path": "notebooks/x.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        lab.ask("/api/sessions", "POST", ask)
        family = psutil.Process(lab.process.pid).children(recursive=True)
        assert family
        place = (HOST, int(lab.base.rpartition(":")[2]))
        question = f"GET /api/contents/notebooks HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: token {lab.token}\r\n\r\n"
        asking = [socket.create_connection(place) for _ in range(20)]
        for one in asking:
            one.sendall(question.encode())
        assert lab.stop(number) == (0 if number != signal.SIGKILL else -number)
        _, alive = psutil.wait_procs(family, timeout=STARTED_IN)
        assert alive == []
        for one in asking:
            one.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place, timeout=5)
        if number != signal.SIGKILL:
            assert lab.said.read_text(encoding="utf-8").endswith("\nJupyterLab is gestopt.\n")
            assert list(home.rglob("jpserver-*")) == []


def test_a_port_that_is_taken_is_told_and_nothing_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        assert run_command(["lab", "--no-browser", f"--port={port}"]) == 2
    assert capsys.readouterr().err == f"Poort {port} is niet vrij. Kies een andere met --port, of laat --port weg.\n"
    assert run_command(["lab", "--port=70000"]) == 2
    assert "--port: verwacht een geheel getal van 1 tot en met 65535." in capsys.readouterr().err


def test_without_a_port_the_next_free_one_is_taken_and_a_given_one_never_changes() -> None:
    assert config_of(ROOT, None, True).ServerApp.port_retries > 0
    given = config_of(ROOT, 9000, True).ServerApp
    assert (given.port, given.port_retries, given.open_browser) == (9000, 0, True)
    assert config_of(ROOT, None, False).ServerApp.open_browser is False
    tokens = {config_of(ROOT, None, True).IdentityProvider.token for _ in range(3)}
    assert len(tokens) == 3


def test_in_an_empty_folder_the_chapters_are_copied_and_nothing_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "notebooks"
    assert lay_out(folder) == [f"De hoofdstukken zijn gekopieerd naar {folder}. U kunt ze daar veranderen."]
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {path.name for path in folder.iterdir()} == names >= {"begin.ipynb", "1-overhead.ipynb"}
    (folder / "1-overhead.ipynb").write_text("van mij", encoding="utf-8")
    (folder / "2-personeel.ipynb").unlink()
    assert lay_out(folder) == []
    assert (folder / "1-overhead.ipynb").read_text(encoding="utf-8") == "van mij"
    assert not (folder / "2-personeel.ipynb").exists()


def test_a_project_with_chapters_of_its_own_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "params", "notebooks"):
        (tmp_path / name).mkdir()
    notebook(tmp_path / "notebooks", "1-eigen")
    monkeypatch.chdir(tmp_path)
    assert lay_out(tmp_path / "notebooks") == []
    assert config_of(tmp_path, None, False).ServerApp.default_url == "/lab"  # it has no start page


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_nothing_can_be_saved_in_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o500)
    monkeypatch.chdir(tmp_path)
    done = subprocess.run([sys.executable, "-m", "bedrijfsvoering", "lab", "--no-browser"], capture_output=True,
                          text=True, timeout=STARTED_IN, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "Werk in een eigen kopie." in done.stderr
