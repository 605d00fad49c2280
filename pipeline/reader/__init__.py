"""The reader: one page on which a person reads newspaper pages, articles, and what was found in them."""
