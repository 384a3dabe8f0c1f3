"""Conversations of OpenAI's form read as questions, and answers said in that form: whole, or in chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from nkqa.errors import QuestionError
from nkqa.serve.openai_schema import MODEL, ChatMessage
from nkqa.serve.sources import content_of, sources_of
from nkqa.serve.stream import pieces

Json = dict[str, Any]

_MARK = re.compile(r"\[(\d{1,4})\]")


def questions_of(messages: Sequence[ChatMessage]) -> tuple[str, list[str]]:
    """Return the question, which is the last user message, and the earlier ones; raises QuestionError."""
    asked = [_text(message) for message in messages if message.role == "user"]
    if not asked:
        raise QuestionError("There is no message of the user.", "Put the question into a message with role user.")
    return asked[-1], asked[:-1]


def _text(message: ChatMessage) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    other = [part.type for part in message.content if part.type != "text"]
    if other:
        raise QuestionError(f"A message has a part of type {other[0][:80]!r}.", "nkqa reads parts of type text only.")
    return " ".join(part.text or "" for part in message.content)


def annotations_of(answer: Mapping[str, Any], base_url: str) -> list[Json]:
    """Return an annotation for each mark in the text, in its order; offsets are code points of the content."""
    cited = {one["number"]: one for one in answer["citations"]}
    marks = [(found, cited.get(int(found[1]))) for found in _MARK.finditer(answer["text"])]
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "url": _address(citation, base_url),
                "title": citation["document_title"],
                "start_index": found.start(),
                "end_index": found.end(),
            },
            "citation": citation["number"],
        }
        for found, citation in marks
        if citation
    ]


def _address(citation: Mapping[str, Any], base_url: str) -> str:
    """Return the address of the page that shows a citation in its source (web/lib/places.js)."""
    place = f"{citation['start_char_index']}-{citation['end_char_index']}"
    return f"{base_url}source/{quote(citation['document_id'], safe='')}?at={place}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What all parts of one reply have in common."""

    id: str
    created: int
    generation: str
    base_url: str
    prompt_words: int

    def completion(self, answer: Mapping[str, Any]) -> Json:
        """Return an answer as a whole."""
        content = content_of(answer)
        message = {"role": "assistant", "content": content, "refusal": None, **self._beside(answer)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage(content)}

    def first_chunk(self) -> Json:
        """Return the chunk that begins a stream, before there is an answer."""
        return self._chunk({"role": "assistant", "content": ""})

    def chunks(self, answer: Mapping[str, Any], with_usage: bool) -> Iterator[Json]:
        """Yield an answer: its text in pieces, its sources, what stands beside the text, the end."""
        for piece in pieces(answer["text"]):
            yield self._chunk({"content": piece})
        sources = sources_of(answer["citations"])
        if sources:
            yield self._chunk({"content": sources})
        yield self._chunk(self._beside(answer))
        yield self._chunk({}, "stop")
        if with_usage:
            usage = self._usage(content_of(answer))
            yield {**self._head("chat.completion.chunk"), "choices": [], "usage": usage}

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> Json:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": MODEL,
            "system_fingerprint": self.generation,
        }

    def _beside(self, answer: Mapping[str, Any]) -> Json:
        return {"annotations": annotations_of(answer, self.base_url), "nkqa": dict(answer)}

    def _usage(self, content: str) -> Json:
        said = len(content.split())
        total = self.prompt_words + said
        return {"prompt_tokens": self.prompt_words, "completion_tokens": said, "total_tokens": total}
