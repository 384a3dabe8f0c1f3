"""Types of the OpenAI-compatible addresses: as much of OpenAI's chat completions as nkqa has a meaning for.

Unlike those under /api/, these requests may hold fields that nothing here reads: clients send what other servers take.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast, Field, WithJsonSchema

from nkqa.serve.schema import AnswerBody, UnicodeText, example

MODEL = "nkqa"
# Of them some are the user's; more is taken into account by no setting.
MAX_MESSAGES = 3000


class _Sent(BaseModel):
    # "allow" says in the description, too, that further fields do no harm.
    model_config = ConfigDict(extra="allow", strict=True)


def _no_tools(value: object) -> object:
    if value:
        raise ValueError("nkqa calls no tools; leave this field out")
    return value


_NoTools = Annotated[Annotated[list[Any], Field(max_length=0)] | None, BeforeValidator(_no_tools)]


def _no_logprobs(value: bool) -> bool:
    if value:
        raise ValueError("nkqa has no tokens, so no probabilities of them; leave this field out")
    return value


# Not Literal[1] and Literal[False]: pydantic takes true for the one and 0 for the other.
_One = Annotated[int, Field(ge=1, le=1)]
_False = Annotated[bool, AfterValidator(_no_logprobs), WithJsonSchema({"const": False, "type": "boolean"})]


class ContentPart(_Sent):
    """A part of a message; of the user's messages only parts of type text are read."""

    type: UnicodeText
    text: UnicodeText | None = None


class ChatMessage(_Sent):
    """One message of a conversation. Only those of the user are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: UnicodeText | list[ContentPart] | None = None


class ResponseFormat(_Sent):
    """The form of the answer."""

    type: Literal["text"] = Field(description="answers are text; the structured answer always stands beside it")


class StreamOptions(_Sent):
    """What a stream holds beside the answer."""

    include_usage: bool | None = Field(None, description="whether a last chunk tells the usage")


class ChatRequest(_Sent):
    """A conversation whose last user message is the question; fields not named here are ignored."""

    model_config = example({"model": MODEL, "messages": [{"role": "user", "content": "Which year had the most?"}]})

    model: UnicodeText = Field(description='"nkqa", as GET /v1/models gives it')
    messages: Annotated[list[ChatMessage], FailFast()] = Field(
        min_length=1, max_length=MAX_MESSAGES, description="the conversation, oldest first"
    )
    stream: bool | None = Field(None, description="whether the answer comes as server-sent events")
    stream_options: StreamOptions | None = None
    n: _One | None = Field(None, description="there is one answer")
    tools: _NoTools = Field(None, description="none: nkqa calls no tools")
    functions: _NoTools = Field(None, description="none: nkqa calls no functions")
    response_format: ResponseFormat | None = None
    modalities: list[Literal["text"]] | None = Field(None, description="text only")
    logprobs: _False | None = Field(None, description="there are no tokens, so no probabilities of them")


class ModelPath(BaseModel):
    """Names one model."""

    model: str = Field(description='"nkqa"')


class UrlCitation(BaseModel):
    """A mark such as [1]: its place in the content, in Unicode code points, and the page that shows its source."""

    url: str
    title: str
    start_index: int
    end_index: int


class Annotation(BaseModel):
    """A citation in OpenAI's form; `nkqa` says which it is."""

    type: Literal["url_citation"]
    url_citation: UrlCitation
    citation: int = Field(description="number of the citation in nkqa.citations")


class AssistantMessage(BaseModel):
    """The answer as text with its sources, and, as `nkqa`, the whole answer as POST /api/ask gives it."""

    role: Literal["assistant"]
    content: str
    refusal: None = Field(description="always null: that nkqa declines is said in the content and in nkqa.status")
    annotations: list[Annotation]
    nkqa: AnswerBody


class Choice(BaseModel):
    """The one answer."""

    index: Literal[0]
    message: AssistantMessage
    logprobs: None
    finish_reason: Literal["stop"]


class Usage(BaseModel):
    """Words, not tokens: of the user's messages, and of the content."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """An answer in OpenAI's form."""

    model_config = ConfigDict(openapi_extra={"content": {"text/event-stream": {}}})  # type: ignore[typeddict-unknown-key]

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    system_fingerprint: str = Field(description="the generation of the index that answered")
    choices: list[Choice]
    usage: Usage


class ModelBody(BaseModel):
    """The one model; `created` is when its index was taken into use, in seconds since 1970."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(BaseModel):
    """All models: one."""

    object: Literal["list"]
    data: list[ModelBody]


class ErrorDetail(BaseModel):
    """What went wrong and what to do."""

    message: str
    type: str
    param: str | None = Field(description="the field that is wrong, where it is one")
    code: str | None = Field(description="names the problem, where the status does not say it all")


class ErrorBody(BaseModel):
    """A failure in OpenAI's form."""

    error: ErrorDetail
