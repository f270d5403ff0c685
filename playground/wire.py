"""Reads a Web API call off the wire: query, form (with JSON strings in it), JSON or multipart body, under GET and POST alike."""

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Json = dict[str, Any]


class Unreadable(Exception):
    """The body is not what its content type says; carries Slack's error code."""


async def read_call(request: web.Request) -> tuple[str, Json, str]:
    """The token (empty if none), the arguments, and the client id and secret of HTTP Basic as `id:secret`."""
    args: Json = dict(request.query)
    if request.can_read_body:
        args.update(await _body(request))
    scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return "", args, base64.b64decode(credential).decode(errors="replace")
    token = credential.strip() if scheme.lower() == "bearer" else ""
    return token or str(args.pop("token", "")), args, ""


async def _body(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return _json_object(await request.read())
    if request.content_type.startswith("multipart/"):
        return dict(await request.post())
    if request.content_type in ("application/x-www-form-urlencoded", "application/octet-stream", "text/plain"):
        return dict(parse_qsl((await request.read()).decode(errors="replace"), keep_blank_values=True))
    raise Unreadable("invalid_post_type")


def _json_object(body: bytes) -> Json:
    try:
        value = json.loads(body or b"{}")
    except ValueError as error:
        raise Unreadable("invalid_json") from error
    if not isinstance(value, dict):
        raise Unreadable("json_not_object")
    return value


async def read_upload(request: web.Request) -> bytes:
    """The bytes of a file: raw as Python's SDK sends them, or the first part of a multipart body as Node's does."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return bytes(part.file.read())
        return part.encode() if isinstance(part, str) else bytes(part)
    return b""
