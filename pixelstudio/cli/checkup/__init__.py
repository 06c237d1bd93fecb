"""What `doctor` looks at, part by part. Each part returns findings, changes nothing that lasts, and may run while the studio serves."""
