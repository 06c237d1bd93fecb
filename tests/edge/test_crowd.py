"""Who is counted as one, and what they may ask for."""

from __future__ import annotations

from contextlib import ExitStack

from pixelstudio.core.limits import CHANGE_COSTS_REQUESTS, REQUESTS_BURST_S, SOCKETS_MAX
from pixelstudio.edge.crowd import Allowance, Crowd


def test_a_classroom_opens_its_pages_at_once():
    crowd = Crowd(Allowance(), clock=lambda: 0.0)

    assert [crowd.request_wait_s("203.0.113.9", is_change=False) for _ in range(30 * 60)] == [0.0] * 1_800
    assert [crowd.request_wait_s("203.0.113.9", is_change=True) for _ in range(30 * 2)] == [0.0] * 60
    assert [crowd.socket_wait_s("203.0.113.9") for _ in range(30 * 3)] == [0.0] * 90


def test_a_change_costs_more_than_a_look():
    rate = 10
    crowd = Crowd(Allowance(requests_per_second=rate), clock=lambda: 0.0)

    changes = [crowd.request_wait_s("a", is_change=True) for _ in range(rate * REQUESTS_BURST_S)]

    assert changes.count(0.0) == rate * REQUESTS_BURST_S // CHANGE_COSTS_REQUESTS


def test_another_address_of_the_same_house_is_no_other():
    crowd = Crowd(Allowance(requests_per_second=1), clock=lambda: 0.0)
    waits = [crowd.request_wait_s(f"2001:db8::{n:x}", is_change=False) for n in range(REQUESTS_BURST_S + 1)]

    assert waits[-1] > 0
    assert crowd.request_wait_s("2001:db8:0:1::1", is_change=False) == 0


def test_the_server_holds_so_many_sockets_whoever_opens_them():
    crowd = Crowd(Allowance(sockets=SOCKETS_MAX * 2), clock=lambda: 0.0)
    with ExitStack() as held:
        for n in range(SOCKETS_MAX):
            held.enter_context(crowd.socket(f"10.0.{n // 256}.{n % 256}"))
        assert crowd.socket_wait_s("203.0.113.9") > 0

    assert crowd.socket_wait_s("203.0.113.9") == 0
