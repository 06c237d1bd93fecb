"""Digests: what came into somebody's inbox, as a letter once a day or once a week, for whoever asks for it.

Tables: digest. Events: none. Called by the surfaces and by upkeep; builds on accounts, notifications and gallery, and on whoever sends mail.
"""
