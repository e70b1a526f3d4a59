"""A whole country, made up: Bund, Länder and municipalities with real names and keys, and everything they publish.

Every document is a pure function of seed, scale, day and identity, so that any of them can be made in any order and none
has to be kept. ``nation`` says what there is, ``formats`` how it is written, ``server`` plays it on loopback, ``truth`` knows
what a harvest has to find, ``run`` harvests it and measures.
"""
