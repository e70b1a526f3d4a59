"""Telling people what needs them, where they are: mail, chat, feed. A channel that fails never fails a run."""
