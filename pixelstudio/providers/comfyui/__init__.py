"""ComfyUI on one's own machine: offered only when an address is set.

`graph` builds what it executes, `wire` reads what it answers, `provider` is the adapter, `accounts` makes it from the settings.
"""
