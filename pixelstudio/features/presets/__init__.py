"""Presets: settings of the composer that a person has given a name, to begin with them again.

Table: preset. No events: what a person names is shown where they named it. Called by the surfaces; builds on accounts (who acts).
A preset is only kept text and numbers; whether it can still be drawn is said when it is asked for.
"""
