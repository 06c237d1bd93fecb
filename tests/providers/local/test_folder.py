"""What a folder has to hold before it is taken for a model, and what is said of one that does not."""

from __future__ import annotations

import json

import pytest

from pixelstudio.providers.local.catalogue import FAMILIES
from pixelstudio.providers.local.folder import Found, Unusable, model_in
from tests.local_models import a_model_folder


@pytest.mark.parametrize("engine", ["openvino", "diffusers"])
@pytest.mark.parametrize("pipeline", FAMILIES)
def test_a_whole_model_is_found_with_what_draws_with_it(tmp_path, engine, pipeline):
    assert model_in(a_model_folder(tmp_path / "model", engine, pipeline)) == Found(pipeline, engine)


def test_the_class_that_openvinos_exporter_writes_says_the_same(tmp_path):
    folder = a_model_folder(tmp_path / "model", pipeline="OVStableDiffusionXLPipeline")

    assert model_in(folder).pipeline == "StableDiffusionXLPipeline"


def _code(folder) -> str:
    with pytest.raises(Unusable) as refusal:
        model_in(folder)
    assert refusal.value.sentence.endswith(".")
    assert str(folder) not in refusal.value.sentence, "whoever draws need not know where things lie here"
    return refusal.value.code


def test_a_folder_that_is_not_there_is_said(tmp_path):
    assert _code(tmp_path / "nowhere") == "local_model_missing"


@pytest.mark.parametrize("index", [None, "", "[" * 100_000, "{", "\xff"])
def test_a_folder_without_a_readable_index_is_no_model(tmp_path, index):
    folder = a_model_folder(tmp_path / "model")
    (folder / "model_index.json").unlink()
    if index is not None:
        (folder / "model_index.json").write_text(index, encoding="latin-1")

    assert _code(folder) == "local_model_not_one"


@pytest.mark.parametrize("told", [{"_class_name": "StableVideoDiffusionPipeline"}, {"_class_name": ["x"]}, {}, [], "x", None, 7])
def test_a_model_that_does_not_draw_from_words_is_of_an_unknown_kind(tmp_path, told):
    folder = a_model_folder(tmp_path / "model")
    (folder / "model_index.json").write_text(json.dumps(told))

    assert _code(folder) == "local_model_unknown_kind"


@pytest.mark.parametrize(
    ("engine", "missing"),
    [
        ("openvino", "unet/openvino_model.bin"),
        ("openvino", "vae_decoder/openvino_model.xml"),
        ("openvino", "text_encoder/openvino_model.bin"),
        ("diffusers", "unet/diffusion_pytorch_model.safetensors"),
        ("diffusers", "vae/diffusion_pytorch_model.safetensors"),
    ],
)
def test_a_part_without_its_weights_is_named(tmp_path, engine, missing):
    folder = a_model_folder(tmp_path / "model", engine)
    (folder / missing).unlink()

    assert _code(folder) == "local_model_without_weights"


@pytest.mark.parametrize("ending", ["bin", "ckpt", "pt"])
def test_pickled_weights_are_never_taken(tmp_path, ending):
    folder = a_model_folder(tmp_path / "model", "diffusers")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(f".{ending}"))

    assert _code(folder) == "local_model_pickled"
