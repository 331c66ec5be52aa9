"""The open connections, which end at the deadline whatever the server does.

A read ends when nothing came for some time; but a server that sends a byte of a header now and then, or one provisional
answer after the other, holds it for hours. At the deadline every socket is shut down, and what waits for it goes on.
"""

from __future__ import annotations

from contextlib import suppress
from socket import SHUT_RDWR
from threading import Lock, Timer
from weakref import WeakSet

import urllib3
from cmpolicy.oci.clock import Clock
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

GRACE_SECONDS = 0.5
"""After the deadline: what notices it by itself tells more of what it was about."""


class Sockets:
    """Connections that are watched until the deadline of a clock."""

    def __init__(self, clock: Clock) -> None:
        self._open: WeakSet[HTTPConnection] = WeakSet()
        self._lock = Lock()
        self._over = False
        self._timer = Timer(clock.seconds + GRACE_SECONDS, self.end)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        """Watch no longer."""
        self._timer.cancel()

    def watched(self, manager: urllib3.PoolManager) -> urllib3.PoolManager:
        """The manager, whose connections are watched from now on."""
        opened = self._opened

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                opened(self)

        class Encrypted(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                opened(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class EncryptedPool(HTTPSConnectionPool):
            ConnectionCls = Encrypted

        manager.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}
        return manager

    def _opened(self, connection: HTTPConnection) -> None:
        with self._lock:
            self._open.add(connection)
            if self._over:
                _shut(connection)

    def end(self) -> None:
        """Shut every connection down, in whatever thread it is waited for, and those that are opened from now on."""
        with self._lock:
            self._over = True
            for connection in self._open:
                _shut(connection)


def _shut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(SHUT_RDWR)
