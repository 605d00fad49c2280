"""From the bytes of a page to its articles: reader, lines (what each line is), articles, joining, composing."""
