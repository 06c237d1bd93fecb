"""What draws in the house: a web UI, a ComfyUI, a model on this machine."""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from pixelstudio.core.setting_groups.kinds import BaseUrl, Key


class House(BaseSettings, title="In the house"):
    a1111_base_url: BaseUrl = Field(
        "", description="Address of a Stable Diffusion web UI started with --api (A1111, Forge, SD.Next), such as http://localhost:7860."
    )
    a1111_login: Key = Field(SecretStr(""), description="user:password, when it was started with --api-auth.")
    a1111_name: str = Field("Web UI", min_length=1, max_length=40, description="What it is called in the studio.")
    a1111_price_credits: int = Field(0, ge=0, le=1_000, description="Credits for one picture of it.")
    a1111_timeout_s: float = Field(300.0, ge=30, le=1_800, description="Seconds after which it is given up on a picture.")
    comfyui_base_url: BaseUrl = Field("", description="Address of a ComfyUI server, such as http://localhost:8188.")
    comfyui_name: str = Field("ComfyUI", min_length=1, max_length=40, description="What it is called in the studio.")
    comfyui_price_credits: int = Field(0, ge=0, le=1_000, description="Credits for one picture of it.")
    comfyui_timeout_s: float = Field(300.0, ge=30, le=1_800, description="Seconds after which it is given up on a picture.")
    local_model: str = Field(
        "", description="Folder of an image model on this machine, exported for OpenVINO or as diffusers keeps it; empty: none is offered."
    )
    local_model_name: str = Field("Local model", min_length=1, max_length=40, description="What it is called in the studio.")
    local_model_python: str = Field(
        "", description="Interpreter of the environment that openvino-genai or diffusers is installed in; empty: the studio's own."
    )
    local_model_memory_mb: int = Field(
        16_384, ge=512, le=1_048_576, description="Address space, in MB, that drawing with it may take before its process is ended."
    )
    local_model_price_credits: int = Field(0, ge=0, le=1_000, description="Credits for one picture of it.")
    local_model_timeout_s: float = Field(600.0, ge=30, le=3_600, description="Seconds after which it is given up on a picture.")
