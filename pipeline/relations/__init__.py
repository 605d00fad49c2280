"""Relation sources, one file each."""
