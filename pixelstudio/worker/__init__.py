"""The worker as a process of its own, beside any number of servers on the same database: start, signals, drain."""
