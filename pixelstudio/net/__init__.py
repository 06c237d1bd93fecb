"""HTTP going out: one client with a total deadline, byte caps and secrets that stay secret. Adapters speak HTTP through it alone.

Owns no tables and publishes nothing. Knows no provider: what an answer means is the adapter's to say. Retries nothing, ever: whoever
asks may be charged, so asking again is decided where the job is.
"""
