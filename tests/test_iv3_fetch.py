"""Fetching from the CBS, against a small server of our own on this machine in the shape of its service."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlparse

import pytest

from bedrijfsvoering.errors import BedrijfsvoeringError
from bedrijfsvoering.iv3.fetch import fetch_iv3
from bedrijfsvoering.iv3.files import load_iv3

ROWS = [("0.4  ", "L1.1  ", 40), ("0.4  ", "L3.8  ", 260), ("0.4  ", "B3.8  ", 20), ("6.1  ", "L4.3.8", 700)]


class Service(BaseHTTPRequestHandler):
    """Answers as the CBS does: names of municipalities, rows by filter, and a second page of the first taakveld."""

    asked: ClassVar[list[str]] = []
    fixed: ClassVar[bytes] = b""
    """What is answered to everything, if it is given."""

    def do_GET(self) -> None:
        address = urlparse(self.path)
        query = parse_qs(address.query)
        self.asked.append(self.path)
        where = query.get("$filter", [""])[0]
        answer: dict[str, object] = {"value": []}
        if address.path.endswith("/Gemeenten"):
            answer = {"value": [{"Key": "GM9999  ", "Title": "Proefdam (gemeente)"}]}
        elif "X005" in where or "tweede" in query:
            rows = [row for row in ROWS if f"'{row[0][0]}.'" in where or ("tweede" in query and row[0][0] == "0")]
            rows = rows[2:] if "tweede" in query else rows[:2] if "'0.'" in where else rows
            answer = {"value": [
                {"ID": 1, "TaakveldBalanspost": taakveld, "Categorie": categorie, "Gemeenten": "GM9999  ",
                 "Verslagsoort": "2023X005", "k_1ePlaatsing_1": amount, "k_2ePlaatsing_2": amount}
                for taakveld, categorie, amount in rows
            ]}  # fmt: skip
            if "'0.'" in where:
                port = self.server.server_address[1]
                answer["odata.nextLink"] = f"http://127.0.0.1:{port}/45063NED/TypedDataSet?tweede=1"
        body = self.fixed or json.dumps(answer).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    Service.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_what_was_fetched_is_read_and_is_asked_for_once(service: str, tmp_path: Path) -> None:
    said: list[str] = []
    paths = fetch_iv3(2023, ["proefdam"], tmp_path / "iv3", said.append, service)
    found = load_iv3(tmp_path / "iv3")["proefdam", 2023, "jaarrekening"]
    assert {name: found.bedragen[name] for name in ("lasten", "overhead_lasten", "overhead_baten", "salarissen")} == {
        "lasten": 1000, "overhead_lasten": 300, "overhead_baten": 20, "salarissen": 40
    }  # fmt: skip
    asked = len(Service.asked)
    assert fetch_iv3(2023, ["proefdam"], tmp_path / "iv3", said.append, service) == paths
    assert len(Service.asked) == asked
    assert said == ["proefdam 2023: ophalen bij het CBS"]


@pytest.mark.parametrize(
    ("jaar", "gemeente", "said"),
    [(2009, "proefdam", "Het CBS heeft geen tabel voor 2009"), (2023, "proefdan", "Bedoelt u 'proefdam'?")],
)
def test_what_the_cbs_does_not_have_is_told(jaar: int, gemeente: str, said: str, service: str, tmp_path: Path) -> None:
    with pytest.raises(BedrijfsvoeringError, match=said.replace("?", r"\?")):
        fetch_iv3(jaar, [gemeente], tmp_path / "iv3", print, service)
    assert not (tmp_path / "iv3").exists()


@pytest.mark.parametrize(
    "answer",
    ["geen json", "[]", "{}", '{"value": 3}', '{"value": [3]}', '{"value": [{"Key": "GM9999"}]}',
     '{"value": [], "odata.nextLink": "file:///etc/passwd"}'],
)  # fmt: skip
def test_an_answer_of_another_form_is_told(
    answer: str, service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Service, "fixed", answer.encode())
    with pytest.raises(BedrijfsvoeringError, match="antwoordt in een andere vorm"):
        fetch_iv3(2023, ["proefdam"], tmp_path / "iv3", print, service)
    assert not (tmp_path / "iv3").exists()


def test_a_folder_that_cannot_be_made_is_told(service: str, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("x")
    for folder in (tmp_path / "bestand", tmp_path / ("x" * 300)):
        with pytest.raises(BedrijfsvoeringError, match="kan niet worden geschreven"):
            fetch_iv3(2023, ["proefdam"], folder, print, service)


def test_a_service_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with pytest.raises(BedrijfsvoeringError, match="Het CBS is niet te bereiken"):
        fetch_iv3(2023, ["proefdam"], tmp_path / "iv3", print, "http://127.0.0.1:9")
