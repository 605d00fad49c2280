"""Event sources, one file each."""
