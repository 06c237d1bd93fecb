"""fal.ai: models of many makers behind one queue, asked after or calling back. Offered only when a key is set.

`catalogue` has a row for each model, `wire` reads what comes, `provider` asks, `deliveries` proves what is brought.
"""
