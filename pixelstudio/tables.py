"""Imports every table, so that migrations and tests see one metadata."""

# Imported for their effect on the metadata.
# pyright: reportUnusedImport=false

from __future__ import annotations

import pixelstudio.db.outbox
import pixelstudio.features.accounts.tables
import pixelstudio.features.conduct.tables
import pixelstudio.features.credits.tables
import pixelstudio.features.digests.tables
import pixelstudio.features.footfall.tables
import pixelstudio.features.gallery.tables
import pixelstudio.features.generation.tables
import pixelstudio.features.images.tables
import pixelstudio.features.logbook.tables
import pixelstudio.features.moderation.tables
import pixelstudio.features.notifications.tables
import pixelstudio.features.presets.tables
import pixelstudio.features.prompts.tables
import pixelstudio.features.webhooks.tables
import pixelstudio.features.wording.tables
import pixelstudio.jobs.tables  # noqa: F401  # imported for their effect on the metadata
