"""Every component in every state, by day and by night, for whoever looks after the installation and for whoever builds a page."""
