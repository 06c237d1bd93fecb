"""Wording: words that whoever looks after the installation does not want to read in its gallery.

Tables: blocked_word. Events: none. Called by whatever takes words for everybody (gallery), and by moderation, which keeps the list.
"""
