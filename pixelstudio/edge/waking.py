"""Pages are painted first and wake then.

React Router starts a page's modules as soon as they have come: in the middle of the first paint, which then waits for them, and whoever
presses something meanwhile waits too. What is pressed first is answered without them (`assets/studio.js`), so they begin once there is
something to be seen. They are fetched all the while, but read by nobody before.
"""

from __future__ import annotations

import re
from typing import Final

_SHOWN: Final = "<main"
_READ_AHEAD: Final = '<link rel="modulepreload"'
_FETCHED_AHEAD: Final = '<link rel="preload" as="script" crossorigin="anonymous"'
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
  const seen = (paints) => paints.getEntriesByName("first-contentful-paint").length && atRest(wake, { timeout: 100 });
  new PerformanceObserver(seen).observe({ type: "paint", buffered: true });
  setTimeout(wake, 1500);
})();
"""


def painted_first(html: str) -> str:
    """A built page, whose modules begin after its first paint; one that they draw has nothing to be painted before."""
    if _SHOWN not in html:
        return html
    asleep = _STARTS.sub(rf'<script type="text/plain">\1</script><script>{_WAKES}</script>', html, count=1)
    return asleep.replace(_READ_AHEAD, _FETCHED_AHEAD)
