"""A model on this machine: drawn by a real child in an environment of its own, where a tiny package stands for the large one."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys

import pytest
from PIL import Image

from pixelstudio.core.errors import Invalid
from pixelstudio.core.settings import load_settings
from pixelstudio.providers.contract import DrawRequest
from pixelstudio.providers.errors import Misconfigured, Refused, Unavailable
from pixelstudio.providers.local.accounts import local_models, local_workshop
from pixelstudio.providers.local.folder import Engine
from pixelstudio.providers.registry import Registry
from tests.local_models import a_model_folder, the_interpreter


@pytest.fixture
async def opened(tmp_path):
    """Opens models by their engine, in a folder of the test; their children end with the test."""
    workshops = []

    def open_one(engine: Engine = "openvino", *, python=None, **changes):
        folder = tmp_path / "model"
        if not folder.exists():
            a_model_folder(folder, engine)
        settings = load_settings(
            local_model=str(folder), local_model_python=python or the_interpreter(engine), local_model_memory_mb=2048, **changes
        )
        workshops.append(local_workshop(settings))
        (model,) = local_models(settings, workshops[-1])
        return model, workshops[-1]

    yield open_one
    for workshop in workshops:
        await workshop.close()


def _request(model, prompt="a red boat", **changes):
    values = {"negative_prompt": "", "seed": 7, "width": 512, "height": 768, "steps": 3}
    return DrawRequest(model.models[0].id, prompt, **{**values, **changes})


async def _drawn(model, *arguments, **changes):
    handle = await model.submit(_request(model, *arguments, **changes))
    steps = [(step.step, step.steps) async for step in model.progress(handle)]
    (picture,) = await model.fetch(handle)
    return steps, Image.open(io.BytesIO(picture))


def test_without_a_folder_nothing_is_offered_and_no_child_starts():
    settings = load_settings()
    workshop = local_workshop(settings)

    assert local_models(settings, workshop) == []
    assert workshop.memory_mb() == {}


def test_importing_the_adapter_loads_nothing_that_draws():
    heavy = "{'numpy', 'openvino_genai', 'openvino', 'diffusers', 'torch', 'PIL'}"
    code = f"import sys, pixelstudio.providers.local.accounts; print(sorted({heavy} & set(sys.modules)))"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("engine", ["openvino", "diffusers"])
async def test_a_picture_comes_with_each_step_and_is_what_was_asked_for(opened, engine):
    model, _ = opened(engine)

    steps, picture = await _drawn(model, seed=9)

    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert picture.size == (512, 768)
    assert picture.getpixel((5, 5)) == (9, 0, 3)


async def test_what_nobody_chose_is_taken_from_the_row_of_its_family(opened):
    model, _ = opened()

    steps, picture = await _drawn(model, steps=None, negative_prompt="fog")

    assert len(steps) == model.models[0].steps_offered.usual == 20
    assert picture.getpixel((0, 0)) == (7, 3, 20)


async def test_the_model_stays_loaded_and_a_crash_ends_the_child_alone(opened):
    model, workshop = opened()
    await _drawn(model)
    first = set(workshop.memory_mb())
    await _drawn(model)
    assert set(workshop.memory_mb()) == first

    with pytest.raises(Unavailable) as failure:
        await _drawn(model, "a crash at sea")

    assert (failure.value.code, failure.value.may_retry) == ("child_died", True)
    await _drawn(model)
    assert set(workshop.memory_mb()).isdisjoint(first)


async def test_one_picture_is_drawn_at_a_time(opened):
    model, workshop = opened()

    await asyncio.gather(*(_drawn(model, seed=seed) for seed in range(4)))

    assert len(workshop.memory_mb()) == 1
    assert Registry([model]).lanes["local"].concurrency == 1


async def test_calling_it_off_ends_the_child_and_the_next_one_is_drawn(opened):
    model, workshop = opened()
    handle = await model.submit(_request(model, "drawn slowly", steps=60))

    seen = 0
    async for _ in model.progress(handle):
        seen += 1
        await model.cancel(handle)

    assert seen == 1
    assert await model.poll(handle) == "cancelled"
    assert workshop.memory_mb() == {}
    await _drawn(model)


async def test_too_much_memory_is_said_and_costs_only_the_child(opened):
    model, _ = opened()

    with pytest.raises(Misconfigured) as failure:
        await _drawn(model, "a memory of the sea")

    assert failure.value.code == "local_memory_too_small"
    await _drawn(model)


async def test_a_picture_that_takes_too_long_is_stopped(opened):
    model, _ = opened(local_model_timeout_s=30.0)
    model._children._wall_s = 0.5

    with pytest.raises(Refused) as failure:
        await _drawn(model, "drawn slowly", steps=60)

    assert failure.value.code == "local_model_too_slow"


async def test_a_fault_inside_the_model_is_tried_again_and_the_child_goes_on(opened):
    model, _ = opened()

    with pytest.raises(Unavailable) as failure:
        await _drawn(model, "a fault line")

    assert failure.value.code == "task_failed"
    assert failure.value.fields["message"] == "something in the model"


async def test_what_the_models_own_checker_holds_back_is_refused(opened):
    model, _ = opened("diffusers")

    with pytest.raises(Refused) as failure:
        await _drawn(model, "a nude")

    assert failure.value.code == "prompt_refused"


async def _code_of(asking) -> str:
    with pytest.raises(Misconfigured) as failure:
        await asking
    assert failure.value.sentence.endswith("Choose another model.")
    return failure.value.code


async def test_a_package_that_is_not_installed_is_said_by_the_check_and_the_refusal(opened):
    model, _ = opened(python=the_interpreter("none"))

    assert await _code_of(model.check()) == "local_package_missing"
    assert await _code_of(_drawn(model)) == "local_package_missing"


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false"])
async def test_a_python_that_does_not_start_is_said(opened, python):
    model, _ = opened(python=python)

    assert await _code_of(model.check()) == "local_python_unusable"
    assert await _code_of(_drawn(model)) == "local_python_unusable"


async def test_a_folder_that_goes_away_is_said_and_the_model_stays_offered(opened, tmp_path):
    model, _ = opened()
    (tmp_path / "model").rename(tmp_path / "elsewhere")

    assert await _code_of(model.check()) == "local_model_missing"
    assert await _code_of(_drawn(model)) == "local_model_missing"
    (tmp_path / "model").mkdir()
    late, _ = opened()
    assert late.models[0].id == model.models[0].id
    assert await _code_of(late.check()) == "local_model_not_one"


async def test_a_model_that_does_not_load_is_said_with_its_reason_in_the_log(opened, tmp_path, capsys):
    model, _ = opened()
    (tmp_path / "model" / "broken").touch()

    assert await _code_of(_drawn(model)) == "local_model_broken"
    assert "file.is_open()" in capsys.readouterr().out


async def test_the_check_costs_no_drawing_and_does_not_wait_for_one(opened):
    model, _ = opened()
    handle = await model.submit(_request(model, "drawn slowly", steps=60))
    steps = model.progress(handle)
    await anext(steps)

    async with asyncio.timeout(10):
        health = await model.check()

    assert health.not_offered == ()
    await steps.aclose()


@pytest.mark.parametrize("change", [{"width": 500}, {"reference": b"x"}, {"steps": 61}], ids=str)
async def test_what_it_cannot_do_is_refused_before_anything_starts(opened, change):
    model, workshop = opened()

    with pytest.raises(Invalid):
        await model.submit(_request(model, **change))

    assert workshop.memory_mb() == {}
