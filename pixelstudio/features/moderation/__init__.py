"""Moderation: what people report, and what whoever looks after the installation decides about it, with a reason its author reads.

Tables: report. Events: report.changed. Called by the surfaces; builds on gallery, conduct, logbook, wording and notifications, which know nothing of it.
"""
