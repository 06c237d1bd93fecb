"""Pure ASGI around everything: who may talk to this server, from where, and which headers every answer carries. Bytes only.

Owns no tables and publishes nothing. `door.Edge` is put around the whole application by bootstrap; it knows paths and headers,
never people.
"""
