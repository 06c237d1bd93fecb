"""Operations: how the installation runs, for whoever looks after it: its lanes, what should worry them, and holding a lane by hand.

No tables and no events of its own: it reads the queue, the forecasts and the ledger. Called by the admin page, the doctor and the schedule.
"""
