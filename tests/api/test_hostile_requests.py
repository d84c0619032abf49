"""What is sent to hurt is refused cheaply by a real server process, which keeps its memory and answers on."""

import gzip
import io
import json
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.settings import Settings
from tests.api.conftest import START, Server

MIB = 1024 * 1024
SPARE_MIB = 400
"""What the server may need more than before; some of these requests would take ten times as much if they could."""

# The same server, which has less patience and unpacks less, so that the tests need less time too.
IMPATIENT = """
import app.api.bodies as bodies, app.api.connections as connections, app.api.uploads as uploads
uploads.MAX_UNPACKED = 64 << 20
bodies.PAUSE_SECONDS = 1
connections.HEAD_SECONDS, connections.LOOK_SECONDS, connections.STALL_SECONDS = 1.5, 0.25, 2.0
"""
SMALL = {"PW_WORKERS": "2", "PW_MAX_WAITING": "4", "PW_MAX_WAIT_SECONDS": "2", "PW_MAX_CONNECTIONS": "40"}


@pytest.fixture(scope="module")
def server(compiled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("hostile")
    server = Server(compiled, f"sqlite:///{folder / 'h.db'}", folder / "log", IMPATIENT + START, **SMALL)
    try:
        server.wait_until_ready()
        for _ in range(2):
            assert (
                post(server, json.dumps({"records": [{"description": "acetone"}] * 1_000}).encode()).status_code == 200
            )
        yield server
    finally:
        server.process.kill()
        server.process.wait()


@pytest.fixture(autouse=True)
def memory_stays_bounded_and_the_service_answers_on(server: Server) -> Iterator[None]:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")  # begin the peak anew
    before = peak_mib(server)
    yield
    assert peak_mib(server) - before < SPARE_MIB
    for _ in range(60):
        if post(server, b'{"records":[{"cas":"108-24-7","origin":"IN"}]}').status_code == 200:
            return
        time.sleep(0.5)
    raise AssertionError("it did not recover")


def peak_mib(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def post(server: Server, body: bytes, path: str = "/v1/screenings", kind: str = "application/json") -> Any:
    return httpx2.post(f"{server.address}{path}", content=body, headers={"Content-Type": kind}, timeout=120)


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2])), timeout=30)


def rest_of(connection: socket.socket) -> bytes:
    """What still comes, until the other side has closed."""
    got = b""
    try:
        while part := connection.recv(65_536):
            got += part
    except ConnectionError:
        return got
    return got


def many(part: bytes, size: int = 16 * MIB - 200) -> bytes:
    return part * (size // len(part))


BODIES: dict[str, Callable[[], bytes]] = {
    "brackets": lambda: b'{"records":' + many(b"["),
    "deep objects": lambda: b'{"records":' + many(b'{"a":'),
    "deep but short": lambda: b'{"records":' + b"[" * 5_000,
    "eight million numbers": lambda: b'{"records":[' + many(b"1,") + b"1]}",
    "five million records": lambda: b'{"records":[' + many(b"{},") + b"{}]}",
    "a million names": lambda: b"{" + b",".join(b'"a%d":1' % number for number in range(1_000_000)) + b"}",
    "empty texts": lambda: b'{"records":[' + many(b'"",') + b'""]}',
    "escapes": lambda: b'{"records":["' + many(rb"\"") + b'"]}',
    "an endless text": lambda: b'{"records":["' + many(b"\\\\"),
    "an endless number": lambda: b'{"records":[{"quantity":' + many(b"9") + b"}]}",
    "a long text": lambda: b'{"records":[{"description":"' + many(b"a") + b'"}]}',
    "no JSON": lambda: many(b"\xff"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_would_grow_in_a_parser_is_refused(server: Server, name: str) -> None:
    assert post(server, BODIES[name]()).status_code in (400, 413, 422)


def test_as_many_values_as_a_thousand_full_records_have_are_taken(server: Server) -> None:
    full = {"description": "cotton, " * 400, "cas": ["1"] * 50, "transit": ["IN"] * 50, "consignee": '"\\' * 400}
    assert post(server, json.dumps({"records": [full] * 1_000}).encode()).status_code == 200


HEAD = b"POST /v1/screenings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
FLOODS = {
    "endless header": (b"GET /healthz HTTP/1.1\r\nA: ", b"a" * 65_536),
    "many headers": (b"GET /healthz HTTP/1.1\r\n", b"a: b\r\n" * 10_000),
    "endless path": (b"GET /", b"a" * 65_536),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"a: b\r\n" * 10_000),
    "endless trailer": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\na: ", b"b" * 65_536),
    "chunk extension": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;", b"a" * 65_536),
    "empty lines": (b"", b"\r\n" * 30_000),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_head_without_end_is_cut_off(server: Server, name: str) -> None:
    first, more = FLOODS[name]
    sent = 0
    with connect(server) as connection:
        try:
            connection.sendall(first)
            while sent < 100 * MIB:
                connection.sendall(more)
                sent += len(more)
        except ConnectionError:
            sent += 1
        answer = rest_of(connection)
    assert sent < 100 * MIB
    assert answer == b"" or b" 431 " in answer or b" 400 " in answer


@pytest.mark.parametrize(
    "begun", [b"", b"GET /healthz HTTP/1.1\r\nA: ", b"POST /healthz HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
)
def test_who_never_comes_to_the_point_is_cut_off(server: Server, begun: bytes) -> None:
    with connect(server) as connection:
        connection.sendall(begun)
        began = time.monotonic()
        while time.monotonic() - began < 20:
            try:
                connection.sendall(b"a")
                time.sleep(0.2)
            except ConnectionError:
                return
    raise AssertionError("a byte now and then keeps a connection for ever")


def test_a_body_that_trickles_is_refused(server: Server) -> None:
    with connect(server) as connection:
        connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n" + b'{"records":')
        answer = rest_of(connection)
    assert b" 408 " in answer
    assert b"/problems/slow-body" in answer


def test_a_declared_length_is_believed_before_a_byte_is_read(server: Server) -> None:
    with connect(server) as connection:
        connection.sendall(HEAD + b"Content-Length: 99999999999\r\n\r\n")
        assert b" 413 " in connection.recv(4_096)


def test_an_answer_nobody_takes_is_dropped(server: Server) -> None:
    goods = b"description\n" + b"COTTON T-SHIRTS OF MANY COLOURS\n" * 150_000
    head = (
        b"POST /v1/screenings/file HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n"
    )
    with connect(server) as connection:
        connection.sendall(head % len(goods) + goods)
        for _ in range(240):
            asked = [line for line in server.log() if line.get("route") == "/v1/screenings/file"]
            if asked:
                assert asked[-1]["finished"] is False
                return
            time.sleep(0.5)
    raise AssertionError("it waits for ever")


def test_one_connection_too_many_is_told_when_to_come_again(server: Server) -> None:
    held = [connect(server) for _ in range(60)]
    try:
        last = held[-1]
        assert last.recv(4_096).startswith(b"HTTP/1.1 503 ")
    finally:
        for each in held:
            each.close()


def test_at_overload_some_are_answered_and_the_others_told_when_to_come_again(server: Server) -> None:
    records = [{"description": f"ACETIC ANHYDRID {number} OF MANY, piperonal and acetone"} for number in range(400)]
    body, answers = json.dumps({"records": records}).encode(), []
    callers = [threading.Thread(target=lambda: answers.append(post(server, body))) for _ in range(14)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert {each.status_code for each in answers} == {200, 503}
    for each in answers:
        if each.status_code == 503:
            assert each.json()["type"] == "/problems/overloaded"
            assert int(each.headers["retry-after"]) > 0


def test_bodies_that_are_held_at_once_are_bounded(server: Server) -> None:
    statuses: list[int] = []
    head = HEAD + b"Content-Length: %d\r\n\r\n" % (16 * MIB)

    def half_send() -> None:
        with connect(server) as connection:
            try:
                connection.sendall(head + b" " * (15 * MIB))
                statuses.append(int(rest_of(connection)[9:12] or 0))
            except OSError:
                statuses.append(0)

    callers = [threading.Thread(target=half_send) for _ in range(14)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert set(statuses) <= {0, 408, 503}
    assert len(statuses) == 14


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "{}">{}]>'.format(
    "lol" * 1_000, "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
)
SHEET = "worksheets/sheet.xml"
SHARED = '<row><c t="s"><v>0</v></c></row>'
HEADING = '<row><c t="inlineStr"><is><t>description</t></is></c></row>'


def workbook(rows: str, shared: str = "<si><t>x</t></si>", *, before: str = "") -> bytes:
    office, packages = (
        "http://schemas.openxmlformats.org/officeDocument/2006",
        "http://schemas.openxmlformats.org/package/2006",
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def links(*targets: tuple[str, str]) -> str:
        each = (
            f'<Relationship Id="r{n}" Type="{office}/relationships/{kind}" Target="{to}"/>'
            for n, (kind, to) in enumerate(targets)
        )
        return f'<Relationships xmlns="{packages}/relationships">{"".join(each)}</Relationships>'

    kinds = {"workbook.xml": "sheet.main", SHEET: "worksheet", "sharedStrings.xml": "sharedStrings"}
    named = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{types}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types">{named}</Types>',
        "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {NAMESPACE} xmlns:r="{office}/relationships">'
        '<sheets><sheet name="a" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": links(("worksheet", SHEET), ("sharedStrings", "sharedStrings.xml")),
        "xl/sharedStrings.xml": f"{before}<sst {NAMESPACE}>{shared}</sst>",
        f"xl/{SHEET}": f"{before}<worksheet {NAMESPACE}><sheetData>{HEADING}{rows}</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def inline(text: str) -> str:
    return f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'


def parquet(column: pa.Array) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table({"description": column}), written, compression="zstd", row_group_size=1 << 30)
    return written.getvalue()


def gzipped(head: bytes, block: bytes, times: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as file:
        file.write(head)
        for _ in range(times):
            file.write(block)
    return packed.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "workbook that unpacks to too much": lambda: workbook("<row><c><v>1</v></c></row>" * 3_000_000),
    "workbook with one long cell": lambda: workbook(f"<row><c><v>{'1' * 60_000_000}</v></c></row>"),
    "workbook with a cell too long": lambda: workbook(inline("x" * 40_000)),
    "workbook with one long row": lambda: workbook(f"<row>{'<c/>' * 8_000_000}</row>"),
    "workbook of nested elements": lambda: workbook("<a>" * 8_000_000),
    "workbook with a long shared text": lambda: workbook(SHARED * 50_000, f"<si><t>{'x' * 999_000}</t></si>"),
    "workbook of entities": lambda: workbook(inline("&a8;"), "<si><t>&a8;</t></si>", before=LAUGHS),
    "parquet with one long text in every row": lambda: parquet(
        pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 9_000_000]))
    ),
    "parquet of long lists": lambda: parquet(pa.array([[0] * 2_000_000] * 10, pa.list_(pa.int8()))),
    "parquet that unpacks to too much": lambda: parquet(pa.array(["x" * 60_000_000] * 10)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_unpacks_to_more_than_a_shipment_is_refused(server: Server, name: str) -> None:
    bomb = BOMBS[name]()
    assert len(bomb) < 8 * MIB
    answer = post(server, bomb, "/v1/screenings/file", "application/octet-stream")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unreadable-file"), answer.text[:300]


SPREADING: dict[str, Callable[[], bytes]] = {
    "gzip of lines": lambda: gzipped(b"description\n", b"x\n" * 500_000, 70),
    "gzip of one line": lambda: gzipped(b"description\n", b"x" * MIB, 70),
    "gzip of a cell without end": lambda: gzipped(b'description\n"', b"x,\n" * 300_000, 80),
    "JSON lines with a new name each": lambda: b"".join(b'{"k%d":1}\n' % number for number in range(20_000)),
    "a row of commas": lambda: b"description\n" + b"," * 16_000 + b"\n" + b"x\n" * 50_000,
    "parquet with one text in many rows": lambda: parquet(
        pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * 500_000]))
    ),
}


@pytest.mark.parametrize("name", SPREADING)
def test_a_file_that_unpacks_as_it_is_read_needs_no_more_memory_than_another(server: Server, name: str) -> None:
    call = {"content": SPREADING[name](), "headers": {"Content-Type": "application/octet-stream"}, "timeout": 120}
    with httpx2.stream("POST", f"{server.address}/v1/screenings/file", **call) as stream:
        assert stream.status_code in (200, 413, 422)
        began, taken = time.monotonic(), 0
        try:
            for part in stream.iter_bytes():
                taken += len(part)
                if time.monotonic() - began > 3:
                    break
        except httpx2.RemoteProtocolError:
            assert taken > 0, "what went wrong below has broken it off"


def test_a_structure_too_large_to_read_costs_next_to_nothing(server: Server) -> None:
    records = [{"smiles": "C1CC1" * 399 + "C" * (number % 5)} for number in range(500)]
    records += [
        {"smiles": "C" * 600},
        {"smiles": "C1CC2" * 390},
        {"inchi": "InChI=1S/C400H802/c1-" + "3-" * 1_900 + "2"},
    ]
    began = time.monotonic()
    answer = post(server, json.dumps({"records": records}).encode())
    assert answer.status_code == 200
    assert time.monotonic() - began < 60
    assert not {each["verdict"] for each in answer.json()["decisions"]} & {"controlled", "conditional"}
