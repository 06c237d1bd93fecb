"""A worker process tells this machine what it has done, when it is given a port."""

from __future__ import annotations

import httpx
import pytest

from pixelstudio.jobs.meter import Meter
from pixelstudio.worker.process import telling_metrics
from tests.serving import free_port

pytestmark = pytest.mark.enable_socket


def test_what_the_worker_has_done_is_told_until_it_stops():
    meter, port = Meter(), free_port()
    meter.ended("sketch", "done", 2.0)
    address = f"http://127.0.0.1:{port}/metrics"

    with telling_metrics(port, meter):
        told = httpx.get(address, trust_env=False).text

    assert 'pixelstudio_job_attempts_total{lane="sketch",outcome="done"} 1.0' in told
    with pytest.raises(httpx.ConnectError):
        httpx.get(address, trust_env=False)


def test_without_a_port_nobody_is_told():
    with telling_metrics(0, Meter()) as nothing:
        assert nothing is None
