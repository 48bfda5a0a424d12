from __future__ import annotations

import asyncio
import threading

import pytest

from macroscope_worker.services.news import Deliveries, News, Pace

pytestmark = pytest.mark.asyncio


async def test_many_changes_are_one_and_none_is_lost() -> None:
    news = News()
    for _ in range(1000):
        news.tell()
    await news.wait()
    waiting = asyncio.ensure_future(news.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    thread = threading.Thread(target=news.tell)
    thread.start()
    await waiting
    thread.join()


async def test_news_after_the_end_of_the_loop_is_dropped() -> None:
    news = News()
    loop = asyncio.get_running_loop()
    assert loop.is_running()
    closed = asyncio.new_event_loop()
    closed.close()
    news._loop = closed
    news.tell()


async def test_deliveries_come_in_order_and_the_oldest_are_lost() -> None:
    deliveries: Deliveries[int] = Deliveries()
    for number in range(10):
        deliveries.deliver(number)
    assert [await deliveries.take() for _ in range(8)] == list(range(2, 10))
    taken = asyncio.ensure_future(deliveries.take())
    await asyncio.sleep(0)
    deliveries.deliver(99)
    assert await taken == 99


async def test_a_pace_does_not_make_up_for_lost_time() -> None:
    now = 0.0
    pace = Pace(0.05, lambda: now)
    assert await pace.wait() == 0
    now = 10.0
    assert await pace.wait() == 0
    assert pace._next_s == 10.05
