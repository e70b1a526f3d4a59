"""Channels: how a message leaves the machine."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import quote

from harvester.fetch import Ask, Fetcher, SnapshotStore
from harvester.telling.message import Message
from harvester.telling.settings import HookSettings, MailSettings, filled
from harvester.workspace import Workspace

_PATIENCE = 20.0


class Channel(Protocol):
    """A way to people. ``name`` is what it is remembered by."""

    name: str

    def send(self, message: Message, now: datetime) -> None:
        """Deliver, or raise."""


class MailChannel:
    """Mail by SMTP. ``tls`` replaces the certificates trusted."""

    name = "mail"

    def __init__(
        self, settings: MailSettings, environment: Mapping[str, str], tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings, self._environment = settings, environment
        self._tls = tls or ssl.create_default_context()

    def send(self, message: Message, now: datetime) -> None:
        """One mail to all; credentials travel only encrypted."""
        s = self._settings
        user, password = filled(s.user, self._environment), filled(s.password, self._environment)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = s.sender, ", ".join(s.to), message.subject
        mail["Date"], mail["Auto-Submitted"] = now, "auto-generated"
        mail.set_content(message.text)
        with self._connect() as server:
            if s.security == "starttls":
                server.starttls(context=self._tls)
            if user and s.security != "none":
                server.login(user, password)
            server.send_message(mail)

    def _connect(self) -> smtplib.SMTP:
        s = self._settings
        if s.security == "tls":
            return smtplib.SMTP_SSL(s.host, s.port, timeout=_PATIENCE, context=self._tls)
        return smtplib.SMTP(s.host, s.port, timeout=_PATIENCE)


class HookChannel:
    """A webhook, by the same road as every request: with the address guard, and within limits."""

    def __init__(self, settings: HookSettings, environment: Mapping[str, str], workspace: Workspace) -> None:
        self.name = f"hook:{settings.name}"
        self._settings, self._environment, self._workspace = settings, environment, workspace

    def send(self, message: Message, now: datetime) -> None:
        """Post it."""
        asyncio.run(self._send(self._ask(message, now)))

    async def _send(self, ask: Ask) -> None:
        settings = self._workspace.settings
        store = SnapshotStore(self._workspace.snapshots)
        async with Fetcher(settings.fetch, settings.politeness, store) as fetcher:
            (await fetcher.fetch(ask)).require()

    def _ask(self, message: Message, now: datetime) -> Ask:
        hook = self._settings
        url, secret = filled(hook.url, self._environment), filled(hook.secret, self._environment)
        match hook.kind:
            case "mattermost":
                # nobody is called by a name in a title
                return _post(url, {"text": f"#### {message.subject}\n{message.text}".replace("@", "@\u200b")})
            case "matrix":
                told = f"{message.subject}\n\n{message.text}"
                # the same message twice is one: the home server knows it by its transaction
                txn = hashlib.blake2b(f"{told}{now:%Y-%m-%d}".encode(), digest_size=12).hexdigest()
                place = (
                    f"{url.rstrip('/')}/_matrix/client/v3/rooms/{quote(hook.room, safe='')}/send/m.room.message/{txn}"
                )
                return _post(
                    place, {"msgtype": "m.text", "body": told}, ("Authorization", f"Bearer {secret}"), method="PUT"
                )
            case "json":
                document = {
                    "about": message.about, "subject": message.subject, "text": message.text,
                    "began": list(message.keys), "ended": list(message.ended), "at": now.isoformat(),
                }  # fmt: skip
                return _post(url, document, *_signed(document, secret, now))


def _post(url: str, document: object, *headers: tuple[str, str], method: str = "POST") -> Ask:
    body = json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
    given = (("Content-Type", "application/json; charset=utf-8"), *headers)
    return Ask(url, method=method, headers=given, body=body, store=False, conditional=False, retries=0)


def _signed(document: object, secret: str, now: datetime) -> list[tuple[str, str]]:
    """Time and signature: HMAC-SHA256 (RFC 2104) over the time, a dot and the body, so that nobody can send it again later."""
    if not secret:
        return []
    body, at = json.dumps(document, ensure_ascii=False, sort_keys=True), str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return [("X-Harvester-Timestamp", at), ("X-Harvester-Signature", f"sha256={digest}")]
