"""What import-linter cannot see: rules over the code's own syntax, and the printed documents that have to equal the code."""
