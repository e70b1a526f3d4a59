"""Replies as bytes."""

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 404: "Not Found", 503: "Service Unavailable"}


def reply(status: int | str, body: bytes = b"", *headers: str, length: bool = True) -> bytes:
    """A whole reply, with a correct length unless told otherwise."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'X')}" if isinstance(status, int) else f"HTTP/1.1 {status}"]
    if body and not any(header.lower().startswith("content-type") for header in headers):
        lines.append("Content-Type: text/html; charset=utf-8")
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, *headers, "", ""]).encode("utf-8") + body


def page(title: str = "Wohnsitz anmelden", heading: str | None = None, extra: str = "", size: int = 1_500) -> bytes:
    """A page of at least `size` bytes."""
    head = f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{extra}</head><body><h1>{heading or title}</h1>"
    return (head + "<p>" + "Text der Leistung. " * (size // 18) + "</p></body></html>").encode()


def to(status: int, target: str, *headers: str) -> bytes:
    """A redirect; PORT in the target becomes the server's."""
    return reply(status, b"", f"Location: {target}", *headers)


OK = reply(200, page())
NOT_FOUND = reply(404, page("Nicht da", "404"))
