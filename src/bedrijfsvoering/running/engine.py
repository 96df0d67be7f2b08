"""A papermill engine: the cells of a notebook run in a process that is forked off, not in a kernel that is started."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty
from time import monotonic
from typing import Any

from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from .processes import can_fork, start_process


class ForkEngine(NBClientEngine):  # type: ignore[misc]
    """Runs the cells in a process forked from this one, with its imports done; where that cannot be, in a kernel."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: int | None = None, **kwargs: Any
    ) -> Any:
        """Run the cells; papermill's own way in all but where they run."""
        if not (can_fork() and is_own(kernel_name)):
            return super().execute_managed_notebook(nb_man, kernel_name, execution_timeout=execution_timeout, **kwargs)
        options = remove_args(["input_path", "start_timeout", "config", "extra_arguments"], **kwargs)
        options = merge_kwargs(options, timeout=execution_timeout, kernel_name=kernel_name, log=logger)
        return ForkedClient(nb_man, **options).execute()


def is_own(kernel_name: str) -> bool:
    """Return whether a kernel would run this very Python: the name is the one that each environment gives its own."""
    return kernel_name == "python3"


class ForkedClient(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's own way through a notebook (outputs, errors, time limits), with a forked process as the kernel."""

    @contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Fork the process that runs the cells, and end it afterwards."""
        self.kc = ForkedKernel()
        try:
            yield
        finally:
            self.kc.end()


class ForkedKernel:
    """The side of the notebook: asks through a pipe what a kernel is asked over a socket."""

    def __init__(self) -> None:
        self.pipe, other = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        from .cells import run_cells

        self.process = context.Process(target=run_cells, args=(other, self.pipe), daemon=False)
        start_process(self.process)
        other.close()
        self.shell_channel, self.iopub_channel = _Channel(self), _Channel(self)
        self.asked = 0
        self.ended = False
        self.waiting: list[asyncio.Future[None]] = []

    def execute(self, code: str, store_history: bool = True, **_: Any) -> str:
        """Ask to run a cell; return the id of its answers."""
        return self._ask("execute", code, store_history)

    def kernel_info(self) -> str:
        """Ask what language the cells are in."""
        return self._ask("kernel_info", "", False)

    def _ask(self, kind: str, code: str, store_history: bool) -> str:
        self.asked += 1
        try:
            self.pipe.send((kind, str(self.asked), code, store_history))
        except OSError:
            self.ended = True
        return str(self.asked)

    def receive(self) -> None:
        """Put what has arrived by now in its channel, and wake who waits for it."""
        try:
            while not self.ended and self.pipe.poll():
                channel, msg = self.pipe.recv()
                (self.shell_channel if channel == "shell" else self.iopub_channel).queue.append(msg)
                self._wake()
        except (EOFError, OSError):
            self.ended = True
            self._wake()

    def is_alive(self) -> bool:
        """Return whether the process can still answer."""
        return not self.ended and self.process.is_alive()

    async def arrival(self, seconds: float | None) -> None:
        """Wait until something may have arrived, or so long."""
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()
        self.waiting.append(waiter)
        loop.add_reader(self.pipe.fileno(), self._wake)
        with suppress(TimeoutError):
            await asyncio.wait_for(waiter, seconds)

    def _wake(self) -> None:
        for waiter in self.waiting:
            waiter.get_loop().remove_reader(self.pipe.fileno())
            if not waiter.done():
                waiter.set_result(None)
        self.waiting.clear()

    def end(self) -> None:
        """End the process, whatever it is at."""
        self.pipe.close()
        self.process.kill()
        self.process.join()


class _Channel:
    """Messages of one kind, in the order they came."""

    def __init__(self, kernel: ForkedKernel) -> None:
        self.kernel = kernel
        self.queue: deque[dict[str, Any]] = deque()

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message, or raise as a kernel's own channel does."""
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            self.kernel.receive()
            if self.queue:
                return self.queue.popleft()
            if self.kernel.ended:
                raise DeadKernelError("Kernel died")
            left = None if deadline is None else deadline - monotonic()
            if left is not None and left <= 0:
                raise Empty
            await self.kernel.arrival(left)
