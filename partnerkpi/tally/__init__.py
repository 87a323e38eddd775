"""From rows to counts, by whichever engine holds the rows: answers, activities, customers."""
