"""Runs the calls of a case over a channel or a connection, and tells what it saw of each."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from connectrpc.errors import ConnectError
from macroscope.conformance.v1 import conformance_pb as pb
from macroscope.rpc.v1 import errors_pb
from protobuf import Registry
from tests.conformance.pattern import pattern

from macroscope_worker.rpc.client import ClientStream
from macroscope_worker.rpc.method_policy import Method, find_method

if TYPE_CHECKING:
    from macroscope_worker.rpc.channel import Channel
    from macroscope_worker.rpc.client import ClientConnection

REGISTRY = Registry(errors_pb.desc(), pb.desc())
SERVICE = next(iter(pb.desc().services))

Json = dict[str, Any]


class CaseRun:
    """The calls of one case. `prefix` makes the labels of this run its own."""

    def __init__(self, peer: Channel | ClientConnection, case: Json, prefix: str) -> None:
        self._peer = peer
        self._calls: list[Json] = case["calls"]
        self._prefix = prefix
        self._answers = [0 for _ in self._calls]
        self._over = [False for _ in self._calls]
        self._news = asyncio.Condition()
        self._ended = 0

    async def run(self) -> list[Json]:
        """What was seen of each call."""
        tasks: list[asyncio.Task[Json]] = []
        for index, call in enumerate(self._calls):
            start = call.get("start")
            if start is None:
                if tasks:
                    await asyncio.wait([tasks[-1]])
            elif start != "alongside":
                await self._moment(start)
            begun = asyncio.Event()
            tasks.append(asyncio.create_task(self._observe(call, index, begun)))
            await begun.wait()
        return list(await asyncio.gather(*tasks))

    async def _observe(self, call: Json, index: int, begun: asyncio.Event) -> Json:
        method = method_of(call)
        since_s = time.perf_counter()
        seen: list[Any] = []
        stats = {"skipped": 0}
        receiving = asyncio.create_task(self._receive(call, index, method, begun, seen, stats))
        if call.get("cancel") == "before":
            receiving.cancel()
        cancelling = asyncio.create_task(self._cancel_later(call, receiving, begun))
        await asyncio.wait([receiving])
        cancelling.cancel()
        begun.set()
        observed: Json = {
            **_end(receiving),
            **contents(seen),
            "skipped": stats["skipped"],
            "durationMs": (time.perf_counter() - since_s) * 1000,
            "endedAs": self._ended,
            "answersThen": list(self._answers),
        }
        self._ended += 1
        self._over[index] = True
        await self._wake()
        return observed

    async def _receive(
        self, call: Json, index: int, method: Method, begun: asyncio.Event, seen: list[Any], stats: dict[str, int]
    ) -> None:
        request = self._request(call, method)
        timeout_ms, metadata = call.get("timeoutMs"), call.get("metadata")

        async def taken(answer: Any) -> None:
            seen.append(answer)
            self._answers[index] = len(seen)
            await self._wake()

        if not method.streams:
            for _ in range(1, call.get("times", 1)):
                await self._peer.call(method, request, timeout_ms=timeout_ms, metadata=metadata)
            answering = asyncio.ensure_future(
                self._peer.call(method, request, timeout_ms=timeout_ms, metadata=metadata)
            )
            asyncio.get_running_loop().call_soon(begun.set)
            await taken(await answering)
            return
        credit = call.get("credit")
        stream = self._peer.stream(
            method,
            request,
            timeout_ms=timeout_ms,
            metadata=metadata,
            credit=None if credit is None else (credit["messages"], credit["bytes"]),
        )
        if not isinstance(stream, ClientStream):
            stream = await stream
        begun.set()
        async with aclosing(stream):
            if "take" in call:
                await self._moment(call["take"])
            async for answer in stream:
                stats["skipped"] = stream.skipped
                await taken(answer)

    async def _cancel_later(self, call: Json, receiving: asyncio.Task[None], begun: asyncio.Event) -> None:
        cancel = call.get("cancel")
        if cancel is None or cancel == "before":
            return
        if cancel == "atOnce":
            await begun.wait()
        else:
            await self._moment(cancel)
        receiving.cancel()

    async def _moment(self, moment: Json) -> None:
        def come() -> bool:
            call = moment["call"]
            return self._over[call] or ("answers" in moment and self._answers[call] >= moment["answers"])

        async with self._news:
            await self._news.wait_for(come)

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _request(self, call: Json, method: Method) -> Any:
        request: Any = method.input.from_json(json.dumps(self._labelled(call["request"])), registry=REGISTRY)
        if "requestTailBytes" in call:
            request.tail = pattern(call["requestTailBytes"])
        if "requestPaddingBytes" in call:
            request.padding = pattern(call["requestPaddingBytes"])
        unknown = bytes.fromhex(call.get("unknownFields", ""))
        return method.input.from_binary(request.to_binary() + unknown) if unknown else request

    def _labelled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._labelled(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            name: f"{self._prefix}/{item}" if name == "label" and item else self._labelled(item)
            for name, item in value.items()
        }


def method_of(call: Json) -> Method:
    """The method of a call, under another path where the case says so."""
    method = find_method(SERVICE, call["method"])
    return replace(method, path=call["path"]) if "path" in call else method


def outcome(error: ConnectError | None) -> Json:
    """How something ended, as it stands in an observation."""
    if error is None:
        return {"code": "OK", "message": "", "details": []}
    details = []
    for detail in error.details:
        message = detail.value(REGISTRY)
        fields = {} if message is None else json.loads(message.to_json(registry=REGISTRY))
        details.append({"@type": f"type.googleapis.com/{detail.type_name}", **fields})
    return {"code": error.code.name, "message": error.message, "details": details}


def _end(receiving: asyncio.Task[None]) -> Json:
    if receiving.cancelled():
        return {"code": "CANCELED", "message": "The caller gave the call up.", "details": []}
    error = receiving.exception()
    if error is not None and not isinstance(error, ConnectError):
        raise error
    return outcome(error)


def contents(seen: list[Any]) -> Json:
    """What the answers hold."""
    answers = [getattr(each, "answer", None) or pb.Answer() for each in seen]
    tails = [_tail(each) for each in seen]
    found: Json = {
        "indices": [answer.index for answer in answers],
        "payloads": _distinct([_content(answer.payload, answer.index) for answer in answers]),
        "tails": _distinct(
            [
                {**_content(tail, answer.index), "aligned": _aligned(tail)}
                for tail, answer in zip(tails, answers, strict=True)
            ]
        ),
    }
    if seen:
        found |= {"first": _plain_json(seen[0]), "last": _plain_json(seen[-1])}
    return found


def _tail(answer: Any) -> Any:
    block = getattr(answer, "block", None)
    return getattr(answer, "tail", b"") if block is None else block.pixels


def _plain_json(answer: Any) -> Any:
    lean = copy(answer)
    if getattr(answer, "tail", b""):
        lean.tail = b""  # As a view of the frame it cannot be written as JSON.
    if getattr(answer, "block", None) is not None:
        lean.block = pb.Block(rows=answer.block.rows)
    fields = json.loads(lean.to_json(registry=REGISTRY))
    fields.get("answer", {}).pop("payload", None)
    return fields


def _content(data: Any, shift: int) -> Json:
    return {"bytes": len(data), "right": bytes(data) == pattern(len(data), shift)}


def _aligned(tail: Any) -> bool:
    return len(tail) == 0 or np.frombuffer(tail, np.uint8).ctypes.data % 16 == 0


def _distinct(found: list[Json]) -> list[Json]:
    return [dict(items) for items in dict.fromkeys(tuple(each.items()) for each in found)]
