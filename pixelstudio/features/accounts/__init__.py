"""Who is who: accounts, sign-in sessions, throttles and the claim of an installation.

Tables: account, sign_in_session, sign_in_attempt, claim_token. Events: session.signed_out.
Called by the surfaces; every other slice may read `Actor`, nobody reads these tables.
"""
