"""The queue: rows that say what is to be done, and the runner that does it, once, in order, within limits.

Owns the tables `q_lane`, `q_class`, `q_flow`, `q_job`, `q_payload`, `q_attempt`, `q_progress` and `q_turn`. A feature
calls `queue.enqueue` inside its own transaction and registers a kind (`kind.JobKind`) that runs the job and settles what hangs on it.
Nothing here knows a feature.
Times are float epochs and states are small integers in this package only: the claim reads these rows thousands of times a second.
"""
