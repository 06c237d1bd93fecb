"""Prompts: words made from a few facts, the templates behind them, and prompts worth keeping."""
