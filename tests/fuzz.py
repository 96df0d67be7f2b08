"""Fuzz the readers for a bounded time: `make fuzz`. What it finds becomes a case in `tests/damaged/`.

Files of the good edition are damaged at random, byte by byte and line by line; whatever comes out must be a table or
a message. Anything else is a find: it is kept under `output/fuzz/` and ends the run with exit code 1.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bedrijfsvoering.build import prove_edition
from bedrijfsvoering.errors import BedrijfsvoeringError

HERE = Path(__file__).parent
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
BITS = [
    b";", b",", b"\t", b'"', b"\n", b"\r", b"\0", b"-", b"(", b".", b"\xe9", "€".encode(), b"{{", b"}}", b"{%", b": ",
    b"&a", b"*a", b"=", b"9" * 40, "\u202e".encode(), b"1.5", b"Totaal", b"# ",
]  # fmt: skip


def damage(raw: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few random wounds."""
    wounded = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(wounded) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            wounded[place:place] = chance.choice(BITS)
        elif kind == 1:
            del wounded[place : place + chance.randint(1, 12)]
        elif kind == 2 and place < len(wounded):
            wounded[place] = chance.randrange(256)
        else:
            end = min(len(wounded), place + chance.randint(1, 60))
            wounded[place:place] = wounded[place:end]
    return bytes(wounded)


def main() -> int:
    """Damage and read until the time is over; return 1 when something other than a message came out."""
    seed = random.SystemRandom().randrange(2**32)
    chance, begin, tried = random.Random(seed), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "proef" / "2023"
        while time.monotonic() - begin < SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(HERE / "damaged" / "goed", folder)
            path = chance.choice([path for path in sorted(folder.rglob("*")) if path.is_file()])
            path.write_bytes(damage(path.read_bytes(), chance))
            tried += 1
            try:
                prove_edition("proef", 2023, Path(temporary))
            except BedrijfsvoeringError:
                continue
            except Exception as exc:
                kept = HERE.parent / "output" / "fuzz" / f"{seed}-{tried}-{path.name}"
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, kept)
                print(f"{type(exc).__name__}: {exc}\nBewaard: {kept}", file=sys.stderr)
                return 1
    print(f"{tried} beschadigde bestanden in {SECONDS} s: elk gaf een tabel of een melding (zaad {seed}).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
