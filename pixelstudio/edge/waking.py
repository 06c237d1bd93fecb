"""Pages are painted first and wake then.

React Router starts a page's modules as soon as they have come: in the middle of the first paint, which then waits for them, and whoever
presses something meanwhile waits too. What is pressed first is answered without them (`assets/studio.js`), so they begin once there is
something to be seen; they are fetched and read all the while.
"""

from __future__ import annotations

import re
from typing import Final

_STARTS: Final = re.compile(r'<script type="module" async="">(.*?)</script>', re.DOTALL)
# What is no script for now lies where React will look for the one it wrote, which then comes in its place; this one takes itself away.
# A page nobody looks at is not painted and wakes at once, as does one that takes long to be painted or cannot tell.
_WAKES: Final = """
(() => {
  const own = document.currentScript, asleep = own.previousElementSibling;
  own.remove();
  const wake = () => {
    const awake = Object.assign(document.createElement("script"), { type: "module", textContent: asleep.textContent });
    if (asleep.isConnected) asleep.replaceWith(awake);
  };
  if (document.hidden || !window.PerformanceObserver) return wake();
  const atRest = window.requestIdleCallback || setTimeout;
  new PerformanceObserver(() => atRest(wake, { timeout: 100 })).observe({ type: "paint", buffered: true });
  setTimeout(wake, 1500);
})();
"""


def painted_first(html: str) -> str:
    """A built page, whose modules begin after its first paint."""
    return _STARTS.sub(rf'<script type="text/plain">\1</script><script>{_WAKES}</script>', html, count=1)
