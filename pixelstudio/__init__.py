"""Pixel Studio: from a prompt to a product on sale, in one place you own."""
