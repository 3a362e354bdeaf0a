"""Words and days, heard and said in one language."""
