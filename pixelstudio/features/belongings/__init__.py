"""Everything that belongs to one person, across the slices: carried over, handed out as a file, erased.

No tables and no events of its own. Called by the doors (a guest signs in, an account is deleted, an export is asked for) and by upkeep;
builds on accounts, images, generation and credits, which know nothing of it.
"""
