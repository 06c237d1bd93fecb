"""Mail: one letter to one person; by SMTP where the maintainer has named a server."""
