"""XZuFi messages, versions 2.1.0 to 2.3.1, as index pull and as event log."""
