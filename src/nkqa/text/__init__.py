"""One analysis of text for corpus and questions: `terms` (words and stems), `values` (numbers, dates), `sentences`."""
