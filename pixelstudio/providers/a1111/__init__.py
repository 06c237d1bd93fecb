"""Stable Diffusion web UI (A1111), Forge and SD.Next on one's own machine: offered only when an address is set.

`wire` builds requests and reads answers, `provider` is the adapter, `accounts` makes it from the settings.
"""
