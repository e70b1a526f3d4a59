"""The sample federation: loopback servers that speak the formats of real service directories.

``serve(port, day)`` is all a test needs; ``serve.py`` next door is the same for the shell.
All texts are made up for this sample. Service keys and official names are facts of the LeiKa
catalogue (2019) and of PVOG (January 2025).
"""

from federation.federation import Federation, serve

__all__ = ["Federation", "serve"]
