"""Code lists of the XRepository, held against the files in ``data`` that were made from them."""
