"""The code for Windows and macOS too: what only one system has is asked for first, and text has a known encoding."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

SOURCES = sorted((ROOT / "src" / "bedrijfsvoering").rglob("*.py"))
ASKED = re.compile(
    r"hasattr\(|os\.name\b|sys\.platform\b|find_spec\(|get_all_start_methods\("
    r"|except \(?[\w, ]*(?:ImportError|AttributeError)|suppress\([\w, ]*AttributeError|\bif fcntl\b"
)
"""How code asks whether a system has something, or takes it that it has not."""
POSIX = {
    "os": {"fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "kill", "killpg", "setsid", "setpgid",
           "getpgid", "pwrite", "pread", "sched_getaffinity", "register_at_fork", "waitpid", "wait", "nice", "mkfifo",
           "chown", "lchown", "O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "statvfs", "uname", "getloadavg"},
    "signal": {"SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGALRM", "SIGPIPE", "SIGQUIT", "alarm",
               "setitimer", "pthread_sigmask", "pthread_kill", "sigwait", "SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"},
    "socket": {"AF_UNIX", "socketpair"},
    "fcntl": {"flock", "lockf", "LOCK_EX", "LOCK_NB", "LOCK_UN", "LOCK_SH", "fcntl"},
}  # fmt: skip
"""What Windows lacks, or what does something else there (`os.kill` with 0 ends a process)."""
WINDOWS = {"msvcrt", "winreg", "_winapi"}
POSIX_MODULES = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty"}
SYSTEM_CALLS = {"renameat2", "prctl", "CDLL"}
PLACES = re.compile(r"^/(?:tmp|proc|dev|etc|var|usr|home)(?:/|$)")
OPENS = {"open": 1, "fdopen": 1, "NamedTemporaryFile": 0, "TemporaryFile": 0, "SpooledTemporaryFile": 1}
"""What opens a file, and which argument is the mode; those of `tempfile` are binary where nothing is asked."""
BINARY = {"os.open", "reader.archive.open", "archive.open"}
"""Opens that are none of text: of a system's handle, and of a part of a zip file."""


class Room:
    """A module as a tree that knows what stands around each part of it."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.above = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def is_asked(self, node: ast.AST) -> bool:
        """Tell whether the function around a part, or what holds it in the module, asks for the system first."""
        around, last = self.above.get(node), node
        while around is not None and not isinstance(around, ast.FunctionDef | ast.Module):
            last, around = around, self.above.get(around)
        place = around if isinstance(around, ast.FunctionDef) else last
        return bool(ASKED.search(ast.get_source_segment(self.text, place) or ""))


def faults(room: Room) -> Iterator[str]:
    """Yield what would go wrong on another system, each with its line."""
    for check in (text_of_unknown_encoding, shells, posix_only, places, joined_paths):
        for node, told in check(room):
            yield f"line {getattr(node, 'lineno', 0)}: {told}"


Found = Iterator[tuple[ast.AST, str]]


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def text_of_unknown_encoding(room: Room) -> Found:
    for node in room.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        name, given = called(node), {one.arg for one in node.keywords}
        last = name.rsplit(".", 1)[-1]
        if last in ("read_text", "write_text") and "encoding" not in given:
            yield node, f"{last} without an encoding"
        elif last in OPENS and name not in BINARY and "encoding" not in given and not is_binary(node, name, last):
            yield node, f"{last} of text without an encoding"
        elif name.startswith("subprocess.") and {"text", "universal_newlines"} & given and "encoding" not in given:
            yield node, f"{name} with text and without an encoding"
        writes = last == "write_text" or (
            last in ("open", "fdopen") and mode_of(node, name, last).startswith(("w", "a"))
        )
        if writes and "encoding" in given and "newline" not in given:
            yield node, f"{last} writes other ends of lines on Windows: give newline"


def mode_of(node: ast.Call, name: str, last: str) -> str:
    """Return the mode of an open; that of a path's own `open` is its first argument."""
    place = 0 if last == "open" and "." in name else OPENS[last]
    given = [one.value for one in node.keywords if one.arg == "mode"] or node.args[place : place + 1]
    if given and isinstance(given[0], ast.Constant):
        return str(given[0].value)
    return "w+b" if "TemporaryFile" in last else "r"


def is_binary(node: ast.Call, name: str, last: str) -> bool:
    return "b" in mode_of(node, name, last)


def shells(room: Room) -> Found:
    for node in room.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        if any(one.arg == "shell" for one in node.keywords) or called(node) in ("os.system", "os.popen"):
            yield node, f"{called(node)} goes through a shell"


def posix_only(room: Room) -> Found:
    for node in room.nodes(ast.Attribute):
        assert isinstance(node, ast.Attribute)
        home = ast.unparse(node.value)
        if (node.attr in POSIX.get(home, ()) or node.attr in SYSTEM_CALLS) and not room.is_asked(node):
            yield node, f"{home}.{node.attr} is not on every system"
    for node in room.nodes(ast.Import, ast.ImportFrom):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else [str(node.module)]  # type: ignore[attr-defined]
        for name in {*names} & POSIX_MODULES:
            if not room.is_asked(node):
                yield node, f"import {name} fails on Windows"
        for name in {*names} & WINDOWS:
            if isinstance(room.above[node], ast.Module):
                yield node, f"import {name} fails but on Windows"


def places(room: Room) -> Found:
    for node in room.nodes(ast.Constant):
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, str) and PLACES.match(node.value):
            yield node, f"{node.value} is not on every system"


def joined_paths(room: Room) -> Found:
    """What is given to `Path` or `open` is joined by its own rules, not with a slash in a text."""
    for node in room.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        if called(node) not in ("Path", "open", "os.path.join", "os.open"):
            continue
        for given in node.args:
            parts = [one for one in ast.walk(given) if isinstance(one, ast.Constant)]
            if isinstance(given, ast.JoinedStr | ast.BinOp) and any("/" in str(one.value) for one in parts):
                yield node, f"{ast.unparse(given)} joins a path with a slash"


@pytest.mark.parametrize("path", SOURCES, ids=[path.relative_to(ROOT / "src").as_posix() for path in SOURCES])
def test_a_module_runs_on_other_systems(path: Path) -> None:
    assert list(faults(Room(path))) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("path.read_text()", "read_text without an encoding"),
        ("path.write_text(x, newline='')", "write_text without an encoding"),
        ("path.write_text(x, encoding='utf-8')", "write_text writes other ends of lines"),
        ("open('x')", "open of text without an encoding"),
        ("open('x', 'w')", "open of text without an encoding"),
        ("path.open('w', encoding='utf-8')", "open writes other ends of lines"),
        ("tempfile.NamedTemporaryFile('w')", "NamedTemporaryFile of text without an encoding"),
        ("os.fdopen(handle, mode='a')", "fdopen of text without an encoding"),
        ("subprocess.run(x, text=True)", "with text and without an encoding"),
        ("subprocess.run(x, shell=True)", "goes through a shell"),
        ("os.system(x)", "goes through a shell"),
        ("os.kill(pid, 0)", "os.kill is not on every system"),
        ("def f():\n    os.killpg(1, signal.SIGKILL)", "os.killpg is not on every system"),
        ("stops = {signal.SIGHUP}", "signal.SIGHUP is not on every system"),
        ("ctypes.CDLL(None)", "ctypes.CDLL is not on every system"),
        ("import fcntl", "import fcntl fails on Windows"),
        ("import msvcrt", "import msvcrt fails but on Windows"),
        ("x = Path('/tmp/x')", "/tmp/x is not on every system"),
        ("Path(f'{folder}/x')", "joins a path with a slash"),
        ("open(folder + '/x', 'rb')", "joins a path with a slash"),
    ],
)
def test_what_only_one_system_has_is_seen(code: str, said: str, tmp_path: Path) -> None:
    module = tmp_path / "x.py"
    module.write_text(code, encoding="utf-8")
    found = list(faults(Room(module)))
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    "code",
    [
        "path.open('rb')",
        "open('x', 'rb')",
        "tempfile.NamedTemporaryFile(dir=x)",
        "path.read_text(encoding='utf-8')",
        "path.write_text(x, encoding='utf-8', newline='\\n')",
        "def f():\n    if hasattr(os, 'killpg'):\n        os.killpg(1, 9)",
        "def f():\n    if os.name == 'nt':\n        return\n    os.kill(1, 0)",
        "try:\n    import fcntl\nexcept ImportError:\n    fcntl = None",
        "def f():\n    import msvcrt",
        "Path(folder, f'{name}.json')",
        "url = 'https://x' + '/y'",
    ],
)
def test_what_every_system_has_is_let_through(code: str, tmp_path: Path) -> None:
    module = tmp_path / "x.py"
    module.write_text(code, encoding="utf-8")
    assert list(faults(Room(module))) == []
