"""Imports every table, so that migrations and tests see one metadata."""

# pyright: reportUnusedImport=false  # imported for their effect on the metadata

from __future__ import annotations

import pixelstudio.db.outbox
import pixelstudio.features.accounts.tables
import pixelstudio.features.credits.tables
import pixelstudio.features.generation.tables
import pixelstudio.features.images.tables
import pixelstudio.jobs.tables  # noqa: F401  # imported for their effect on the metadata
