"""Where bytes live, under the sha256 of themselves: one contract, a folder on disk and a dictionary in memory.

Owns no tables and publishes nothing. Bytes are stored before the rows that name them; a crash in between leaves at worst an object
that no row names.
"""
