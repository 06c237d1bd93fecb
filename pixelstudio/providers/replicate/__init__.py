"""Replicate: models of many makers, drawn as predictions that are asked after or that call back. Offered only when a key is set.

`catalogue` has a row for each model, `wire` reads what comes, `provider` asks, `deliveries` proves what is brought.
"""
