"""Whoever draws: one contract, a few kinds of failure, one registry, and an adapter per provider.

Capabilities and prices are rows (`contract.ImageModel`) that the form, the validator, the price and the adapter all read.
Adapters do not know each other, and only `bootstrap` names them, where it opens them. The built-in provider is `sketch`; it needs no key and
is not AI.
"""
