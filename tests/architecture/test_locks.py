"""The locks: exact, hashed, free of addresses, and agreeing with each other and with what is installed."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import packages_distributions, version

import pytest

from tests.architecture.reading import ROOT, modules
from tools.wheel import EXTRAS, extra_packages

REQUIREMENTS = ROOT / "requirements"
NPM_LOCKS = ("reflex.lock/package-lock.json", "tools/browser/package-lock.json")


def pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def faults_of_requirements(text: str) -> list[str]:
    addresses = [
        line
        for line in text.splitlines()
        if "://" in line or (line.lstrip().startswith(("-", "--index", "--find")) and "--hash=sha256:" not in line)
    ]
    blocks = re.findall(r"^[A-Za-z0-9].*(?:\n    .*)*", text, re.MULTILINE)
    return addresses + [block for block in blocks if "==" not in block or "--hash=sha256:" not in block]


def faults_of_npm_lock(text: str) -> list[str]:
    packages = json.loads(text)["packages"]
    addressed = [name for name, package in packages.items() if "resolved" in package]
    unproved = [name for name, package in packages.items() if name and "integrity" not in package]
    return addressed + unproved


@pytest.mark.parametrize(
    "name", ["installer.txt", "run.txt", "dist.txt", "test.txt", "local.txt", "c2pa.txt", "conformance.txt", "bench.txt"]
)
def test_every_requirement_is_exact_hashed_and_without_address(name):
    text = (REQUIREMENTS / name).read_text()

    assert pins(text)
    assert faults_of_requirements(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://mirror.example/simple\n",
        "--find-links /somewhere\n",
        "a @ https://example.org/a.whl \\\n    --hash=sha256:00\n",
        "a==1.0\n",
        "a>=1.0 \\\n    --hash=sha256:00\n",
    ],
)
def test_a_loose_or_addressed_requirement_is_caught(text):
    assert faults_of_requirements(text)


def test_testing_runs_on_the_versions_that_are_served():
    served, tested = pins((REQUIREMENTS / "run.txt").read_text()), pins((REQUIREMENTS / "test.txt").read_text())

    assert {name: tested.get(name) for name in served} == served


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_fits_beside_what_is_served_and_is_no_part_of_it(extra):
    served, lock = (REQUIREMENTS / "run.txt").read_text(), (REQUIREMENTS / f"{extra}.txt").read_text()

    shared = pins(served).keys() & pins(lock).keys()
    asked = {package.partition("==")[0] for package in extra_packages(lock, served)}

    assert {name: pins(lock)[name] for name in shared} == {name: pins(served)[name] for name in shared}
    assert asked.isdisjoint(pins(served))
    wanted = pins((REQUIREMENTS / f"{extra}.in").read_text()).keys()
    assert wanted <= asked
    assert wanted.isdisjoint(pins((REQUIREMENTS / "test.txt").read_text())), "the tests run without it"


def test_direct_dependencies_are_locked_as_written():
    written = pins((REQUIREMENTS / "run.in").read_text()) | pins((REQUIREMENTS / "test.in").read_text())
    locked = pins((REQUIREMENTS / "test.txt").read_text())

    assert {name: locked[name] for name in written if name in locked} == {name: v for name, v in written.items() if name in locked}
    assert len(written) > 25


def test_what_is_installed_is_what_is_locked():
    assert version("reflex") == pins((REQUIREMENTS / "run.txt").read_text())["reflex"]


@pytest.mark.parametrize("name", NPM_LOCKS)
def test_the_npm_locks_name_hashes_and_no_registry(name):
    assert faults_of_npm_lock((ROOT / name).read_text()) == []


def test_an_npm_lock_with_an_address_is_caught():
    packages = {"": {}, "node_modules/a": {"resolved": "https://registry.example/a.tgz", "integrity": "sha512-x"}}

    assert faults_of_npm_lock(json.dumps({"packages": packages})) == ["node_modules/a"]


def test_no_radix_themes_in_the_front_end():
    text = "".join((ROOT / name).read_text() for name in ("reflex.lock/package.json", "reflex.lock/package-lock.json"))

    assert '"react"' in text
    assert "@radix-ui" not in text


def test_the_lock_of_the_pages_is_the_one_npm_honours():
    wanted = json.loads((ROOT / "reflex.lock/package.json").read_text())
    locked = json.loads((ROOT / "reflex.lock/package-lock.json").read_text())["packages"][""]

    assert locked["dependencies"] == wanted["dependencies"]
    assert locked["devDependencies"] == wanted["devDependencies"]


def test_what_the_product_imports_is_what_it_asks_for():
    """Something that only the tests' packages bring along is missing on the machine that serves."""
    names = {
        package: distributions for package, distributions in packages_distributions().items() if package not in sys.stdlib_module_names
    }
    imported = {name.split(".")[0] for module in modules("pixelstudio") for name, _ in module.imported()}
    asked = {distribution.lower().replace("_", "-") for distribution in pins((REQUIREMENTS / "run.txt").read_text())}
    asked |= {name.partition("[")[0] for name in asked}

    missing = {
        package
        for package in imported & names.keys()
        if package not in {"pixelstudio", "__future__"} and not asked & {name.lower().replace("_", "-") for name in names[package]}
    }

    assert missing == set()
    assert "greenlet" in asked
