"""Footfall: how many came, came back and made something each day, in figures that lead to nobody; for whoever looks after the installation.

Tables: footfall_day. Events: none. Counted where it happens, in the memory of each process, and written down every half minute.
"""
