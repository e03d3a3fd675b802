"""Writes the events of one server in the format of docs/EVENTS.md."""

import itertools
import json
import threading
import time


_lock = threading.Lock()
_seq = itertools.count(1)  # one order of writing for all servers of the process, which may share a file


class RaftLog:
    def __init__(self, out, node, boot=1):
        self._out, self._node, self._boot = out, node, boot

    def step(self, state, op, **own):
        """An event of the server itself. `state` is the state AFTER it: see `state()`."""
        self._write(state, op, {}, (self._node, self._node), own, f"{self._node} {op} T{state['term']}")

    def send(self, state, op, dst, id, msg_term, re=None, **own):
        """A message leaves. `id` is the message's own, `re` the id of the request that a reply answers."""
        self._message(state, op, "send", (self._node, dst), id, re, {"msgTerm": msg_term, **own}, f"{self._node}->{dst}")

    def recv(self, state, op, src, id, msg_term, re=None, **own):
        """A message has arrived, and nothing has been done with it yet."""
        self._message(state, op, "recv", (src, self._node), id, re, {"msgTerm": msg_term, **own}, f"{self._node}<-{src}")

    def _message(self, state, op, direction, ends, id, re, own, who):
        ids = {"id": id} if re is None else {"id": id, "re": re}
        self._write(state, op, {"dir": direction, **ids}, ends, own, f"{who} {op} T{own['msgTerm']}")

    def _write(self, state, op, message, ends, own, text):
        with _lock:
            line = {"level": 30, "time": round(time.time() * 1000, 3), "seq": next(_seq), "node": self._node, "boot": self._boot, "op": op}
            if message:
                line["dir"] = message.pop("dir")
            line.update(src=ends[0], dst=ends[1], **message, **state, **own, msg=text)
            self._out.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
            self._out.flush()


def state(term=0, role="follower", vote=None, commit=0, applied=0, last=0, lastTerm=0):
    """The server's state (figure 2), in the order of the line."""
    return dict(term=term, role=role, vote=vote, commit=commit, applied=applied, last=last, lastTerm=lastTerm)
