"""`python -m pixelstudio`: serve, worker, migrate, claim, password, settle, doctor."""

from __future__ import annotations

import sys

from pixelstudio.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
