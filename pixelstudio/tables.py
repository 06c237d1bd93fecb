"""Imports every table, so that migrations and tests see one metadata."""

# Imported for their effect on the metadata.
# pyright: reportUnusedImport=false

from __future__ import annotations

import pixelstudio.db.outbox
import pixelstudio.features.accounts.tables
import pixelstudio.features.credits.tables
import pixelstudio.features.generation.tables
import pixelstudio.features.images.tables
import pixelstudio.features.presets.tables
import pixelstudio.features.webhooks.tables
import pixelstudio.jobs.tables  # noqa: F401  # imported for their effect on the metadata
