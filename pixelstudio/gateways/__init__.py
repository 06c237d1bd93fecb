"""Gateways: what the studio asks of others beside drawing, each a contract and its adapters."""
