"""Writes the next migration from what the models say and the migrations do not; a human reads it before it is committed."""

from __future__ import annotations

import asyncio
import sys

from pixelstudio.db.migrate import write_revision

if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('Say what it does: make migration m="add boards"')
    asyncio.run(write_revision(sys.argv[1].strip()))
