"""BLAKE2b without OpenSSL: names and checks of everything that is stored. The bottom of the package.

`hashlib` gives the same function and loads OpenSSL for others that nobody here asks for; on a warm start that is one
millisecond in thirty. Python's own `random` imports its hash in the same way.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b"]
