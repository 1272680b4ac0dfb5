"""Reporter of live logs for Python 3.6 and later, created by `tencent-logs live init --lang python`.

Write `import logs`, or `from logs import *`, in the first line of a function. What the function writes with print,
logging, warnings and tracebacks still goes to SCF's own log, byte for byte, and while somebody tails the function also
to the live topic. Alternatively, set the handler to `logs.main_handler`, with the function's own handler in the
variable LOGS_LIVE.

The reporter raises no errors into the function. An invocation waits for it only at its end, for at most 100 ms, and
only while somebody watches. If LOGS_LIVE is not set, as on a development machine, it does nothing.
"""
import atexit
import calendar
import codecs
import collections
import encodings.idna  # noqa: F401 - a thread would import it at its first request
import functools
import hashlib
import hmac
import http.client
import importlib
import itertools
import json
import logging
import operator
import os
import re
import socket
import ssl
import sys
import threading
import time
import traceback
import types
import zlib
from email.utils import parsedate
from urllib.parse import quote

__all__ = []

# As in functions/live of cdktf-tencent-logs; test/live/cases.json verifies that both write the same records.
MAX_TEXT_BYTES = 8192
MAX_LINE_BYTES = 1024 * 1024
MAX_WAITING_BYTES = 4 * 1024 * 1024
WINDOW_SECONDS = 5
MAX_WINDOW_LINES = 5000
MAX_WINDOW_BYTES = 1024 * 1024
MAX_BATCH_RECORDS = 5000
MAX_BATCH_BYTES = 1024 * 1024
GATHER_SECONDS = 0.2
LEAVE_SECONDS = 0.1
LOOK_SECONDS = 5
TIMEOUT_SECONDS = 5
REUSE_SECONDS = 3
STALE_SECONDS = 1
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5
TROUBLE_SECONDS = 60
# Less room than this in five seconds counts as none.
SMALL_BYTES = 256
# Maximum number of lines that are encoded together.
MAX_ALIKE = 500
# The first time of 16 digits: 2001-09-09.
EARLIEST_MICROSECONDS = 10 ** 15
# Maximum number of writes that are split together.
MAX_ITEMS = 2000
# A longer write is split immediately, so that only a few of them are held.
LARGE_CHARACTERS = 16384

_now = time.time


class ServiceError(Exception):
    """A request that was refused, or got no answer. Without an answer, `status` is None."""

    def __init__(self, message, status=None, is_reset=False):
        super().__init__(message)
        self.status = status
        self.is_reset = is_reset


class _Lines:
    """Splits what is written to one stream into lines, and passes them to the reporter."""

    def __init__(self, stream, fallback, reporter):
        self.stream = stream
        self.fallback = fallback
        self.reporter = reporter
        self.decoder = None
        # UTF-8 bytes of a line that has not ended.
        self.begun = []
        self.begun_bytes = 0
        self.is_lost = False
        # The last write that was not examined, and the writes that are only counted.
        self.last = "\n"
        self.bulk = []

    def write(self, chunk, at):
        if not isinstance(chunk, str):
            if self.decoder is None:
                self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
            chunk = self.decoder.decode(chunk)
        elif self.decoder is not None and self.decoder.getstate()[0]:
            chunk = self.decoder.decode(b"", True) + chunk
        if chunk == "\n":
            return self._end(at)
        if "\n" not in chunk:
            return self._begin(chunk)
        first, *rest = chunk.split("\n")
        self._begin(first)
        self._end(at)
        last = rest.pop()
        for line in rest:
            self._begin(line)
            self._end(at)
        self._begin(last)

    def cut(self, chunks, ats):
        """Processes many writes at once. Returns the lines that they ended, and the time of each in microseconds.

        Returns None and processes nothing if the writes must be examined one by one.
        """
        kinds = set(map(type, chunks))
        has_half = self.decoder is not None and self.decoder.getstate()[0]
        if has_half or self.is_lost or kinds not in ({str}, {bytes}):
            return None
        nothing, line_end = ("", "\n") if str in kinds else (b"", b"\n")
        try:
            text = nothing.join(chunks)
            # This requires that the bytes are text, without an incomplete character.
            text = text.encode("utf-8") if str in kinds else text.decode("utf-8") and text
        except UnicodeError:
            return None
        if self.begun_bytes + len(text) > MAX_LINE_BYTES:
            return None
        ended = text.split(b"\n")
        rest = ended.pop()
        has_returns = b"\r" in text
        if ended and self.begun:
            ended[0] = b"".join(self.begun) + ended[0]
            self.begun, self.begun_bytes, has_returns = [], 0, True
        if rest:
            self.begun.append(rest)
            self.begun_bytes += len(rest)
        if has_returns:
            ended = [line[:-1] if line[-1:] == b"\r" else line for line in ended]
        if len(chunks) == 2 * len(ended) == 2 * chunks[1::2].count(line_end):
            # Like print without a buffer: a text, then its line end.
            times = ats[1::2]
        else:
            times = list(itertools.compress(ats, map(operator.contains, chunks, itertools.repeat(line_end))))
            if len(times) < len(ended):
                times = [at for chunk, at in zip(chunks, ats) for _ in range(chunk.count(line_end))]
        return ended, list(map(int, map((1e6).__mul__, times)))

    def count(self):
        """Counts what is written while nothing is kept: lines that ended, and their bytes."""
        chunks = self.bulk[:]
        del self.bulk[: len(chunks)]
        text = _joined(chunks)
        ended = text.count(b"\n")
        size = len(text) - ended
        if ended:
            size += self.begun_bytes
            self.begun, self.begun_bytes, self.is_lost = [], 0, not text.endswith(b"\n")
        elif text:
            self.begun, self.begun_bytes, self.is_lost = [], self.begun_bytes + size, True
            size = 0
        return ended, size

    def resume(self):
        """Discards a line whose beginning was not examined, because it is not complete."""
        self.begun, self.begun_bytes, self.is_lost = [], 0, self.last[-1:] not in ("\n", b"\n", "", b"")
        self.last = "\n"

    def flush(self, at):
        if self.decoder is not None:
            self._begin(self.decoder.decode(b"", True))
            self.decoder.reset()
        if self.begun or self.is_lost:
            self._end(at)

    def _begin(self, text):
        if text:
            text = _utf8(text)
            self.begun.append(text)
            self.begun_bytes += len(text)
            if self.is_lost or self.begun_bytes > MAX_LINE_BYTES:
                self.begun, self.is_lost = [], True

    def _end(self, at):
        begun, size = self.begun, self.begun_bytes
        text = None if self.is_lost else begun[0] if len(begun) == 1 else b"".join(begun)
        if text and text[-1] == 13:
            text, size = text[:-1], size - 1
        self.begun, self.begun_bytes, self.is_lost = [], 0, False
        self.reporter.line(self, text, size, at)


def _joined(chunks):
    """Returns text or bytes as bytes."""
    if set(map(type, chunks)) == {str}:
        return _utf8("".join(chunks))
    return b"".join(chunk if isinstance(chunk, bytes) else _utf8(chunk) for chunk in chunks)


def _utf8(text):
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # An unpaired surrogate is not a character.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def _pieces(text):
    pieces, start = [], 0
    while start < len(text):
        end = min(start + MAX_TEXT_BYTES, len(text))
        while end < len(text) and text[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(text[start:end])
        start = end
    return pieces


class _Record:
    """An entry to be sent: similar lines, a piece of a line, the end of a request, or a count of dropped lines.

    `written` is its request, the number of the handler's run, and for lines their level and stream.
    """

    __slots__ = ("kind", "written", "ats", "texts", "size", "seq", "piece", "lines")

    def __init__(self, kind, written, ats, texts=(), size=0, piece="", lines=0):
        self.kind = kind
        self.written = written
        # Microseconds since the epoch, for each line.
        self.ats = ats
        self.texts = texts
        # Bytes of the texts, or of the dropped lines.
        self.size = size
        # Number of the first record; 0 until it is in a batch.
        self.seq = 0
        self.piece = piece
        self.lines = lines

    def count(self):
        """Number of records that it becomes."""
        return len(self.ats)

    def split(self, count):
        """Keeps this number of lines, and returns the rest."""
        rest = _Record(self.kind, self.written, self.ats[count:], self.texts[count:], piece=self.piece)
        self.ats, self.texts = self.ats[:count], self.texts[:count]
        rest.size = sum(map(len, rest.texts))
        self.size -= rest.size
        if self.seq:
            rest.seq = self.seq + count
        return rest


class _Backlog:
    """Records that wait, in the order of writing, up to a limit; those beyond it are counted."""

    def __init__(self):
        self.records = collections.deque()
        self.bytes = 0
        self.seq = 0
        self.window_start = 0
        self.window_lines = 0
        self.window_bytes = 0
        # Lines, bytes, and the origin and time of the last one.
        self.dropped = None

    def any(self):
        return bool(self.records) or self.dropped is not None

    def is_full(self, at):
        """Whether what is written in the current five seconds is only counted from now on."""
        return self._is_in_window(at) and (
            self.window_lines >= MAX_WINDOW_LINES or self.window_bytes >= MAX_WINDOW_BYTES - SMALL_BYTES
        )

    def add_lines(self, texts, written, ats):
        """Adds whole lines, in one step if there is room for all of them."""
        sizes = list(map(len, texts))
        size = sum(sizes)
        if not self._is_in_window(ats[0]):
            self._begin_window(ats[0])
        if (
            self._is_in_window(ats[-1])
            and max(sizes) <= MAX_TEXT_BYTES
            and self._has_room(len(texts), size)
        ):
            return self._keep(texts, written, ats, size)
        for text, at in zip(texts, ats):
            self.add_line(text, len(text), written, at)

    def add_line(self, text, size, written, at):
        if not self._is_in_window(at):
            self._begin_window(at)
        if text is None or not self._has_room(1, size):
            return self.count(1, size, written, at)
        if size <= MAX_TEXT_BYTES:
            return self._keep([text], written, [at], size)
        self._take_room(1, size)
        pieces = _pieces(text)
        for number, piece in enumerate(pieces, 1):
            name = "%d/%d" % (number, len(pieces))
            self.records.append(_Record("line", written, [at], [piece], len(piece), name))

    def add_end(self, lines, written, at):
        self._tell_dropped()
        self.records.append(_Record("end", written, [at], lines=lines))

    def count(self, lines, size, written, at):
        before = self.dropped or (0, 0)
        self.dropped = (before[0] + lines, before[1] + size, written, at)

    def batch(self):
        """The next batch to send, with its numbers. It stays here until it is removed."""
        self._tell_dropped()
        batch, count, size = [], 0, 0
        while len(batch) < len(self.records):
            record = self.records[len(batch)]
            room = self._room(record, MAX_BATCH_RECORDS - count, MAX_BATCH_BYTES - size)
            if not room:
                break
            if room < record.count():
                self.records.insert(len(batch) + 1, record.split(room))
            if not record.seq:
                record.seq = self.seq + 1
                self.seq += record.count()
            batch.append(record)
            count += record.count()
            size += record.size
        return batch

    def remove(self, batch):
        if not self.records or self.records[0] is not batch[0]:
            return
        for _ in batch:
            record = self.records.popleft()
            if record.kind == "line":
                self.bytes -= record.size

    def drop(self, batch):
        for record in batch:
            if record.kind == "line":
                lines = int(record.piece.startswith("1/")) if record.piece else record.count()
                self.count(lines, record.size, record.written, record.ats[-1])
        self.remove(batch)

    def let_go(self):
        self.records.clear()
        self.bytes = 0
        self.dropped = None

    def _is_in_window(self, at):
        return 0 <= at - self.window_start < WINDOW_SECONDS * 1000000

    def _begin_window(self, at):
        self.window_start, self.window_lines, self.window_bytes = at, 0, 0

    def _has_room(self, lines, size):
        return (
            self.window_lines + lines <= MAX_WINDOW_LINES
            and self.window_bytes + size <= MAX_WINDOW_BYTES
            and self.bytes + size <= MAX_WAITING_BYTES
        )

    def _take_room(self, lines, size):
        self.window_lines += lines
        self.window_bytes += size
        self.bytes += size
        self._tell_dropped()

    def _keep(self, texts, written, ats, size):
        self._take_room(len(texts), size)
        last = self.records[-1] if self.records else None
        # A batch may be in transit.
        if last is not None and last.written == written and last.kind == "line" and not last.seq and not last.piece:
            last.texts += texts
            last.ats += ats
            last.size += size
        else:
            self.records.append(_Record("line", written, ats, texts, size))

    def _tell_dropped(self):
        if self.dropped is not None:
            lines, size, written, at = self.dropped
            self.dropped = None
            self.records.append(_Record("dropped", written, [at], size=size, lines=lines))

    @staticmethod
    def _room(record, records, size):
        """Number of a record's lines that fit into a batch."""
        if record.kind != "line":
            return min(records, 1)
        if record.count() <= records and record.size <= size:
            return record.count()
        sizes = itertools.accumulate(map(len, record.texts[:records]))
        return sum(1 for total in sizes if total <= size)


def _varint(value):
    out = bytearray()
    while value >= 128:
        out.append(value % 128 | 128)
        value //= 128
    out.append(value)
    return bytes(out)


def _message(field, content):
    return bytes((field << 3 | 2,)) + _varint(len(content)) + content


def _pair(key, value):
    return _message(2, _message(1, key) + _message(2, value if isinstance(value, bytes) else _utf8(str(value))))


def _encode(batch, origin, run):
    """Encodes the records as the parts of a LogGroupList, https://cloud.tencent.com/document/product/614/59470."""
    shared = b"".join(_pair(key, origin[key.decode()]) for key in (b"function", b"namespace", b"version", b"instance"))
    logs = []
    for record in batch:
        # Except for number, time and text, many records have the same content.
        head = shared + _head(record.kind, record.written, run)
        logs += _lines(record, head) if record.kind == "line" and not record.piece else [_log(record, head)]
    return [bytes((1 << 3 | 2,)), _varint(sum(map(len, logs)))] + logs


def _log(record, head):
    at = _written(record.ats[0])
    log = b"\x08%b%b" % (_varint(at // 1000), head) + _pair(b"seq", record.seq) + _pair(b"time", at)
    if record.kind == "line":
        log += _pair(b"text", record.texts[0]) + _pair(b"piece", record.piece)
    else:
        log += _pair(b"lines", record.lines)
        if record.kind == "dropped":
            log += _pair(b"bytes", record.size)
    return _message(1, log)


def _lines(record, head):
    """Encodes many lines at once: only what differs between lines is encoded for each."""
    logs, start, seq = [], 0, record.seq
    while start < len(record.texts):
        # Their numbers have the same number of digits, and the result stays in the CPU's cache.
        digits = len(str(seq + start))
        end = min(len(record.texts), 10 ** digits - seq, start + MAX_ALIKE)
        logs.append(_alike(seq + start, digits, head, record.ats[start:end], record.texts[start:end]))
        start = end
    return logs


def _alike(seq, digits, head, ats, texts):
    """Encodes lines with one format for everything that they share, filled in a single step."""
    if min(ats) < EARLIEST_MICROSECONDS:
        ats = list(map(_written, ats))
    head += b"\x12%c\n\x03seq\x12%c" % (digits + 7, digits)
    own = b"%d\x12\x18\n\x04time\x12\x10%d"
    own_size = len(own % (seq, ats[0]))
    forms, millisecond, timed, by_size = [], None, b"", {}
    for at, size in zip(ats, map(len, texts)):
        if at // 1000 != millisecond:
            millisecond = at // 1000
            timed, by_size = b"\x08%b%b" % (_varint(millisecond), head), {}
        form = by_size.get(size)
        if form is None:
            text_size = _varint(size)
            before_text = b"\x12%b\n\x04text\x12%b" % (_varint(7 + len(text_size) + size), text_size)
            log_size = _varint(len(timed) + own_size + len(before_text) + size)
            form = _literal(b"\n" + log_size + timed) + own + _literal(before_text) + b"%b"
            by_size[size] = form
        forms.append(form)
    return b"".join(forms) % tuple(itertools.chain.from_iterable(zip(itertools.count(seq), ats, texts)))


def _literal(text):
    """Escapes bytes for use in a format."""
    return text.replace(b"%", b"%%")


def _written(at):
    """A time with the number of digits that times have until 2286; a clock that was never set has fewer."""
    return max(at, EARLIEST_MICROSECONDS)


def _head(kind, written, run):
    request, its_run, *line = written
    pairs = [_pair(b"kind", kind), _pair(b"request_id", request)]
    # Lines written outside a run, such as while modules load, have no run to be sent with.
    if its_run != run and request:
        pairs.append(_pair(b"late", "1"))
    if kind == "line":
        pairs += [_pair(b"level", line[0]), _pair(b"stream", line[1])]
    return b"".join(pairs)


def _sign(method, path, query, headers):
    """The Authorization header of COS and CLS, https://cloud.tencent.com/document/product/436/7778."""

    def canonical(values):
        pairs = sorted((quote(name, safe="-_.~").lower(), quote(value, safe="-_.~")) for name, value in values.items())
        return ";".join(name for name, _ in pairs), "&".join("%s=%s" % pair for pair in pairs)

    def digest(key, text):
        return hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()

    identifier, key = os.environ.get("TENCENTCLOUD_SECRETID"), os.environ.get("TENCENTCLOUD_SECRETKEY")
    if not identifier or not key:
        raise ServiceError("TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY must be set; give the function a role")
    period = "%d;%d" % (_now() - 60, _now() + 900)
    queries, headers_ = canonical(query), canonical(headers)
    form = "%s\n%s\n%s\n%s\n" % (method.lower(), path, queries[1], headers_[1])
    to_sign = "sha1\n%s\n%s\n" % (period, hashlib.sha1(form.encode()).hexdigest())
    return (
        "q-sign-algorithm=sha1&q-ak=%s&q-sign-time=%s&q-key-time=%s&q-header-list=%s&q-url-param-list=%s&q-signature=%s"
        % (identifier, period, period, headers_[0], queries[0], digest(digest(key, period), to_sign))
    )


class _Wire:
    """HTTP over one connection, which is not reused after a pause in which SCF may have frozen the instance."""

    tls = None

    def __init__(self, variable, host):
        self.host = host
        redirected = os.environ.get(variable) or "https://%s" % host
        match = re.match(r"(https?)://(\[[0-9a-fA-F:]+\]|[^/:?#]+)(?::(\d+))?/?$", redirected)
        if not match:
            raise ServiceError("%s must be http://host:port or https://host:port; unset it in the cloud" % variable)
        self.is_plain, self.name = match.group(1) == "http", match.group(2).strip("[]")
        self.port = int(match.group(3) or (80 if self.is_plain else 443))
        self.connection = None
        self.used_at = 0
        # Start of the wait for an answer; None if there is none.
        self.since = None

    def send(self, method, path, headers, query=None, body=None):
        headers = dict(headers, host=self.host)
        signed = dict(headers, authorization=_sign(method, path, query or {}, headers))
        target = quote(path, safe="/-_.~")
        if query:
            target += "?" + "&".join("%s=%s" % (name, quote(value, safe="-_.~")) for name, value in query.items())
        if self.connection is not None and _now() - self.used_at > REUSE_SECONDS:
            self.close()
        try:
            if self.connection is None:
                self.connection = self._connect()
            self.since = _now()
            self.connection.request(method, target, body=body, headers=signed)
            answer = self.connection.getresponse()
            text = answer.read(64 * 1024)
            if answer.read(1):
                self.close()
            self.used_at = _now()
            return answer.status, answer.headers, text.decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            what = "%s %s%s got no answer: %s" % (method, self.host, path, error or type(error).__name__)
            raise ServiceError(what, is_reset=isinstance(error, ConnectionError)) from None
        finally:
            self.since = None

    def _connect(self):
        if self.is_plain:
            return http.client.HTTPConnection(self.name, self.port, timeout=TIMEOUT_SECONDS)
        # It reads the machine's certificates, which takes time.
        _Wire.tls = _Wire.tls or ssl.create_default_context()
        return http.client.HTTPSConnection(self.name, self.port, timeout=TIMEOUT_SECONDS, context=_Wire.tls)

    def thaw(self, seconds):
        """Ends a request that was in progress when the instance was frozen: it may never be answered."""
        since, connection = self.since, self.connection
        if since is None or connection is None or connection.sock is None or _now() - since < seconds:
            return
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self):
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()


# How writes are handled: they are not examined, they are counted, or they are kept to be sent.
_PASSES, _COUNTS, _KEEPS = range(3)


class _Reporter:
    """The reporter of one instance. `lock` guards all of it, and is never held during a wait."""

    def __init__(self, settings, tell):
        self.settings = settings
        self.tell = tell
        self.process = os.getpid()
        self.instance = os.urandom(8).hex()
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.backlog = _Backlog()
        # Lines, chunk and time of each write that was not split yet: a write must cost next to nothing. In between,
        # marks of None, level and record show where logging begins to write a record; without a level, where it ends.
        self.items = []
        self.mode = _KEEPS
        # Whether the whole request was seen so far.
        self.is_whole = True
        self.streams = {"stdout": _Lines("stdout", "info", self), "stderr": _Lines("stderr", "error", self)}
        self.origin = None
        self.request = ""
        # Counts the starts and ends of the handler's runs.
        self.run = 0
        self.lines = 0
        # Levels of the records that logging currently writes, by record: a write has the level of the last one.
        self.levels = collections.OrderedDict()
        self.calling = None
        self.is_looking = False
        self.looked_at = 0
        self.etag = None
        self.until = 0
        self.ahead = 0
        self.is_hurried = False
        self.paused_until = 0
        self.failures = 0
        self.trouble_at = 0
        self.threads = []
        # Connections for the flag and the topic, once they are in use.
        self.wires = {}
        self._set_origin(
            {
                "function_name": os.environ.get("SCF_FUNCTIONNAME"),
                "namespace": os.environ.get("SCF_NAMESPACE"),
                "function_version": os.environ.get("SCF_FUNCTIONVERSION"),
            }
        )
        if self.origin:
            with self.lock:
                self._look()

    def take(self):
        """Splits what was written into lines."""
        if self._is_in_child():
            del self.items[:]
            for lines in self.streams.values():
                del lines.bulk[:]
            return
        try:
            with self.lock:
                self._take()
        except Exception as error:
            self.trouble(error)

    def _take(self):
        # Writers in the meantime add three items at once.
        items = self.items[:]
        del self.items[: len(items)]
        owners, chunks, ats = items[0::3], items[1::3], items[2::3]
        start = 0
        for _ in range(owners.count(None)):
            end = owners.index(None, start)
            self._cut(owners[start:end], chunks[start:end], ats[start:end])
            self._mark(chunks[end], ats[end])
            start = end + 1
        self._cut(owners[start:], chunks[start:], ats[start:])
        now = int(_now() * 1000000)
        for lines in self.streams.values():
            if lines.bulk:
                ended, size = lines.count()
                self.lines += ended
                if ended:
                    self.backlog.count(ended, size, self._written(lines), now)
        if self.mode != _PASSES:
            self.mode = _COUNTS if self.backlog.is_full(now) else _KEEPS

    def _cut(self, owners, chunks, ats):
        """Splits writes into lines: those of one stream together if possible, which is many times faster."""
        if not owners:
            return
        first = owners[0]
        cut = first.cut(chunks, ats) if owners.count(first) == len(owners) else None
        if cut is None:
            for lines, chunk, at in zip(owners, chunks, ats):
                lines.write(chunk, at)
        elif cut[0]:
            texts, ended_at = cut
            self.lines += len(texts)
            self.backlog.add_lines(texts, self._written(first), ended_at)

    def _mark(self, level, record):
        self.levels.pop(record, None)
        if level is not None:
            self.levels[record] = level

    def _written(self, lines):
        level = self.levels[next(reversed(self.levels))] if self.levels else lines.fallback
        return (self.request, self.run, level, lines.stream)

    def line(self, lines, text, size, at):
        self.lines += 1
        self.backlog.add_line(text, size, self._written(lines), int(at * 1000000))

    def begin(self, context):
        try:
            with self.lock:
                self._end()
                self.run += 1
                self.request = _text(context, "request_id")
                self.lines = 0
                self.is_whole = self.mode != _PASSES
                known = dict(self.origin or {})
                self._set_origin(context)
                if known and any(known[key] != self.origin[key] for key in ("function", "namespace")):
                    self.looked_at = 0
                for wire in list(self.wires.values()):
                    wire.thaw(STALE_SECONDS)
                if self._look_in() <= 0:
                    self._look()
                else:
                    self._decide()
        except Exception as error:
            self.trouble(error)

    def leave(self, is_last=False):
        """Ends a run: waits until its lines are sent, for at most 100 ms, and only if somebody watches."""
        if self._is_in_child():
            return
        try:
            with self.lock:
                self._end()
                ends_at = time.monotonic() + LEAVE_SECONDS
                if self.run == 1 or is_last:
                    self._wait(ends_at, lambda: self.is_looking and not self._is_watched())
                self.is_hurried = True
                self.changed.notify_all()
                self._wait(ends_at, self._may_send)
                self.is_hurried = False
                # What is sent from now on is late.
                self.run += 1
        except Exception as error:
            self.trouble(error)

    def crash(self, error):
        """Reports that the function's own module does not load, in the words of SCF."""
        self.take()
        if self.mode == _KEEPS:
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            self.items.extend((self.streams["stderr"], text, _now()))
            self.take()
        self.leave(is_last=True)

    def trouble(self, error):
        """Reports a fault of the reporter in SCF's own log, once a minute."""
        if _now() - self.trouble_at < TROUBLE_SECONDS:
            return
        self.trouble_at = _now()
        self.tell(error)

    def _wait(self, ends_at, holds):
        while holds():
            rest = ends_at - time.monotonic()
            if rest <= 0:
                return
            self.changed.wait(rest)

    def _end(self):
        self._take()
        if not self.request:
            return
        if self.mode != _PASSES:
            for lines in self.streams.values():
                lines.flush(_now())
            # The number of lines of a request that was not seen from its start is unknown.
            if self.is_whole:
                self.backlog.add_end(self.lines, (self.request, self.run), int(_now() * 1000000))
        self.request = ""

    def _is_in_child(self):
        """Whether this is a forked process. It has none of our threads, and nobody may ever release our lock there."""
        return os.getpid() != self.process

    def _set_origin(self, context):
        name, namespace = _text(context, "function_name"), _text(context, "namespace")
        if name and namespace:
            version = _text(context, "function_version")
            self.origin = {"function": name, "namespace": namespace, "version": version, "instance": self.instance}

    def _is_watched(self):
        return self.until > _now() + self.ahead

    def _may_send(self):
        return (
            self.origin is not None and self._is_watched() and self.backlog.any() and not self._is_paused()
        )

    def _is_paused(self):
        # A pause longer than the maximum means that the clock was set back.
        return 0 < self.paused_until - _now() <= LONGEST_PAUSE_SECONDS

    def _look_in(self):
        """Seconds until the flag is read again. A last time in the future is from before the clock was set back."""
        ago = _now() - self.looked_at
        return LOOK_SECONDS - ago if ago >= 0 else 0

    def _decide(self):
        """Decides from the flag whether lines are kept or discarded."""
        if self.is_looking:
            return
        if not self._is_watched():
            self.mode, self.is_whole = _PASSES, False
            self._take()
            self.backlog.let_go()
        self.changed.notify_all()

    def _look(self):
        if self.is_looking or self.origin is None:
            return
        self.is_looking = True
        self.looked_at = _now()
        if self.mode == _PASSES:
            for lines in self.streams.values():
                lines.resume()
            self.mode = _KEEPS
        if not self.threads:
            self.threads = [threading.Thread(target=work, daemon=True) for work in (self._looks, self._sends)]
            for thread in self.threads:
                thread.start()
        self.changed.notify_all()

    def _looks(self):
        """Reads the flag on request, and every five seconds during a run."""
        while True:
            with self.lock:
                while not self.is_looking:
                    rest = self._look_in()
                    if self.request and rest <= 0:
                        self._look()
                    else:
                        self.changed.wait(rest if self.request else None)
                origin, etag = self.origin, self.etag
            try:
                try:
                    self._look_once(origin, etag)
                except ServiceError as error:
                    # A read that was frozen, or whose connection broke, may succeed the second time.
                    if not error.is_reset:
                        raise
                    self._look_once(origin, etag)
            except Exception as error:
                self.trouble(error)
            with self.lock:
                self.is_looking = False
                self._decide()

    def _look_once(self, origin, etag):
        bucket, region = self.settings["bucket"], self.settings["region"]
        is_inner = self.settings.get("network") == "intranet"
        host = "%s.cos-internal.%s.tencentcos.cn" if is_inner else "%s.cos.%s.myqcloud.com"
        headers = _token("x-cos-security-token")
        if etag:
            headers["if-none-match"] = etag
        wire = self.wires["flag"] = _Wire("COS_ENDPOINT", host % (bucket, region))
        path = "/live/watch/%s/%s.json" % (origin["namespace"], origin["function"])
        try:
            status, answered, text = wire.send("GET", path, headers)
        finally:
            wire.close()
        date = parsedate(answered.get("date") or "")
        if date:
            self.ahead = calendar.timegm(date) - _now()
        if status == 200:
            self.until, self.etag = _until(text), answered.get("etag")
        elif status == 404 and (not text or "<Code>NoSuchKey</Code>" in text):
            self.until, self.etag = 0, None
        elif status != 304:
            raise ServiceError("GET cos://%s%s failed (HTTP %d)" % (bucket, path, status), status)

    def _sends(self):
        """Sends what was written every 200 ms, or immediately if somebody waits for it."""
        region = self.settings["region"]
        domain = "tencentyun" if self.settings.get("network") == "intranet" else "tencentcs"
        while True:
            with self.lock:
                if self.mode == _PASSES:
                    self.changed.wait()
                else:
                    # A run that waits for its lines may wait for lines that cannot be sent.
                    self._wait(time.monotonic() + GATHER_SECONDS, lambda: not (self.is_hurried and self._may_send()))
                self.take()
                batch = self.backlog.batch() if self._may_send() else []
                origin, run = self.origin, self.run
            if not batch:
                continue
            try:
                if "topic" not in self.wires:
                    self.wires["topic"] = _Wire("CLS_ENDPOINT", "%s.cls.%s.com" % (region, domain))
                self._send(self.wires["topic"], _encode(batch, origin, run))
                with self.lock:
                    self.failures = 0
                    self.backlog.remove(batch)
                    self.changed.notify_all()
            except Exception as error:
                self._failed(error, batch)

    def _send(self, wire, records):
        # Log lines are similar: a level above the lowest costs time and saves next to nothing.
        deflater = zlib.compressobj(1, zlib.DEFLATED, -15)
        headers = _token("x-cls-token")
        headers.update({"content-type": "application/x-protobuf", "x-cls-compress-type": "deflate"})
        query = {"topic_id": self.settings["topic"]}
        body = b"".join(map(deflater.compress, records)) + deflater.flush()
        status, answered, text = wire.send("POST", "/structuredlog", headers, query, body)
        what = "POST cls://%s" % self.settings["topic"]
        if status != 200:
            raise ServiceError("%s failed (HTTP %d)" % (what, status), status)
        if text and not (answered.get("x-cls-requestid") and re.match(r'\s*\{\s*("request_?id"[^,{}]*)?\}', text, re.I)):
            raise ServiceError("%s must be acknowledged with an empty body, got another" % what)

    def _failed(self, error, batch):
        with self.lock:
            if getattr(error, "status", None) in (400, 413):
                self.backlog.drop(batch)
            self.failures += 1
            # A connection that broke while it was idle says nothing about the service.
            is_first = self.failures == 1 and getattr(error, "is_reset", False)
            pause = 0 if is_first else min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1))
            self.paused_until = _now() + pause
            self.changed.notify_all()
        if not is_first:
            self.trouble(error)


def _text(context, name):
    """Reads a value of the context, which is a dictionary in SCF and can be an object elsewhere."""
    value = context.get(name) if isinstance(context, dict) else getattr(context, name, None)
    return value if isinstance(value, str) else ""


def _token(header):
    token = os.environ.get("TENCENTCLOUD_SESSIONTOKEN")
    return {header: token} if token else {}


def _until(text):
    """The time until which a function is watched, in seconds since the epoch by COS's clock; 0 if it is not a flag."""
    try:
        until = json.loads(text)["until"]
        return until / 1000 if isinstance(until, (int, float)) and not isinstance(until, bool) else 0
    except (ValueError, KeyError, TypeError):
        return 0


def _hook(name, reporter):
    """Observes what is written to a stream, without changing it.

    The stream stays the same object, because code that writes may already hold it. If it has a buffer, the buffer is
    hooked too, for bytes that are written directly to it; what it receives from the stream itself was already seen. If
    the stream passes each text on immediately, as an unbuffered one does, only the buffer is hooked.
    """
    stream = getattr(sys, name)
    buffer = getattr(stream, "buffer", None)
    if buffer is not None and _is_unbuffered(stream):
        buffer.write = _hooked(buffer.write, reporter, reporter.streams[name], is_binary=True)
        return
    flush = stream.flush
    stream.write = hooked = _hooked(stream.write, reporter, reporter.streams[name])
    if buffer is None:
        return

    def hooked_flush():
        return flush()

    stream.flush = hooked_flush
    write, ours = buffer.write, (hooked.__code__, hooked_flush.__code__)
    seen = _hooked(write, reporter, reporter.streams[name], is_binary=True)

    def hooked_bytes(chunk):
        return write(chunk) if sys._getframe(1).f_code in ours else seen(chunk)

    buffer.write = hooked_bytes


def _is_unbuffered(stream):
    """Whether each write to a stream is a write to its buffer, with the same text as UTF-8."""
    try:
        return stream.write_through and codecs.lookup(stream.encoding).name == "utf-8"
    except (AttributeError, LookupError, TypeError):
        # Before Python 3.7, a stream does not provide it.
        return False


def _hooked(write, reporter, lines, is_binary=False):
    now, items, take, bulk = _now, reporter.items, reporter.take, lines.bulk
    extend, count = items.extend, bulk.append
    keeps, counts, most = _KEEPS, _COUNTS, 3 * MAX_ITEMS

    # A function may print a million times, so this avoids every call, lock and look-up that it can.
    def hooked(chunk):
        written = write(chunk)
        if is_binary and type(chunk) is not bytes:
            chunk = bytes(chunk)
        mode = reporter.mode
        if mode == keeps:
            extend((lines, chunk, now()))
            if len(items) > most or len(chunk) > LARGE_CHARACTERS:
                take()
        elif mode == counts:
            count(chunk)
            if len(bulk) > MAX_ITEMS or len(chunk) > LARGE_CHARACTERS:
                take()
        else:
            lines.last = chunk
        return written

    return hooked


def _hook_logging(reporter):
    """Observes the level of what a handler of logging writes.

    If several threads log at the same time, a handler lets them write one after the other. It usually formats the text
    first, so the level of what is written is that of the last record that was formatted.
    """
    handle, make_text = logging.Handler.handle, logging.Handler.format
    mark, begun = reporter.items.extend, set()

    def hooked(self, record):
        if reporter.mode == _PASSES:
            return handle(self, record)
        name = id(record)
        begun.add(name)
        mark((None, str(record.levelname).lower(), name))
        try:
            return handle(self, record)
        finally:
            begun.discard(name)
            mark((None, None, name))

    def hooked_format(self, record):
        if id(record) in begun:
            mark((None, str(record.levelname).lower(), id(record)))
        return make_text(self, record)

    logging.Handler.handle, logging.Handler.format = hooked, hooked_format


def _wrap(handler, reporter):
    """Wraps a handler so that its lines are sent before it ends. Its arguments, result and errors are unchanged."""

    @functools.wraps(handler)
    def wrapped(event, context, *more):
        if reporter.calling is not None and reporter.calling is context:
            return handler(event, context, *more)
        reporter.begin(context)
        reporter.calling = context
        try:
            return handler(event, context, *more)
        finally:
            reporter.calling = None
            reporter.leave()

    return wrapped


def _wrap_in(module, name, reporter):
    """Wraps the handler in the module that is being loaded, once it is defined there."""

    class Watched(type(module)):
        def __getattribute__(self, attribute):
            found = super().__getattribute__(attribute)
            return _wrap(found, reporter) if attribute == name and callable(found) else found

    module.__class__ = Watched


def _teller():
    """Writes a line about a fault of the reporter to SCF's own log. It bypasses the hooks."""
    stream = sys.stderr
    buffer = getattr(stream, "buffer", None)
    write, flush = (buffer or stream).write, (buffer or stream).flush

    def tell(error):
        text = re.sub(r"AKID[\w-]+", "AKID***", str(error) or type(error).__name__)
        text = re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text)[:500]
        line = "LOGS_LIVE: live lines are missing: %s; the function is not affected\n" % text
        try:
            stream.flush()
            write(line if buffer is None else _utf8(line))
            flush()
        except Exception:
            pass

    return tell


def _settings():
    settings = json.loads(os.environ["LOGS_LIVE"])
    if not isinstance(settings, dict):
        raise ValueError("LOGS_LIVE must hold a JSON object, got another; set liveLog of the function")
    for key in ("topic", "bucket", "region"):
        if not isinstance(settings.get(key), str) or not settings[key]:
            raise ValueError("LOGS_LIVE.%s must be a non-empty string; set liveLog of the function" % key)
    return settings


def _start():
    if not os.environ.get("LOGS_LIVE"):
        return None
    tell = _teller()
    try:
        reporter = _Reporter(_settings(), tell)
        _hook("stdout", reporter)
        _hook("stderr", reporter)
        _hook_logging(reporter)
        atexit.register(reporter.leave)
        return reporter
    except Exception as error:
        tell(error)
        return None


def _handler_name():
    """The function's own handler according to the settings, as file and function."""
    try:
        name = json.loads(os.environ.get("LOGS_LIVE") or "{}").get("handler") or ""
    except (ValueError, AttributeError):
        name = ""
    module, _, function = name.rpartition(".")
    return module.replace("/", "."), function or "main_handler"


def _load(reporter):
    """The function's own handler, if ours was called instead."""
    module, name = _handler_name()
    try:
        handler = getattr(importlib.import_module(module), name)
    except BaseException as error:
        if reporter:
            reporter.crash(error)
        raise
    return _wrap(handler, reporter) if reporter else handler


def _importer():
    """The module that imports `logs`, while it loads."""
    frame = sys._getframe(2)
    while frame and (frame.f_globals.get("__name__") or "").startswith("importlib"):
        frame = frame.f_back
    return sys.modules.get(frame.f_globals.get("__name__") or "") if frame else None


def main_handler(event, context):
    """Called by SCF instead of the function's own handler, which LOGS_LIVE names.

    It works even if LOGS_LIVE is not set yet: an update of a function deploys its code before its variables.
    """
    return importlib.import_module("index").main_handler(event, context)


_reporter = _start()
_module, _function = _handler_name()
if _module and _module not in sys.modules:
    main_handler = _load(_reporter)
elif _reporter is not None:
    _loading = sys.modules.get(_module) or _importer()
    if isinstance(_loading, types.ModuleType) and _loading.__name__ != "__main__":
        _wrap_in(_loading, _function, _reporter)
