"""Models of the Hugging Face hub, drawn by its inference providers: offered only when a token is set.

`catalogue` holds the models as rows, each with the provider that draws it, `wire` speaks the protocol of each of these providers, and
`provider` is the adapter. Providers that answer with an address instead of a picture are not among them.
"""
