"""The asserts of all tests, rewritten and kept as pytest does it: `python -m tests.asserts`, while the pages are built.

Left to pytest, every worker rewrites all of them for itself, at the same moment, before any of them has a test to run.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from _pytest.assertion import rewrite  # where it writes down what it has rewritten; there is no door to it from outside


def main() -> None:
    """Rewrite what has changed since it was rewritten last, here or by pytest."""
    tests = Path(__file__).resolve().parent
    for path in itertools.chain(tests.rglob("test_*.py"), tests.rglob("conftest.py")):
        keep_rewritten(path)


def keep_rewritten(path: Path) -> None:
    """Leave beside this file what pytest would, unless it is there. Safe while pytest runs: it finds the whole of it or nothing."""
    kept = rewrite.get_cache_dir(path) / f"{path.stem}{rewrite.PYC_TAIL}"
    if rewrite._read_pyc(path, kept) is None:
        digest, code = rewrite._rewrite_test(path, None)  # type: ignore[arg-type]  # it is asked for settings of pytest that we leave alone
        kept.parent.mkdir(exist_ok=True)
        begun = kept.with_suffix(".begun")
        with begun.open("wb") as file:
            rewrite._write_pyc_fp(file, digest, code)
        begun.replace(kept)


if __name__ == "__main__":
    main()
