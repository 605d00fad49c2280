"""The annotators' side: reading and checking hand annotations, comparing two passes, settling their differences."""
