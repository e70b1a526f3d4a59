"""The calls of the Suchdienst API that a harvest needs."""

from __future__ import annotations

import re
import threading
from typing import Any

from federation.content import Content
from federation.http import Request, Response, etag, json_response, not_found
from federation.pvog.detail import detail
from federation.pvog.offices import office, online_services, titles
from federation.pvog.rows import HEADER, csv

DETAIL = re.compile(r"/v6/servicedescriptions/(?P<id>[^/]+)/detail")


class PvogApi:
    """One region's catalogue. `busy` in the settings names a service that is refused once with 429."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._busy = {content.setting("busy")} - {""}
        self._lock = threading.Lock()

    def answer(self, request: Request, day: int) -> Response:
        """CSV, detail, offices, online services, or 404."""
        path = request.path.removeprefix(self._content.endpoint.path)
        if path == "/v5/servicedescriptions/csv":
            return self._csv(request.query.get("ars", ""), day)
        if found := DETAIL.fullmatch(path):
            return self._detail(found["id"], request.query.get("ars", ""), day)
        return self._more(path, request, day)

    def _more(self, path: str, request: Request, day: int) -> Response:
        query, here = request.query, request.query.get("ars", "") == self._content.region
        match path:
            case "/v2/organisationunits/titles":
                told: Any = titles(self._content, day, query.get("lbId", "")) if here else []
            case "/v5/organisationunits/detail":
                told = office(self._content, query.get("q", ""))
            case "/v1beta2/onlineservices" if here:
                told = online_services(self._content, day, query.get("nextPageToken", ""))
            case _:
                return not_found(request.path)
        return not_found(request.path) if told is None else self._validated(json_response(told))

    def _csv(self, ars: str, day: int) -> Response:
        if not re.fullmatch(r"\d{12}", ars):
            return json_response({"status": 400, "message": "ars: 12 digits expected"}, 400)
        body = csv(self._content, day) if ars == self._content.region else f"{HEADER}\n".encode()
        return self._validated(Response(body, "text/csv;charset=UTF-8"))

    def _detail(self, lbid: str, ars: str, day: int) -> Response:
        if self._refuse(lbid):
            return json_response({"status": 429, "message": "Too Many Requests"}, 429).with_headers(Retry_After="1")
        agency = self._content.setting("agency")
        for item in self._content.services(day):
            if lbid == f"{agency}.LB.{item.id}" and ars == self._content.region:
                return self._validated(json_response(detail(self._content, item)))
        return json_response({"status": 404, "message": f"{lbid} not found for {ars}"}, 404)

    def _refuse(self, lbid: str) -> bool:
        with self._lock:
            busy = lbid in self._busy
            self._busy.discard(lbid)
        return busy

    def _validated(self, response: Response) -> Response:
        if self._content.setting("validator") == "etag":
            return response.with_headers(ETag=etag(response.body))
        return response
