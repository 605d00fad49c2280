"""A text-generation server with OpenAI's chat interface: ask it, wait for it, remember what it said.

The wire format is that of POST /chat/completions (https://platform.openai.com/docs/api-reference/chat), which vLLM,
llama.cpp, Ollama and others speak as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct

from pipeline.backends.installed import require
from pipeline.errors import BaozhiError, ConfigError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TRY_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0  # seconds between two tries, whatever the server asks for
FORMATS = ("json_schema", "json_object", "text")


class EndpointError(BaozhiError):
    """A text-generation server that did not answer, or refused to."""


class Question(Struct, frozen=True):
    """What is asked: the instructions, the text, and the JSON Schema that the answer must have."""

    instructions: str
    text: str
    name: str
    schema: dict[str, Any]


class Settings(Struct, frozen=True):
    """Where and how to ask; `endpoint` is the address up to and without `/chat/completions`."""

    endpoint: str
    model: str
    key_variable: str
    response_format: str
    timeout: float
    retries: int
    concurrent: int
    cache: Path | None
    where: str


class Endpoint:
    """Ask questions, several at a time; an answer that is in the cache is not asked for again."""

    def __init__(self, settings: Settings) -> None:
        where = settings.where
        if not settings.endpoint:
            raise ConfigError(
                "text generation is off: endpoint is empty", where=where,
                remedy='set endpoint to the address of a server you trust with the text, as "http://127.0.0.1:8000/v1"',
            )  # fmt: skip
        httpx = require("httpx", extra="generation", where=where)
        try:
            address = httpx.URL(settings.endpoint)
        except (httpx.InvalidURL, TypeError) as error:
            raise ConfigError(
                f"endpoint = {settings.endpoint!r}: {error}", where=where, remedy="give an address"
            ) from error
        if address.scheme not in {"http", "https"} or not address.host:
            raise ConfigError(
                f"endpoint = {settings.endpoint!r} is no http address",
                where=where,
                remedy='write "http://127.0.0.1:8000/v1"',
            )
        if not settings.model:
            raise ConfigError(
                "model is empty", where=where, remedy="name a model that the server has (GET …/models lists them)"
            )
        if settings.response_format not in FORMATS:
            raise ConfigError(
                f"response_format = {settings.response_format!r}; known: {', '.join(FORMATS)}", where=where
            )
        if settings.timeout <= 0 or settings.retries < 0 or settings.concurrent < 1:
            raise ConfigError(
                f"timeout = {settings.timeout}, retries = {settings.retries}, concurrent = {settings.concurrent}",
                where=where, remedy="give a timeout in seconds, 0 or more retries, 1 or more concurrent questions",
            )  # fmt: skip
        if not os.environ.get(settings.key_variable) and address.host not in _LOOPBACK:
            raise ConfigError(
                f"the environment variable {settings.key_variable} with the key for {address.host} is not set",
                where=where, remedy=f"export {settings.key_variable}=…, or set key_variable to another",
            )  # fmt: skip
        self.settings = settings
        self._httpx = httpx
        self._client: Any = None
        self._owner = 0

    def __reduce__(self) -> tuple[Any, ...]:
        return Endpoint, (self.settings,)

    def ask(self, questions: Sequence[Question]) -> list[str]:
        """Give the text of the answer to each question, in order.

        Raises:
            EndpointError: the server cannot be reached, or refuses.
        """
        if self._owner != os.getpid():  # a connection cannot be shared with the process that this one was forked from
            self._client = self._httpx.Client(timeout=self.settings.timeout, headers=self._headers())
            self._owner = os.getpid()
        with ThreadPoolExecutor(self.settings.concurrent) as pool:
            return list(pool.map(self._answer, questions))

    def body(self, question: Question) -> dict[str, Any]:
        """Give the JSON that is sent."""
        body: dict[str, Any] = {
            "model": self.settings.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": question.instructions},
                {"role": "user", "content": question.text},
            ],
        }
        if self.settings.response_format == "json_schema":
            schema = {"name": question.name, "strict": True, "schema": question.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.settings.response_format == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    def _headers(self) -> dict[str, str]:
        key = os.environ.get(self.settings.key_variable)
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _answer(self, question: Question) -> str:
        body = self.body(question)
        stored = None
        if self.settings.cache is not None:
            asked = json.dumps([self.settings.endpoint, body], ensure_ascii=False, sort_keys=True)
            stored = self.settings.cache / f"{hashlib.sha256(asked.encode()).hexdigest()}.txt"
            if stored.is_file():
                return stored.read_text(encoding="utf-8")
        answer = self._post(body)
        if stored is not None:
            stored.parent.mkdir(parents=True, exist_ok=True)
            unfinished = stored.with_suffix(f".{os.getpid()}")
            unfinished.write_text(answer, encoding="utf-8")
            unfinished.replace(stored)
        return answer

    def _post(self, body: dict[str, Any]) -> str:
        address = self.settings.endpoint.rstrip("/") + "/chat/completions"
        for attempt in range(self.settings.retries + 1):
            wait = min(2.0**attempt, _LONGEST_WAIT)
            try:
                response = self._client.post(address, json=body)
            except self._httpx.TransportError as error:
                problem = f"cannot be reached: {error!r}"
            else:
                if response.status_code == 200:
                    return _content(response, address)
                problem = f"answers {response.status_code}: {' '.join(response.text.split())[:300]}"
                if response.status_code not in _TRY_AGAIN:
                    raise EndpointError(problem, where=address, remedy="mend the settings of the stage, or the server")
                asked_for = response.headers.get("Retry-After", "")
                wait = min(float(asked_for), _LONGEST_WAIT) if asked_for.isdigit() else wait
            if attempt < self.settings.retries:
                time.sleep(wait)
        raise EndpointError(
            f"{problem} ({self.settings.retries + 1} tries)",
            where=address,
            remedy="start the server, or raise timeout and retries",
        )


def _content(response: Any, address: str) -> str:
    try:
        content = response.json()["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise EndpointError(
            f"the answer is no chat completion: {response.text[:200]!r}",
            where=address,
            remedy="give the address of an OpenAI-compatible server",
        ) from error
    return content if isinstance(content, str) else ""
