"""Speed, memory and size, measured by `make bench` and kept in docs/benchmarks.md."""
