"""JupyterLab at home in the project: for this machine alone, in Dutch, with this environment's own Python as kernel."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import sysconfig
from pathlib import Path
from typing import Any

import click
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.base.handlers import APIHandler
from jupyter_server.serverapp import ServerApp
from jupyterlab.handlers.announcements import NeverCheckForUpdate
from jupyterlab_server.translation_utils import get_language_pack, translator
from jupyterlab_server.workspaces_handler import WorkspacesManager
from tornado.web import authenticated
from traitlets import default
from traitlets.config import Config

from .errors import BedrijfsvoeringError, NoProject
from .inputs import NOTEBOOKS, find_project, notebooks_folder

HOST = "127.0.0.1"
"""Loopback by number: the name `localhost` is whatever a machine says that it is."""
PORT, OTHERS = 8888, 50
"""Jupyter's own port, and how many after it are tried where it is taken."""
LEFT_SECONDS = 5
"""So long may an answer that is cut off take to end."""
START_PAGE = "begin.ipynb"
EXTENSIONS = ("jupyterlab", "jupyter_lsp", "jupyter_server_terminals")
"""What JupyterLab asks of a server; others that the environment has are found."""
WORKSPACES = Path(".jupyter", "werkomgeving")
"""Where JupyterLab keeps which tabs are open, in the project's folder."""
SETTINGS = Path(__file__).parent / "labsettings"
"""What a person has not chosen otherwise: JupyterLab reads `overrides.json` here."""
LOCALE = "nl_NL"
WORKSPACE = SETTINGS / "werkomgeving.json"
"""How the screen looks at first: the left bar is closed, for at 1280 pixels a chart needs its room."""
MORE_DUTCH = SETTINGS / "nederlands.json"
"""What the language pack leaves in English of what an analyst meets: menus, dialogs, the names of buttons."""


class OwnKernel(KernelSpecManager):
    """Offers one kernel, this environment's own Python, whatever others a machine knows by the same name."""

    @default("kernel_dirs")
    def _no_folders(self) -> list[str]:
        return []  # ipykernel gives `python3` itself then, by the path of the Python that runs this


class DutchHandler(APIHandler):
    """Gives JupyterLab the language pack with more Dutch; without the pack nothing, so that all of it is English."""

    @authenticated
    def get(self) -> None:
        """Answer as JupyterLab's own handler does."""
        data, message = get_language_pack(LOCALE)
        if "jupyterlab" in data:
            translator.set_locale(LOCALE)
            data["jupyterlab"] |= json.loads(MORE_DUTCH.read_text(encoding="utf-8"))
        elif not message:
            message = f"Language pack '{LOCALE}' not installed!"
        self.finish(json.dumps({"data": data, "message": message}))


class Server(ServerApp):
    """A Jupyter server that listens to this machine alone and takes its rules from here, not from files around it."""

    @property
    def config_file_paths(self) -> list[str]:
        """Return where extensions of the environment are found; a person's own server may be open to all, this not."""
        return [str(Path(sys.prefix, "etc", "jupyter"))]

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        """Load no file: one that takes the token away would take it away here too."""

    def init_webapp(self) -> None:
        """Answer for the Dutch of JupyterLab before JupyterLab does."""
        super().init_webapp()
        self.web_app.add_handlers(".*$", [(f"{self.base_url}lab/api/translations/{LOCALE}", DutchHandler)])

    def init_signal(self) -> None:
        """Stop at the first Ctrl-C, and when the terminal closes, without a question."""
        super().init_signal()
        for name in ("SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._signal_stop)

    def _signal_stop(self, sig: Any, frame: Any) -> None:
        """Stop when the loop comes by, for what a signal interrupts may be half done; a second Ctrl-C does not wait."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.io_loop.add_callback_from_signal(self.stop)

    def start_app(self) -> None:
        """Start, and once it listens say in Dutch where."""
        super().start_app()
        self.io_loop.add_callback(self._tell)

    def _tell(self) -> None:
        click.echo("JupyterLab staat open. Alleen deze computer kan erbij. Stop het met Ctrl-C.", err=True)
        click.echo(f"http://{HOST}:{self.port}{self.default_url}?token={self.identity_provider.token}")

    def start_ioloop(self) -> None:
        """Serve until stopped, and then end what was being answered: its thread would keep the process alive."""
        super().start_ioloop()
        logging.disable()  # who was still asking has gone with it
        loop = self.io_loop.asyncio_loop  # type: ignore[attr-defined]  # tornado has had no other loop for years
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=LEFT_SECONDS))


def open_lab(port: int | None = None, browser: bool = True) -> None:
    """Open JupyterLab on the project's start page, and return when it has been stopped.

    Parameters
    ----------
    port
        The port to listen on; without it the first that is free, from Jupyter's own.
    browser
        Whether to open a browser; the address is printed anyway.

    Raises
    ------
    BedrijfsvoeringError
        The port is not free, or nothing can be saved in the project's folder.
    """
    root = find_root()
    if port is not None and not is_free(port):
        raise BedrijfsvoeringError(f"Poort {port} is niet vrij. Kies een andere met --port, of laat --port weg.")
    try:
        for line in lay_out(root / NOTEBOOKS):
            click.echo(line, err=True)
        furnish(root / WORKSPACES)
    except OSError:
        raise BedrijfsvoeringError(f"In de map {root} kan niets worden bewaard. Werk in een eigen kopie.") from None
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    Server.launch_instance([], config=config_of(root, port, browser))
    click.echo("JupyterLab is gestopt.", err=True)


def find_root() -> Path:
    """Return the folder that JupyterLab opens: the project's, or the one that is worked in where there is none yet."""
    try:
        return find_project()
    except NoProject:
        return Path.cwd()


def lay_out(folder: Path) -> list[str]:
    """Copy the chapters to a folder that has no notebook yet, over nothing that is there, and return what to say."""
    given = notebooks_folder()
    if any(folder.glob("*.ipynb")) or folder.resolve() == given.resolve():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(given.glob("*.ipynb")):
        shutil.copyfile(path, folder / path.name)
    return [f"De hoofdstukken zijn gekopieerd naar {folder}. U kunt ze daar veranderen."]


def furnish(folder: Path) -> None:
    """Give the project a screen of its own, as a person then leaves it: tabs of other projects are not in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.jupyterlab-workspace")):
        WorkspacesManager(str(folder)).save("default", WORKSPACE.read_text(encoding="utf-8"))


def is_free(port: int) -> bool:
    """Return whether this machine can be listened to on a port."""
    with socket.socket() as one:
        if sys.platform != "win32":  # a port that was closed a moment ago is free; on Windows this would take any
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return False
    return True


def config_of(root: Path, port: int | None, browser: bool) -> Config:
    """Return how the server runs: where it listens, what it shows, and that it asks nothing of the network."""
    page = f"/tree/{NOTEBOOKS}/{START_PAGE}" if (root / NOTEBOOKS / START_PAGE).is_file() else ""
    server = {
        "ip": HOST, "port": port or PORT, "port_retries": OTHERS if port is None else 0, "open_browser": browser,
        "root_dir": str(root), "default_url": f"/lab{page}", "jpserver_extensions": dict.fromkeys(EXTENSIONS, True),
        "kernel_spec_manager_class": OwnKernel, "log_level": "CRITICAL",
        "allow_root": True,  # in a container there is no other user, and nobody outside it is let in
    }  # fmt: skip
    lab = {
        "app_settings_dir": str(SETTINGS), "workspaces_dir": str(root / WORKSPACES), "log_level": "CRITICAL",
        "news_url": None, "check_for_updates_class": NeverCheckForUpdate, "extension_manager": "readonly",
    }  # fmt: skip
    return Config({
        "ServerApp": server, "LabApp": lab, "IdentityProvider": {"token": secrets.token_hex(24)},
        "GatewayClient": {"url": None},  # no kernels of another machine, whatever the environment says
        "KernelManager": {"transport_encryption": "auto" if zmq.has("curve") else "disabled"},
    })  # fmt: skip
