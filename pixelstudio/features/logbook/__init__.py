"""The logbook: what maintainers did, written in the commit of the act, read by maintainers alone, and never changed.

Tables: logbook_entry. Events: logbook.written.
Called by every slice in which a maintainer does something to what is not theirs alone.
"""
