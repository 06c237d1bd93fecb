"""The stand-in is believed because the official clients, in an environment of their own, understand it as they understand the providers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tools import apart

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FOLDER = Path(__file__).parent


def told_by(scenes: str, base: str) -> dict:
    """What an SDK understood in each scene."""
    command = [apart.python("conformance"), "-I", FOLDER / scenes, base]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_replicates_client_understands_every_scene(stand_in_process) -> None:
    assert told_by("replicate_sdk.py", stand_in_process.base) == {
        "begun": {"first": "starting", "last": "succeeded", "pictures": 2},
        "by_version": {"status": "succeeded"},
        "waited": {"status": "succeeded", "prefer": "wait=5"},
        "cancelled": {"status": "canceled"},
        "failed": {"status": "failed", "is_told": True},
        "refused": {"status": 422},
        "throttled": {"status": 429},
        "out_of_money": {"status": 402},
        "account": {"username": "standin"},
        "model": {"name": "flux-schnell"},
        "secret": {"begins": "whsec_"},
        "signature": {"forged": "refused"},
    }


def test_fals_client_understands_every_scene(stand_in_process) -> None:
    assert told_by("fal_sdk.py", stand_in_process.base) == {
        "submitted": {"pictures": 2, "paths": True},
        "subscribed": {"pictures": 2, "kinds": ["Completed", "InProgress", "Queued"]},
        "asked_after": {"kind": "Queued"},
        "cancelled": {"method": "PUT", "kind": "Completed"},
        "refused": {"status": 422},
        "out_of_money": {"status": 403},
        "called_back": {"calls": 1},
        "wrong_key": {"status": 401},
    }


def test_hugging_faces_client_understands_every_scene(stand_in_process) -> None:
    assert told_by("huggingface_sdk.py", stand_in_process.base) == {
        "by_itself": {"size": [512, 768], "parameters": {"width": 512, "height": 768, "num_inference_steps": 9, "seed": 3}},
        "by_together": {
            "size": [512, 512],
            "path": "/huggingface/together/v1/images/generations",
            "fields": ["height", "model", "prompt", "response_format", "seed", "width"],
        },
        "by_nscale": {
            "size": [512, 512],
            "path": "/huggingface/nscale/v1/images/generations",
            "fields": ["model", "prompt", "response_format", "size"],
        },
        "throttled": {"status": 429},
        "out_of_money": {"status": 402},
        "wrong_key": {"status": 401},
    }
