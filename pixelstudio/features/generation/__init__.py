"""Generations: a prompt becomes a set of slots, each slot a job, each job a picture or an honest refusal.

Tables: generation, generation_slot, forecast. Events: generation.queued, generation.picture_drawn, generation.slot_ended, generation.slot_unknown,
generation.ended.
Job kind: generation.render. Called by the surfaces; builds on accounts (who acts), credits (the price) and images (the result).
"""
