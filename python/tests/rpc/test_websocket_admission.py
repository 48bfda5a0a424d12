from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.http11 import Request

from macroscope_worker.rpc.websocket_admission import Admission, checked_origin

ORIGIN = "http://127.0.0.1:5173"
GOOD = {"Host": "127.0.0.1:7777", "Origin": ORIGIN, "Sec-WebSocket-Protocol": "macroscope.v1"}
ADMISSION = Admission(7777, [ORIGIN])


def request(headers: dict[str, str], path: str = "/macroscope/v1", method: str = "GET") -> Request:
    return Request(path, Headers(headers), method)


def test_lets_a_good_request_in_and_names_the_first_fault_of_others() -> None:
    assert ADMISSION.refusal(request(GOOD)) is None
    everything_wrong = {"Host": "x", "Origin": "y"}
    found = [
        ADMISSION.refusal(request(everything_wrong, "/", "POST")),
        ADMISSION.refusal(request(everything_wrong, "/")),
        ADMISSION.refusal(request(everything_wrong)),
        ADMISSION.refusal(request({**everything_wrong, "Host": GOOD["Host"]})),
        ADMISSION.refusal(request({**everything_wrong, "Host": GOOD["Host"], "Origin": ORIGIN})),
    ]
    assert [refusal and refusal.status for refusal in found] == [405, 404, 421, 403, 400]


def test_reasons_are_short_and_quote_neither_path_nor_subprotocol() -> None:
    refusal = ADMISSION.refusal(request({**GOOD, "Host": "h" * 5000}))
    assert refusal is not None
    assert len(refusal.reason) < 250
    for bad in (request(GOOD, "/secret"), request({**GOOD, "Sec-WebSocket-Protocol": "secret"})):
        refusal = ADMISSION.refusal(bad)
        assert refusal is not None
        assert "secret" not in refusal.reason


@pytest.mark.parametrize("origin", ["http://127.0.0.1:5173", "https://scope.example", "app://macroscope"])
def test_takes_origins(origin: str) -> None:
    assert checked_origin(origin) == origin


@pytest.mark.parametrize(
    "origin", ["", "*", "null", "http://*", "localhost:5173", "http://127.0.0.1:5173/", "http://a@b", "//x", "http://"]
)
def test_refuses_what_is_no_origin(origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        checked_origin(origin)


names = st.sampled_from(["Host", "Origin", "Sec-WebSocket-Protocol", "Sec-Fetch-Site", "Cookie"])
likely = [*GOOD.values(), "null", "", "https://127.0.0.1:5173", "localhost:7777"]
values = st.sampled_from(likely) | st.text(max_size=40)


@given(st.lists(st.tuples(names, values), max_size=6), st.sampled_from(["/macroscope/v1", "/", "/macroscope/v1?x"]))
def test_only_what_is_right_in_everything_gets_in(headers: list[tuple[str, str]], path: str) -> None:
    made = Headers()
    for name, value in headers:
        made.set_insecure(name, value)
    refusal = ADMISSION.refusal(Request(path, made, "GET"))
    hosts, origins = made.get_all("Host"), made.get_all("Origin")
    if refusal is None:
        assert path == "/macroscope/v1"
        assert hosts in (["127.0.0.1:7777"], ["localhost:7777"])
        assert origins in ([ORIGIN], [])
        assert origins or not made.get_all("Sec-Fetch-Site")
        assert "macroscope.v1" in ",".join(made.get_all("Sec-WebSocket-Protocol"))
