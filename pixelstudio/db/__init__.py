"""SQLite and Postgres behind one face: the engine, the write lane, transactions, raw scripts, the outbox, migrations."""
