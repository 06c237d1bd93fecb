"""The vocabulary everything else is built from: errors, time, ids, bounds, settings, facts. Imports nothing of ours."""
