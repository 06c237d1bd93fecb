"""Notifications: what happened that somebody may want to know, kept until they read it.

Tables: notification, notification_choice. Events: inbox.changed.
Called by gallery and moderation in the transaction of what happened, so that none is lost and none told twice, and by the surfaces.
"""
