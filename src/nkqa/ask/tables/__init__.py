"""Questions about tables: `grid` is a table as numbers, `reading` the question, `arithmetic` the answer."""
