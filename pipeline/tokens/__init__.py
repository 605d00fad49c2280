"""Words and sentences: one file for each segmenter, and the sentence stage."""
