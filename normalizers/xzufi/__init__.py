"""XZuFi, the exchange format of the Zuständigkeitsfinder: versions 2.1, 2.2 and 2.3 of the XÖV standard.

What is assumed, because no schema is public: the elements are those that the FIM portal's OpenAPI 0.24.0 names for
``Leistung220`` and ``Leistung231``, in lower camel case; the root's own name has no meaning; records stand in
``schreibe`` and ``loesche`` right below it. What does not fit is reported, never passed over.
"""

from normalizers.xzufi.message import normalize

__all__ = ["normalize"]
