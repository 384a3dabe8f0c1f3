"""Term index: SQLite FTS5 over stems made by `nkqa.text.terms`, so that corpus and question are analysed alike."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from nkqa.store.files import write_synced

TERMS_FILE = "terms.sqlite"
# Weight of a term in the words around a passage (headings, neighbours, table header) against one in the passage.
CONTEXT_WEIGHT = 0.4


def write_terms(folder: Path, rows: Iterable[tuple[Sequence[str], Sequence[str]]], words: Iterable[str]) -> None:
    """Write the stems of each passage, in passage order, as (own, around), and the words of the corpus as spelt.

    Made in memory, as `facts` are.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        with connection:
            _fill(connection, rows, words)
        write_synced(folder / TERMS_FILE, connection.serialize())


def _fill(
    connection: sqlite3.Connection, rows: Iterable[tuple[Sequence[str], Sequence[str]]], words: Iterable[str]
) -> None:
    # The stems are cut already; the tokenizer only has to split at spaces.
    connection.execute(
        """CREATE VIRTUAL TABLE passages USING fts5(
            own, around, tokenize = "unicode61 remove_diacritics 0 tokenchars '''.,'")"""
    )
    connection.executemany(
        "INSERT INTO passages (rowid, own, around) VALUES (?, ?, ?)",
        ((number, " ".join(own), " ".join(around)) for number, (own, around) in enumerate(rows)),
    )
    connection.execute("INSERT INTO passages (passages) VALUES ('optimize')")
    connection.execute("CREATE TABLE vocabulary (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID")
    connection.execute("CREATE VIRTUAL TABLE counts USING fts5vocab(passages, row)")
    connection.execute("INSERT INTO vocabulary SELECT term, doc FROM counts")
    connection.execute("DROP TABLE counts")
    connection.execute("CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT OR IGNORE INTO words VALUES (?)", ((word,) for word in words))


class Lexical:
    """Searches passages by term, and knows how rare a term is. Thread-safe: SQLite serialises the calls."""

    def __init__(self, folder: Path) -> None:
        uri = f"{(folder / TERMS_FILE).absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._connection.execute("SELECT word FROM words LIMIT 1").fetchone()  # a file of another form is found out now
        (self._size,) = self._connection.execute("SELECT count(*) FROM passages").fetchone()

    def search(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """Return BM25 scores of the best passages that hold any of the terms, best first, by passage number."""
        # SQLite takes a NUL for the end of the query; no corpus holds one.
        wanted = [term for term in dict.fromkeys(terms) if "\0" not in term]
        if not wanted:
            return {}
        query = " OR ".join('"' + term.replace('"', '""') + '"' for term in wanted)
        rows = self._connection.execute(
            "SELECT rowid, -bm25(passages, 1.0, ?) AS score FROM passages WHERE passages MATCH ? "
            "ORDER BY score DESC, rowid LIMIT ?",
            (CONTEXT_WEIGHT, query, limit),
        ).fetchall()
        return {int(number): float(score) for number, score in rows}

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the inverse document frequency of each term: log(1 + (N - n + 0.5) / (n + 0.5)).

        The formula is that of BM25 in Lucene; a term that no passage holds has the highest weight.
        """
        wanted = tuple(dict.fromkeys(terms))
        marks = ",".join("?" * len(wanted))
        query = f"SELECT term, passages FROM vocabulary WHERE term IN ({marks})"  # noqa: S608 (question marks only)
        counts = dict(self._connection.execute(query, wanted).fetchall())
        return {
            term: math.log(1 + (self._size - counts.get(term, 0) + 0.5) / (counts.get(term, 0) + 0.5))
            for term in wanted
        }

    def stems(self, passages: Iterable[int]) -> dict[int, frozenset[str]]:
        """Return all stems in and around each passage."""
        numbers = tuple(passages)
        marks = ",".join("?" * len(numbers))
        query = f"SELECT rowid, own || ' ' || around FROM passages WHERE rowid IN ({marks})"  # noqa: S608 (as above)
        return {int(number): frozenset(text.split()) for number, text in self._connection.execute(query, numbers)}

    def words(self) -> frozenset[str]:
        """Return every word of the corpus, normalized but not stemmed."""
        return frozenset(word for (word,) in self._connection.execute("SELECT word FROM words"))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
