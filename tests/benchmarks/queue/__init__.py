"""The queue, measured: against others on the same Postgres and SQLite, deep, disturbed, idle, and killed."""
