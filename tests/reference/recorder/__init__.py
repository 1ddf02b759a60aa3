"""Runs the reference implementation of ClippyAdagrad and records what it does."""
