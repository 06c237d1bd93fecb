"""The ways a call fails before its answer can be read. What counts most is whether the request may have reached the other side.

NetError
 |- NotSent           nothing of the request left this machine: asking again cannot be charged twice
 '- Sent              the request left, or may have
     |- NoAnswer      reset, silence or deadline before the answer was complete
     '- AnswerUnfit   an answer came and may not be read: larger than agreed, or compressed unasked
"""

from __future__ import annotations

from pixelstudio.core.errors import Unavailable


class NetError(Unavailable):
    """Base of the tree. `fields["reason"]` is a word for the log; no address, header or body is ever in here."""

    default_code = "network"


class NotSent(NetError):
    """Name not found, refused, no TLS, no route, or not sent because it took too long to begin."""

    default_code = "network_not_sent"


class Sent(NetError):
    """The request left, so the other side may have acted on it."""

    default_code = "network_sent"


class NoAnswer(Sent):
    """Nothing came, or it broke off half way."""

    default_code = "network_no_answer"


class AnswerUnfit(Sent):
    """It came and is not read any further."""

    default_code = "network_answer_unfit"
