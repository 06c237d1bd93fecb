"""Prompts: a few plain facts about a thing become the words that draw it well; words with choices in them; and prompts worth keeping.

Tables: saved_prompt, prompt_template, written_prompt. No events: what a person keeps is shown where they kept it. Called by the surfaces,
and by generation for the grammar; builds on accounts (who acts).
"""
