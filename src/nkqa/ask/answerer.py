"""Answer from the documents of one tier of trust: a question in, an answer with checked citations out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nkqa.ask.browse import browse
from nkqa.ask.candidates import make_candidates
from nkqa.ask.compose import Composer, with_leads
from nkqa.ask.conversation import latest
from nkqa.ask.decide import Refusal, confidence_needed, decide, explain, off_topic, support, sureness
from nkqa.ask.judge import judge
from nkqa.ask.korean import NOT_STATED, REFUSAL, KoreanTerms, is_korean, read_korean
from nkqa.ask.lookup import Lookup
from nkqa.ask.multi_hop import Joined, asks_twice, find_pair, go_on, joined, two_questions, year_hop, year_of_answer
from nkqa.ask.names import Names
from nkqa.ask.origin import find_origin
from nkqa.ask.question import check_question, read_question
from nkqa.ask.read import excerpt, read
from nkqa.ask.retrieve import is_later, query_vector, retrieve
from nkqa.ask.sections import SectionMatch, find_section
from nkqa.ask.smalltalk import recognise
from nkqa.ask.stages import OnStage, Stages
from nkqa.ask.suggestions import Suggester
from nkqa.ask.timeline import TimelineRow, incidents
from nkqa.ask.trace import Trace
from nkqa.ask.verdict import find_verdict, is_relevant
from nkqa.ask.verify import Ruling, rule
from nkqa.settings import Settings
from nkqa.store.encoder import OnnxEncoder
from nkqa.store.reader import OnnxReader
from nkqa.store.tier import Tier
from nkqa.text.terms import stem, terms
from nkqa.text.values import years
from nkqa.types import (
    Answer,
    AnswerType,
    Citation,
    Claim,
    Evidence,
    Fact,
    FactKind,
    Finding,
    Hit,
    Kind,
    Measure,
    Query,
    Reason,
    Status,
)

# How much of the confidence is left where a yes/no question is answered by a passage and no verdict.
WITHHELD = 0.5
# A question that looks like none about these documents is answered all the same where it is this sure.
SURE_ALL_THE_SAME = 0.75
# Passages that are read after ranking.
HITS = 24


class Answerer:
    """Answers from one tier of an opened generation. Immutable and thread-safe: threads share it."""

    def __init__(
        self, tier: Tier, composer: Composer, encoder: OnnxEncoder, reader: OnnxReader, settings: Settings
    ) -> None:
        self.documents = tier.documents
        self.trust = tier.trust
        self._tier = tier
        self._composer = composer
        self._encoder = encoder
        self._reader = reader
        self._settings = settings
        self._by_id = {document.id: document for document in tier.documents}
        self._words = tier.lexical.words()
        self._stems = frozenset(stem(word) for word in self._words)
        definitions = tier.facts.find(FactKind.DEFINITION)
        self._names = Names.of(definitions)
        self._korean = KoreanTerms.of(definitions, self._by_id)
        self._lookup = Lookup(tier.facts, self._by_id)
        candidates = make_candidates(tier.facts, self._by_id, self._lookup.grids)
        self._suggester = Suggester(candidates, self._surely, composer.generation)

    def ask(
        self,
        question: str,
        history: Sequence[str] | None = None,
        as_of: int | None = None,
        on_stage: OnStage | None = None,
        trace: Trace | None = None,
    ) -> Answer:
        """Answer a question; `history` holds earlier questions, oldest first.

        With `as_of`, a year, passages that name only later years are left out. `on_stage` is called in this thread with
        the name of each stage as it begins; what it raises ends the asking and comes out unchanged. Raises
        QuestionError where the question cannot be asked at all; one that cannot be answered gets a refusal, which is
        an answer. The steps go to `trace` where there is one.
        """
        watch = Stages(on_stage, trace)
        watch.begin("question")
        query = self.query(question, history)
        watch.stop("question")
        watch.note("question", query)
        answer = self._answer(query, watch, as_of)
        watch.begin("compose")
        found = find_origin(query.origin, answer, self._by_id) if query.origin else None
        answer = self._composer.found(query, found, watch.all) if found else answer
        answer = self._composer.with_notes(answer, self._tier.audit)
        suggestions = self._suggester.after(answer, history or (), as_of)
        watch.stop("compose")
        watch.note("answer", answer)
        return replace(answer, suggestions=suggestions, timings=watch.all)

    def check(self, sentence: str) -> Ruling:
        """Return what these documents say to a sentence of somebody else's text."""
        return rule(sentence, self._passages_like, self._by_id, self._lookup.grids)

    def cite(self, evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
        """Return numbered citations of pieces of evidence from these documents, with what introduces them."""
        return self._composer.cite(with_leads(evidence))

    def _passages_like(self, sentence: str) -> tuple[Hit, ...]:
        query = Query(sentence, sentence, None, Kind.FACTOID, AnswerType.ANY, terms(sentence), (), years(sentence))
        return retrieve(query, query_vector(query, self._encoder), self._tier, HITS)

    def openers(self) -> tuple[str, ...]:
        """Return questions for an empty page, of as many kinds as the documents offer, each sure to be answered."""
        return self._suggester.openers

    def _answer(self, query: Query, watch: Stages, as_of: int | None) -> Answer:
        if talk := recognise(query.text):
            return self._composer.smalltalk(query, talk, watch.all)
        if is_korean(query.question):
            return self._in_korean(query, watch, as_of)
        if match := find_section(query.text, self.documents):
            opening = self._until(match.evidence, as_of)
            if opening or match.section.empty:
                watch.stop("section")
                watch.note("section", f"asks for what stands under the heading “{match.section.heading}”")
                return self._about_section(query, match, opening, watch)
        return (
            self._from_facts(query, watch, as_of)
            or self._in_steps(query, watch, as_of)
            or self._from_passages(query, watch, as_of)
        )

    def _surely(self, question: str, history: Sequence[str], as_of: int | None) -> Finding | None:
        """Return what facts, or the heading it names, say to a question; None where it would be searched for."""
        query = self.query(question, history)
        if query.origin or is_korean(query.question) or recognise(query.text):
            return None
        if match := find_section(query.text, self.documents):
            opening = self._until(match.evidence, as_of)
            if opening or match.section.empty:
                return Finding(Kind.FACTOID, (), opening) if opening else None
        return self._kept(self._lookup.find_exact(query), as_of)

    def _from_facts(self, query: Query, watch: Stages, as_of: int | None) -> Answer | None:
        """Answer a question of which facts alone understand every word; None for any other."""
        watch.begin("facts")
        finding = self._kept(self._lookup.find_exact(query), as_of)
        watch.stop("lookup")
        watch.note("facts", finding or "facts alone do not understand every word")
        if finding is None:
            return None
        return self._composer.found(query, finding, watch.all)

    def _in_steps(self, query: Query, watch: Stages, as_of: int | None) -> Answer | None:
        """Answer a question of two parts by answering each; None where it has one, or neither part has an answer."""
        if pair := two_questions(query.text):
            first = self._in_one(pair[0], watch, as_of)
            parts = [first, self._in_one(go_on(pair[1], first.short), watch, as_of)]
            if not any(part.status is Status.ANSWERED for part in parts):
                return None
        elif hop := year_hop(query.text):
            inner = self._in_one(hop.inner, watch, as_of)
            year = year_of_answer(inner.short or inner.text)
            if year is None:
                return None
            parts = [inner, self._in_one(hop.outer.format(year=year), watch, as_of)]
            if not all(part.status is Status.ANSWERED for part in parts):
                return None
        else:
            return None
        return self._composer.joined(query, parts, watch.all)

    def _in_one(self, question: str, watch: Stages, as_of: int | None) -> Answer:
        query = self.query(question)
        return self._from_facts(query, watch, as_of) or self._from_passages(query, watch, as_of)

    def search(
        self, question: str, history: Sequence[str] | None = None, limit: int = HITS, doc_id: str | None = None
    ) -> tuple[Hit, ...]:
        """Return the best passages for a question, read, before it is decided whether they answer it."""
        query, watch = self.query(question, history), Stages()
        return self._judge(query, self._retrieve(query, HITS, watch, doc_id=doc_id), watch)[:limit]

    def passages(
        self, question: str, history: Sequence[str] | None = None, limit: int = HITS, doc_id: str | None = None
    ) -> tuple[Citation, ...]:
        """Return the best passages for a question as citations, numbered by rank."""
        return self._composer.cited(self.search(question, history, limit, doc_id))

    def query(self, question: str, history: Sequence[str] | None = None) -> Query:
        """Return a question as it is read; raises QuestionError where it cannot be asked at all."""
        query = self._read_words(question, history)
        translated = self._korean.translated(query.question)
        # A question about the word itself is answered as it stands.
        if translated != query.question and not is_korean(question) and not self._lookup.find_exact(query):
            read = self._read_words(translated, history)
            query = replace(read, question=question, interpreted_as=read.interpreted_as or translated)
        return replace(query, names=self._names.others(query.text, self._stems))

    def _read_words(self, question: str, history: Sequence[str] | None) -> Query:
        limit = self._settings.max_question_chars
        earlier = [check_question(text, limit) for text in history or ()]
        return read_question(
            question,
            latest(earlier, self._settings.max_history),
            max_chars=limit,
            vocabulary=self._words,
            is_word=lambda word: self._encoder.is_known_word(word) or stem(word) in self._stems,
        )

    def facts(self, kind: FactKind | None = None, about: str = "", doc_id: str | None = None) -> tuple[Fact, ...]:
        """Return the facts of a kind, about something, of a document."""
        return browse(self._tier.facts, self._by_id, kind, about, doc_id)

    def fact(self, fact_id: str) -> Fact | None:
        """Return a fact by its id; None where this tier has no such fact."""
        return self._tier.facts.get(fact_id)

    @property
    def fact_count(self) -> int:
        """How many facts this tier holds."""
        return self._tier.facts.count()

    def timeline(
        self, place: str = "", first: int | None = None, last: int | None = None, outcome: str = ""
    ) -> tuple[TimelineRow, ...]:
        """Return the dated incidents at a place, from year to year, with an outcome; by date."""
        return incidents(self._tier.facts, self._by_id, place, first, last, outcome)

    def _retrieve(
        self, query: Query, limit: int, watch: Stages, as_of: int | None = None, doc_id: str | None = None
    ) -> tuple[Hit, ...]:
        watch.begin("search")
        vector = query_vector(query, self._encoder)
        watch.stop("encode")
        hits = retrieve(query, vector, self._tier, limit, as_of, doc_id)
        watch.stop("retrieve")
        watch.note("search", f"{len(hits)} passages found", hits=hits)
        return hits

    def _in_korean(self, query: Query, watch: Stages, as_of: int | None) -> Answer:
        """Answer a question in Korean from facts, as the English question that it is read as; else refuse politely."""
        reading = read_korean(query.question, self._korean)
        english = replace(self.query(reading), question=query.question, interpreted_as=reading) if reading else query
        if reading and (answer := self._from_facts(english, watch, as_of)):
            return answer
        named, _ = self._korean.find(query.question)
        hits = self._retrieve(query, HITS, watch, as_of) if named else ()
        reason = Reason.NOT_IN_CORPUS if named or reading else Reason.OFF_TOPIC
        wording = NOT_STATED if reading else REFUSAL
        return self._composer.declined(english, reason, hits, watch.all, wording=wording)

    def _judge(self, query: Query, hits: tuple[Hit, ...], watch: Stages) -> tuple[Hit, ...]:
        watch.begin("read")
        read_hits = judge(query, hits, self._by_id, self._reader)
        watch.stop("read")
        watch.note("read", f"{len(read_hits)} passages read", hits=read_hits)
        return read_hits

    def _from_passages(self, query: Query, watch: Stages, as_of: int | None) -> Answer:
        """Answer from the passages that retrieval finds, by a fact in them where one fits, else by what they say."""
        hits = self._retrieve(query, HITS, watch, as_of)
        if missing := self._lookup.what_is_missing(query):
            watch.note("facts", f"a table or list that is meant does not state it: {missing}")
            return self._composer.declined(query, Reason.MENTIONED_NOT_STATED, hits, watch.all, missing)
        unlike = off_topic(hits, self._settings.min_support)
        finding = None if unlike else self._kept(self._lookup.find_near(query, hits), as_of)
        watch.stop("facts")
        watch.note("topic", unlike or "about the documents", (self._measured_support(hits),))
        watch.note("facts in the passages", finding)
        if finding:
            return self._composer.found(query, finding, watch.all)
        read_hits = self._judge(query, hits, watch)
        if unlike and (not read_hits or sureness(query, read_hits) < SURE_ALL_THE_SAME):
            return self._composer.declined(query, unlike, hits, watch.all)
        decision = decide(query, read_hits, self._settings.min_confidence)
        needed = confidence_needed(query, self._settings.min_confidence)
        measure = Measure("confidence", decision.confidence, needed)
        watch.note("decide", decision.reason or "the best passage answers", (measure,))
        parts = joined(query.text)
        if parts and (parts.certain or decision.reason):
            pair, confidence = self._joined(query, parts, watch, as_of)
            if pair and confidence >= self._settings.min_confidence:
                evidence = self._until(read(query, pair, self._by_id, min_share=0.0), as_of)
                return self._composer.answered(query, query.kind, evidence, confidence, watch.all)
        if decision.reason:
            denied = Refusal(decision.reason) if decision.reason is Reason.FALSE_PREMISE else None
            return self._refused(query, read_hits, watch, denied)
        evidence = self._until(read(query, read_hits, self._by_id), as_of)
        verdict = self._kept(find_verdict(query, read_hits, self._by_id, decision.confidence), as_of)
        if query.kind is Kind.YES_NO:
            watch.note("verdict", verdict)
        if verdict:
            more = evidence if asks_twice(query.text) else ()
            return self._composer.found(query, self._with_more(verdict, more), watch.all)
        if not evidence or (query.kind is Kind.YES_NO and not is_relevant(read_hits[0])):
            return self._refused(query, read_hits, watch)
        sure = decision.confidence * (WITHHELD if query.kind is Kind.YES_NO else 1.0)
        return self._composer.answered(query, query.kind, evidence, round(sure, 3), watch.all)

    def _measured_support(self, hits: tuple[Hit, ...]) -> Measure:
        return Measure("support", round(support(hits[0]), 3) if hits else 0.0, self._settings.min_support)

    def _with_more(self, finding: Finding, evidence: tuple[Evidence, ...]) -> Finding:
        """Return a finding that also quotes further evidence, for a question that asks for more than a verdict."""
        new = tuple(piece for piece in evidence if piece.span not in {known.span for known in finding.evidence})
        texts = [" ".join(piece.span.of(self._by_id[piece.doc_id].text).split()) for piece in new]
        claims = tuple(Claim(text, (len(finding.evidence) + place,)) for place, text in enumerate(texts))
        return replace(finding, claims=finding.claims + claims, evidence=finding.evidence + new)

    def _refused(
        self,
        query: Query,
        read_hits: tuple[Hit, ...],
        watch: Stages,
        why: Refusal | None = None,
    ) -> Answer:
        """Return a refusal for the reason given, or for the one that what was read suggests."""
        why = why or explain(query, read_hits, self._tier.lexical.weights(query.terms), self._stems)
        return self._composer.declined(query, why.reason, read_hits, watch.all, why.detail)

    def _joined(
        self, query: Query, parts: Joined, watch: Stages, as_of: int | None
    ) -> tuple[tuple[Hit, Hit] | None, float]:
        """Return the two hits that together answer a question which describes one thing twice, and how sure they are.

        None and 0 where no two name the same.
        """
        halves = [self.query(part) for part in (parts.one, parts.other)]
        found = [self._judge(half, self._retrieve(half, HITS, watch, as_of), watch) for half in halves]
        pair = find_pair(query.text, found[0], found[1], self._excerpt)
        if pair is None:
            return None, 0.0
        sure = [
            sureness(half, (own, *(hit for hit in hits if hit is not own)))
            for half, own, hits in zip(halves, pair, found, strict=True)
        ]
        return pair, min(sure)

    def _excerpt(self, hit: Hit) -> str:
        document = self._by_id[hit.passage.doc_id]
        return excerpt(hit.passage, document).of(document.text)

    def _kept(self, finding: Finding | None, as_of: int | None) -> Finding | None:
        """Return a finding unless a part of its evidence tells of later years only."""
        return finding if finding and len(self._until(finding.evidence, as_of)) == len(finding.evidence) else None

    def _until(self, evidence: tuple[Evidence, ...], as_of: int | None) -> tuple[Evidence, ...]:
        """Leave out what tells of later years only: itself, what introduces it, or a cell by its labels."""
        if as_of is None:
            return evidence
        kept: list[Evidence] = []
        for piece in evidence:
            text = self._by_id[piece.doc_id].text
            spans = (piece.span, piece.lead) if piece.lead else (piece.span,)
            shown = [span.of(text) for span in spans] + [f"{cell.row} {cell.column}" for cell in piece.cells]
            if not any(is_later(part, as_of) for part in shown):
                kept.append(piece)
        return tuple(kept)

    def _about_section(self, query: Query, match: SectionMatch, opening: tuple[Evidence, ...], watch: Stages) -> Answer:
        if not opening:
            heading = match.section.heading
            return self._composer.declined(query, Reason.SECTION_EMPTY, (), watch.all, heading)
        return self._composer.answered(query, Kind.FACTOID, opening, 1.0, watch.all)
