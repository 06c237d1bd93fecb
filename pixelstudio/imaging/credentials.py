"""Content Credentials (C2PA): a signed manifest in a file, by which other programs too see that a program made the picture, and whose.

Needs the extra `c2pa`; nothing here imports it before it is used. Writing happens outside the children, for none of them has the key;
anybody's file is read inside one. No thumbnail is put in: it would weigh more than the picture. Source: C2PA technical specification
2.2, https://spec.c2pa.org; c2pa-python 0.38.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from pixelstudio.imaging.certificates import Certified, CredentialsUnusable
from pixelstudio.imaging.children import ChildDied
from pixelstudio.imaging.png import written
from pixelstudio.imaging.recipe import ALGORITHMIC, TRAINED, read
from pixelstudio.imaging.structure import container_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixelstudio.imaging.children import ChildPool
    from pixelstudio.imaging.recipe import Recipe

Standing: TypeAlias = Literal["ours", "valid", "broken"]
MEDIA_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif"}
WALL_S: Final = 5.0
_TASK: Final = "pixelstudio.imaging.credentials:reading"
_TEXT_MAX: Final = 200
_PROGRAM: Final = "Pixel Studio"
_PROBE: Final = written(1, 1, b"\0\0\0")
"""Signed once at the start: only then a certificate that has run out, or is of the wrong kind, is found out."""
_SOURCES: Final = {ALGORITHMIC: "rules", TRAINED: "model"}
_QUIET: Final[dict[str, Any]] = {
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the credentials in a file say. `ours`: signed with this studio's certificate; `valid`: truly signed with another, of which
    nobody here knows whose it is; `broken`: the file or the manifest was changed after it was signed. The texts may be anybody's.
    """

    standing: Standing
    signer: str
    program: str
    source: Literal["rules", "model", ""]
    """Whether it says that rules alone or a trained model made the picture; "" for anything else."""


class Credentials:
    """Puts credentials into files, with one certificate. Made once; used by any thread."""

    def __init__(self, certificate: Certified) -> None:
        """Raises `CredentialsUnusable` when the package is missing, or does not take the certificate."""
        if importlib.util.find_spec("c2pa") is None:
            raise CredentialsUnusable(
                "Content Credentials are switched on, and the package c2pa-python is not installed.", code="credentials_package_missing"
            )
        self._c2pa: Any = importlib.import_module("c2pa")
        self._own = {"issuer": certificate.issuer, "serial": certificate.serial}
        try:
            info = self._c2pa.C2paSignerInfo(certificate.algorithm, certificate.chain, certificate.key, None)
            settings = self._c2pa.Settings.from_dict(_QUIET)
            self._context: Any = self._c2pa.Context(settings, self._c2pa.Signer.from_info(info))
            self._written(_PROBE)
        except self._c2pa.C2paError as error:
            raise CredentialsUnusable(
                "The certificate for Content Credentials is not one that C2PA takes.", code="credentials_certificate_refused"
            ) from error

    def signed(self, picture: bytes) -> bytes:
        """A PNG, JPEG or WebP file of ours -> the same with credentials: same pixels, same recipe. 1 to 4 ms.

        Raises `CredentialsUnusable`.
        """
        try:
            return self._written(picture)
        except self._c2pa.C2paError as error:
            raise CredentialsUnusable("Content Credentials could not be written into this file.", code="credentials_not_written") from error

    async def found_in(self, pool: ChildPool, data: bytes) -> Told | None:
        """What the credentials in anybody's file say, or None when there are none that can be read.

        Raises what the pool raises when its child cannot cope.
        """
        step = await pool.call(_TASK, dict(self._own), [data], urgent=True, wall_s=WALL_S)
        facts = step.facts
        if not facts.get("standing"):
            return None
        standing, source = facts["standing"], facts.get("source")
        if standing not in {"ours", "valid", "broken"} or source not in {"rules", "model", ""}:
            raise ChildDied("The picture workshop answered in a way it should not; try again.")
        signer, program = (str(facts.get(name, ""))[:_TEXT_MAX] for name in ("signer", "program"))
        return Told(standing, signer, program, source)

    def _written(self, picture: bytes) -> bytes:
        out = io.BytesIO()
        builder = self._c2pa.Builder(_manifest_of(read(picture)), context=self._context)
        builder.sign(MEDIA_TYPES[container_of(picture) or "PNG"], io.BytesIO(picture), out)
        return out.getvalue()


def _manifest_of(recipe: Recipe | None) -> dict[str, Any]:
    created = {
        "action": "c2pa.created",
        "digitalSourceType": recipe.digital_source_type if recipe else TRAINED,
        "softwareAgent": {"name": recipe.model if recipe else _PROGRAM},
    }
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [created]}}
    return {"claim_generator_info": [{"name": _PROGRAM}], "assertions": [actions]}


def reading(arguments: dict[str, Any], blobs: list[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """The child's side. One step: what the manifest of the file says, or nothing."""
    library: Any = importlib.import_module("c2pa")
    container = container_of(blobs[0])
    trusting = {**_QUIET, "trust": {"trust_anchors": arguments["issuer"]}}
    try:
        context = library.Context(library.Settings.from_dict(trusting))
        reader = library.Reader(MEDIA_TYPES.get(container or ""), io.BytesIO(blobs[0]), context=context)
    except library.C2paError:  # no manifest, or none that can be read
        yield {}, []
        return
    manifest = cast("dict[str, Any]", reader.get_active_manifest() or {})
    yield _facts(str(reader.get_validation_state()), manifest, str(arguments["serial"])), []


def _facts(state: str, manifest: dict[str, Any], own_serial: str) -> dict[str, str]:
    signature = cast("dict[str, Any]", manifest.get("signature_info") or {})
    generators = cast("list[dict[str, Any]]", manifest.get("claim_generator_info") or [{}])
    is_own = state == "Trusted" and str(signature.get("cert_serial_number")) == own_serial
    return {
        "standing": "ours" if is_own else "valid" if state in {"Trusted", "Valid"} else "broken",
        "signer": str(signature.get("common_name") or signature.get("issuer") or "")[:_TEXT_MAX],
        "program": str(generators[0].get("name") or manifest.get("claim_generator") or "")[:_TEXT_MAX],
        "source": next((_SOURCES[source] for source in _sources(manifest) if source in _SOURCES), ""),
    }


def _sources(manifest: dict[str, Any]) -> Iterator[str]:
    for assertion in cast("list[dict[str, Any]]", manifest.get("assertions") or []):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            told = cast("dict[str, Any]", assertion.get("data") or {})
            for action in cast("list[dict[str, Any]]", told.get("actions") or []):
                yield str(action.get("digitalSourceType", ""))
