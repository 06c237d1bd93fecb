"""Conduct: what was decided about what somebody showed or said, why, what follows from it, and their appeal.

Tables: ruling. Events: ruling.changed.
Written by moderation; asked by whatever shows pictures to everybody (images, generation, gallery), and by the surfaces.
"""
