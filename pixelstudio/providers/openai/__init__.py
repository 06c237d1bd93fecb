"""OpenAI's image models, and any endpoint that speaks the same protocol: offered only when a key or an address is set.

`catalogue` holds the models as rows with their prices, `wire` builds requests and reads answers, `refusals` turns what OpenAI says
into our kinds of failure, `provider` is the adapter. No SDK: the official one repeats calls that may have been paid for.
"""
