"""Webhooks: what providers bring by themselves, proved to be genuine and handed to the job it is about; and the log of it.

Tables: webhook_delivery, webhook_refusal. No events: a job that moved tells by itself. Called by the API, which takes deliveries in, and by the
maintainer's page; builds on jobs (the inbox, parking) and on whoever reads deliveries for a provider.
"""
