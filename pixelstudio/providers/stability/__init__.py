"""Stability AI's v2beta image services: offered only when a key is set.

`catalogue` holds the models as rows with their prices, `wire` builds forms and reads answers, `provider` is the adapter.
"""
