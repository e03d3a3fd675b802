"""Writes the events of servers, and of the test around them, in the format of docs/EVENTS.md."""

import itertools
import json
import threading
import time

_lock = threading.Lock()
_seq = itertools.count(1)  # one order of writing for all servers of the process, which may share a file
_live = {}  # the instance of each server that may write
_LEVELS = {"Crash": 40, "Partition": 40, "Fault": 40, "Violation": 50}


class RaftLog:
    """The events of one instance of a server. The instance that was there before it writes nothing from now on."""

    def __init__(self, out, node, boot=1):
        self._out, self._node, self._boot = out, node, boot
        with _lock:
            _live[node] = self

    def kill(self):
        """Threads of a killed server may run on, and what they do is not the server's any more: none of it is written."""
        with _lock:
            if _live.get(self._node) is self:
                del _live[self._node]

    def step(self, state, op, **own):
        """An event of the server itself. `state` is the state AFTER it: see `state()`."""
        self._write(f"{self._node} {op} T{state['term']}", op, dict(src=self._node, dst=self._node), state, own)

    def send(self, state, op, dst, id, msg_term, re=None, **own):
        """A message leaves. `id` is the message's own, `re` the id of the request that a reply answers."""
        self._message(f"{self._node}->{dst}", state, op, dict(dir="send", src=self._node, dst=dst, id=id), re, dict(msgTerm=msg_term, **own))

    def recv(self, state, op, src, id, msg_term, re=None, **own):
        """A message has arrived. `state` is the state BEFORE anything is done with it."""
        self._message(f"{self._node}<-{src}", state, op, dict(dir="recv", src=src, dst=self._node, id=id), re, dict(msgTerm=msg_term, **own))

    def _message(self, who, state, op, head, re, own):
        self._write(f"{who} {op} T{own['msgTerm']}", op, head if re is None else dict(head, re=re), state, own)

    def _write(self, text, op, head, state, own):
        with _lock:
            if _live.get(self._node) is self:
                _line(self._out, 30, self._node, self._boot, {"op": op, **head, **state, **own, "msg": text})


def harness(out, op, **own):
    """An event of the test: TestBegin, TestEnd, Crash, Partition, Heal, Fault, Violation, Note."""
    with _lock:
        _line(out, _LEVELS.get(op, 30), "TEST", 0, {"op": op, "src": "TEST", "dst": "TEST", **own, "msg": f"TEST {op}"})


def _line(out, level, node, boot, rest):
    line = {"level": level, "time": round(time.time() * 1000, 3), "seq": next(_seq), "node": node, "boot": boot, **rest}
    out.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
    out.flush()


def state(term=0, role="follower", vote=None, commit=0, applied=0, last=0, lastTerm=0):
    """The server's state (figure 2), in the order of the line."""
    return dict(term=term, role=role, vote=vote, commit=commit, applied=applied, last=last, lastTerm=lastTerm)
