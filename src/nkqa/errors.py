"""The one error family: every error says what happened and what to do; the edges turn it into exit codes and HTTP.

Exit codes of the command line: 0 done, 1 a check failed, 2 bad usage, question or setting, 3 a corpus that cannot be
built, 4 no index or a broken one, 5 another builder is at work, 6 the model is missing or not the expected one.
"""

from __future__ import annotations


class NkqaError(Exception):
    """Base of all errors that a user or an operator can cause and mend."""

    exit_code = 1

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


class SettingsError(NkqaError):
    """A setting is unknown or has a value that cannot be used."""

    exit_code = 2


class QuestionError(NkqaError):
    """A question is empty, too long, or not text; also a question file that cannot be read."""

    exit_code = 2


class QuestionTimeoutError(NkqaError):
    """A question takes longer than the operator allows."""


class UnknownDocumentError(NkqaError):
    """No document of the index has this id."""

    exit_code = 2


class UnknownFactError(NkqaError):
    """No fact of the index has this id."""

    exit_code = 2


class FeedbackError(NkqaError):
    """The feedback kept beside the index cannot be read or written."""

    exit_code = 2


class CorpusError(NkqaError):
    """A corpus folder or one of its files cannot be read as text."""

    exit_code = 3


class NoIndexError(NkqaError):
    """No generation has been built yet."""

    exit_code = 4


class BrokenIndexError(NkqaError):
    """A generation is damaged, incomplete, or of another format or model."""

    exit_code = 4


class BuildInProgressError(NkqaError):
    """Another process is building this index."""

    exit_code = 5


class ModelError(NkqaError):
    """The embedding model is not installed or is not the expected file."""

    exit_code = 6
