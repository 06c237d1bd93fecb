"""Credits: an append-only ledger. A balance is a sum; nothing is ever changed or removed.

Table: credit_entry. No events: what happened to credits is told by the fact that moved them.
Called by accounts (first and daily credits) and by whoever sells something for credits; every entry's unique key makes its
command safe to repeat.
"""
