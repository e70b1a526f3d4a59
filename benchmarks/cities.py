"""Regional keys (ARS) of 32 cities of Nordrhein-Westfalen, from the Gemeindeverzeichnis of Destatis, as of 2026."""

# Kreisfreie Städte, by the three digits that follow 05 (Nordrhein-Westfalen).
_FREE = (111, 112, 113, 114, 116, 117, 119, 120, 122, 124, 314, 315, 316, 512, 513, 515, 711, 911, 913, 914, 915, 916)
# Towns of Kreis Recklinghausen (05562): the number of the Verband, which is that of the town as well.
_TOWNS = (4, 8, 12, 14, 16, 20, 24, 28, 32, 36)

CITIES = tuple(f"05{city}0000000" for city in _FREE) + tuple(f"05562{town:04}{town:03}" for town in _TOWNS)
