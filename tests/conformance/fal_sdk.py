"""Runs in build/conformance, not in our environment: fal's own client asks the stand-in, and tells as JSON what it understood."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false

from __future__ import annotations

import json
import sys
import urllib.request

import fal_client
from fal_client import client as inside

MODEL = "fal-ai/flux/dev"
WISH = {"prompt": "a lighthouse", "num_images": 2, "image_size": {"width": 1024, "height": 768}}


def main(base: str) -> None:
    """Play every scene and print one JSON object."""
    inside.QUEUE_URL_FORMAT = f"{base}/fal/"  # the scheme is written into it, so the host alone cannot be set
    client = fal_client.SyncClient(key="conformance:key")
    told = {}
    for scene in (submitted, subscribed, asked_after, cancelled, refused, out_of_money, called_back, wrong_key):
        ask(base, "/__clear", {})
        told[scene.__name__] = scene(client, base)
    print(json.dumps(told))


def ask(base: str, path: str, body: object = None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data), timeout=10) as answer:
        return json.loads(answer.read())


def submitted(client, _base):
    handle = client.submit(MODEL, WISH)
    return {"pictures": len(handle.get()["images"]), "paths": "/fal-ai/flux/requests/" in handle.response_url}


def subscribed(client, base):
    ask(base, "/__script", [{"pause_s": 0.3}])
    seen = []
    result = client.subscribe(MODEL, WISH, on_queue_update=lambda status: seen.append(type(status).__name__))
    return {"pictures": len(result["images"]), "kinds": sorted(set(seen))}


def asked_after(client, base):
    ask(base, "/__script", [{"pause_s": 30}])
    handle = client.submit(MODEL, WISH)
    return {"kind": type(client.status(MODEL, handle.request_id)).__name__}


def cancelled(client, base):
    ask(base, "/__script", [{"pause_s": 30}])
    handle = client.submit(MODEL, WISH)
    handle.cancel()
    return {"method": ask(base, "/__requests")[-1]["method"], "kind": type(handle.status()).__name__}


def refused(client, base):
    ask(base, "/__script", [{"fault": "moderation_blocked"}])
    return failure(client)


def out_of_money(client, base):
    ask(base, "/__script", [{"fault": "insufficient_quota"}])
    return failure(client)


def called_back(client, base):
    ask(base, "/__script", [{"pause_s": 30}])
    client.submit(MODEL, WISH, webhook_url="https://studio.example/api/webhook/fal?call=word")
    return {"calls": len(ask(base, "/__charges"))}


def wrong_key(_client, _base):
    return failure(fal_client.SyncClient(key="wrong:key"))


def failure(client):
    try:
        client.submit(MODEL, WISH)
    except fal_client.FalClientHTTPError as error:
        return {"status": error.status_code}
    return {}


if __name__ == "__main__":
    main(sys.argv[1])
