"""A model on this machine, and an interpreter that draws with it: real processes, in which a tiny package stands where the large ones would."""

from __future__ import annotations

import json
import sys
import tempfile
import venv
from functools import cache
from pathlib import Path
from typing import Literal

_FOLDERS = tempfile.TemporaryDirectory(prefix="pixelstudio-interpreters-")
OPENVINO = """
import os, time

class _Tensor:
    def __init__(self, width, height, colour):
        self.shape = [1, height, width, 3]
        self.data = [memoryview(bytes(colour) * (width * height))]

class Text2ImagePipeline:
    def __init__(self, folder, device):
        assert device == "CPU"
        if os.path.exists(os.path.join(folder, "broken")):
            raise RuntimeError("Check 'file.is_open()' failed")
        self.loaded_by = os.getpid()

    def generate(self, prompt, *, width, height, num_inference_steps, rng_seed, callback, guidance_scale=1.0, negative_prompt=""):
        assert isinstance(guidance_scale, float) or isinstance(guidance_scale, int)
        for step in range(num_inference_steps):
            callback(step, num_inference_steps, None)
            if "slowly" in prompt:
                time.sleep(0.05)
        if "crash" in prompt:
            os.kill(os.getpid(), 9)
        if "memory" in prompt:
            bytearray(1 << 40)
        if "fault" in prompt:
            raise RuntimeError("something in the model")
        return _Tensor(width, height, [rng_seed % 256, len(negative_prompt) % 256, num_inference_steps])
"""
DIFFUSERS = """
import types

class _Picture:
    def __init__(self, width, height, colour):
        self.width, self.height, self._rgb = width, height, bytes(colour) * (width * height)
    def convert(self, mode):
        assert mode == "RGB"
        return self
    def tobytes(self):
        return self._rgb

class DiffusionPipeline:
    @classmethod
    def from_pretrained(cls, folder, *, local_files_only, use_safetensors):
        assert local_files_only and use_safetensors
        return cls()
    def set_progress_bar_config(self, *, disable):
        assert disable
    def __call__(self, prompt, *, width, height, num_inference_steps, generator, callback_on_step_end, output_type, guidance_scale):
        for step in range(num_inference_steps):
            assert callback_on_step_end(self, step, None, {"latents": 1}) == {"latents": 1}
        picture = _Picture(width, height, [generator.seed % 256, 0, num_inference_steps])
        return types.SimpleNamespace(images=[picture], nsfw_content_detected=["nude" in prompt])
"""
TORCH = """
class Generator:
    def __init__(self, device):
        assert device == "cpu"
    def manual_seed(self, seed):
        self.seed = seed
        return self

def set_num_threads(number):
    assert number >= 1
"""
PACKAGES = {"openvino": {"openvino_genai": OPENVINO}, "diffusers": {"diffusers": DIFFUSERS, "torch": TORCH}, "none": {}}


def an_interpreter(folder: Path, engine: Literal["openvino", "diffusers", "none"] = "openvino") -> str:
    """A Python with an environment of its own, in which a stand-in of this engine lies."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name, text in PACKAGES[engine].items():
        (packages / f"{name}.py").write_text(text)
    return str(folder / "bin" / "python")


@cache
def the_interpreter(engine: Literal["openvino", "diffusers", "none"] = "openvino") -> str:
    """The same, made once for all tests of this process: nothing is ever written into it."""
    return an_interpreter(Path(_FOLDERS.name) / engine, engine)


def a_model_folder(folder: Path, engine: Literal["openvino", "diffusers"] = "openvino", pipeline: str = "StableDiffusionPipeline") -> Path:
    """A folder that looks like a model: the names of its files are those the exporters give, and nothing is in them."""
    parts = {"openvino": ("unet", "text_encoder", "vae_decoder"), "diffusers": ("unet", "text_encoder", "vae")}[engine]
    files = {"openvino": ("openvino_model.xml", "openvino_model.bin"), "diffusers": ("diffusion_pytorch_model.safetensors",)}[engine]
    for part in parts:
        (folder / part).mkdir(parents=True)
        for file in files:
            (folder / part / file).write_bytes(b"")
    (folder / "model_index.json").write_text(json.dumps({"_class_name": pipeline, "unet": ["diffusers", "UNet2DConditionModel"]}))
    return folder


if __name__ == "__main__":
    place = Path(sys.argv[1])
    a_model_folder(place / "model")
    print(f"LOCAL_MODEL={place / 'model'} LOCAL_MODEL_PYTHON={an_interpreter(place / 'python')} make run")
