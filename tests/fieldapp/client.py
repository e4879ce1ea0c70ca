"""A client of the app's pages that only notes what it is sent."""

from __future__ import annotations

import asyncio

import flet as ft
import msgpack
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message, configure_encode_object_for_msgpack
from flet.pubsub.pubsub_hub import PubSubHub

PACKED = configure_encode_object_for_msgpack(ft.BaseControl)


class Client(Connection):
    """Notes what it is sent, and goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.pubsubhub, self.page_url = PubSubHub(), "http://phone"
        self.sent: list[Message] = []
        self.at_start: list[str] = []

    def send_message(self, message: Message) -> None:
        self.sent.append(message)

    def words(self) -> list[str]:
        """The messages since the last look."""
        told = [repr(msgpack.packb(each.body, default=PACKED)) for each in self.sent]
        self.sent.clear()
        return told


async def rest() -> None:
    """Let the page draw what it has to."""
    for _ in range(20):
        await asyncio.sleep(0)
