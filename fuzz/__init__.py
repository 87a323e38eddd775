"""Changes files at random and reads them, to find what harms or puzzles the reader."""
