"""Runs in build/conformance, not in our environment: the official Replicate SDK asks the stand-in, and tells as JSON what it understood."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false

from __future__ import annotations

import json
import sys
import time
import urllib.request

import replicate
from replicate.exceptions import ReplicateError
from replicate.webhook import InvalidSignatureError, Webhooks, WebhookSigningSecret

MODEL = "black-forest-labs/flux-schnell"
WISH = {"prompt": "a lighthouse", "num_outputs": 2, "output_format": "png"}


def main(base: str) -> None:
    """Play every scene and print one JSON object."""
    client = replicate.Client(api_token="r8_conformance", base_url=f"{base}/replicate")
    told = {}
    for scene in (begun, by_version, waited, cancelled, failed, refused, throttled, out_of_money, account, model, secret, signature):
        ask(base, "/__clear", {})
        told[scene.__name__] = scene(client, base)
    print(json.dumps(told))


def ask(base: str, path: str, body: object = None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(base + path, data), timeout=10) as answer:
        return json.loads(answer.read())


def ended(prediction):
    while prediction.status not in {"succeeded", "failed", "canceled"}:
        time.sleep(0.02)
        prediction.reload()
    return prediction


def begun(client, base):
    ask(base, "/__script", [{"pause_s": 0.3}])
    prediction = client.predictions.create(model=MODEL, input=WISH)
    first = prediction.status
    ended(prediction)
    return {"first": first, "last": prediction.status, "pictures": len(prediction.output)}


def by_version(client, _base):
    return {"status": ended(client.predictions.create(version=f"{MODEL}:{'a' * 64}", input=WISH)).status}


def waited(client, base):
    ask(base, "/__script", [{"pause_s": 0.2}])
    prediction = client.predictions.create(version=MODEL, input=WISH, wait=5)
    return {"status": prediction.status, "prefer": ask(base, "/__requests")[0]["headers"].get("prefer")}


def cancelled(client, base):
    ask(base, "/__script", [{"pause_s": 30}])
    prediction = client.predictions.create(model=MODEL, input=WISH)
    prediction.cancel()
    prediction.reload()
    return {"status": prediction.status}


def failed(client, base):
    ask(base, "/__script", [{"fault": "soft_refusal"}])
    prediction = ended(client.predictions.create(model=MODEL, input=WISH))
    return {"status": prediction.status, "is_told": "NSFW" in prediction.error}


def refused(client, base):
    return failure(client, base, "invalid")


def throttled(client, base):
    return failure(client, base, "throttled")


def out_of_money(client, base):
    return failure(client, base, "insufficient_quota")


def account(client, _base):
    return {"username": client.accounts.current().username}


def model(client, _base):
    return {"name": client.models.get(MODEL).name}


def secret(client, _base):
    return {"begins": client.webhooks.default.secret().key[:6]}


def signature(client, _base):
    key = WebhookSigningSecret(key=client.webhooks.default.secret().key)
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    Webhooks.validate(headers=headers, body='{"test": 2432232314}', secret=key)
    try:
        Webhooks.validate(headers=headers, body='{"test": 2432232315}', secret=key)
    except InvalidSignatureError:
        return {"forged": "refused"}
    return {"forged": "taken"}


def failure(client, base, fault):
    ask(base, "/__script", [{"fault": fault}])
    try:
        client.predictions.create(model=MODEL, input=WISH)
    except ReplicateError as error:
        return {"status": error.status}
    return {}


if __name__ == "__main__":
    main(sys.argv[1])
