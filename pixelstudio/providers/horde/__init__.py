"""The AI Horde, where volunteers draw with their own cards: offered only when a key is set, which may be the one for nobody.

`catalogue` holds the models as rows, `wire` builds requests and reads answers, `provider` is the adapter.
"""
