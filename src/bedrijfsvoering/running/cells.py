"""The process in which the cells of one chapter run: IPython's own kernel without its sockets, behind one pipe."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any

from ipykernel.inprocess.channels import InProcessChannel
from ipykernel.inprocess.client import InProcessKernelClient
from ipykernel.inprocess.ipkernel import InProcessKernel
from ipykernel.iostream import OutStream
from ipykernel.zmqshell import ZMQInteractiveShell
from traitlets import Type
from traitlets.config import Config

from .preload import FORGOTTEN
from .processes import begin_process

SETTINGS = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "linux"}})
"""No file of what was typed before: nobody types here, and chapters side by side would wait for each other."""


def run_cells(pipe: Connection, other_end: Connection) -> None:
    """Run what is asked through a pipe until it closes; answer with the messages that a kernel would send.

    A request is `(kind, id, code, store_history)`, an answer `(channel, message)` with the id in `parent_header`.
    """
    begin_process()
    other_end.close()
    _forget()
    client = _start_kernel(pipe)
    while True:
        try:
            kind, ident, code, store_history = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)
        client.ident = ident
        if kind == "execute":
            client.execute(code, store_history=store_history, allow_stdin=False)
        else:
            client.kernel_info()


def _forget() -> None:
    """Put back what an import has left behind in the process that this one was forked from."""
    for name in FORGOTTEN:
        sys.modules.pop(name, None)
    if "altair" in sys.modules:
        import altair

        altair.theme.enable("default")
        altair.renderers.enable("default")
    if "" not in sys.path:
        sys.path.insert(0, "")
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")


def _start_kernel(pipe: Connection) -> _Client:
    """Return a client of a new kernel in this process, which sends on what the kernel says."""
    absent = sys.modules.setdefault("debugpy", None) is None  # type: ignore[arg-type]  # it slows every cell down
    kernel = _Kernel(config=SETTINGS)
    if absent:
        del sys.modules["debugpy"]
    kernel.stdout = OutStream(kernel.session, kernel.iopub_thread, "stdout")
    kernel.stderr = OutStream(kernel.session, kernel.iopub_thread, "stderr")
    client = _Client(kernel=kernel, session=kernel.session)
    client.pass_on(pipe)
    client.start_channels()
    return client


class _Kernel(InProcessKernel):
    """A kernel with the shell that one behind sockets has: libraries look at its name."""

    shell_class = Type(ZMQInteractiveShell)

    async def do_execute(self, *args: Any, **kwargs: Any) -> Any:
        """Run a cell; one that awaits asks for the thread of the socket."""
        self.shell_channel_thread = SimpleNamespace(parent_thread=None)
        try:
            return await super().do_execute(*args, **kwargs)
        finally:
            self.shell_channel_thread = None


class _Channel(InProcessChannel):
    """One channel of the kernel, whose messages go through the pipe."""

    send: Callable[[Any], None]

    def call_handlers(self, msg: Any) -> None:
        """Send a message of the kernel on."""
        self.send(msg)


class _Client(InProcessKernelClient):
    """A client whose messages, of whichever thread, go through one pipe."""

    shell_channel_class = _Channel
    iopub_channel_class = _Channel
    ident = ""

    def pass_on(self, pipe: Connection) -> None:
        """Send each message through the pipe, as an answer to what was asked last."""
        lock = threading.Lock()

        def to(channel: str) -> Callable[[Any], None]:
            def send(msg: Any) -> None:
                told = {"header": msg["header"], "msg_type": msg["msg_type"], "content": msg["content"],
                        "parent_header": {"msg_id": self.ident}}  # fmt: skip
                with lock:
                    pipe.send((channel, told))

            return send

        self.shell_channel.send = to("shell")
        self.iopub_channel.send = to("iopub")
