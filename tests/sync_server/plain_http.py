"""For clients of servers that speak plain HTTP."""

from __future__ import annotations

import ssl

# It trusts nobody. Without it each client reads the system's authorities anew: 28 ms, a third of a small test.
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
