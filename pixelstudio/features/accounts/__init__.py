"""Who is who: accounts and guests, what they show of themselves, sign-in sessions, throttles and the claim of an installation.

Tables: account, avatar, preference, former_handle, mute, sign_in_session, sign_in_attempt, claim_token, password_reset. Events:
session.signed_out, wishes.changed.
Called by the surfaces; every other slice may read `Actor`, nobody reads these tables.
"""
