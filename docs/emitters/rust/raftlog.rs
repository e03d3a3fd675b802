//! Writes the events of servers, and of the test around them, in the format of docs/EVENTS.md. It needs nothing but std; for `tracing`
//! see ../rust-tracing.
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// The server's state (figure 2): AFTER a step or a send; of a message that arrives BEFORE anything is done with it.
#[derive(Clone, Copy, Default)]
pub struct State<'a> {
    pub term: u64,
    pub role: &'a str,
    pub vote: Option<&'a str>,
    pub commit: u64,
    pub applied: u64,
    pub last: u64,
    pub last_term: u64,
}

/// A message: `id` is its own, `re` the id of the request that a reply answers, `term` the one that it carries.
pub struct Message<'a> {
    pub dir: &'a str,
    pub src: &'a str,
    pub dst: &'a str,
    pub id: u64,
    pub re: Option<u64>,
    pub term: u64,
}

/// The events of one instance of a server.
pub struct RaftLog<W: Write> { node: String, boot: u64, instance: u64, out: Mutex<W> }

struct Shared { seq: u64, instances: u64, live: BTreeMap<String, u64> }

/// One order of writing for all servers of the process, which may share a file; and the instance of each server that may write.
static SHARED: Mutex<Shared> = Mutex::new(Shared { seq: 0, instances: 0, live: BTreeMap::new() });

impl<W: Write> RaftLog<W> {
    /// For a server that starts; `boot` is one higher at each restart. The instance before it writes nothing from now on.
    pub fn new(node: &str, boot: u64, out: W) -> Self {
        let mut shared = SHARED.lock().unwrap();
        shared.instances += 1;
        let instance = shared.instances;
        shared.live.insert(node.into(), instance);
        RaftLog { node: node.into(), boot, instance, out: Mutex::new(out) }
    }

    /// Threads of a killed server may run on, and what they do is not the server's any more: none of it is written.
    pub fn kill(&self) {
        let live = &mut SHARED.lock().unwrap().live;
        if live.get(&self.node) == Some(&self.instance) { live.remove(&self.node); }
    }

    /// `own` are the opcode's own fields in the order of docs/EVENTS.md, each value as JSON: `("prev", "6")`, `("voters", "\"S1,S2\"")`.
    pub fn event(&self, s: State, op: &str, message: Option<Message>, own: &[(&str, &str)]) -> io::Result<()> {
        let mut shared = SHARED.lock().unwrap();
        if shared.live.get(&self.node) != Some(&self.instance) { return Ok(()); }
        let mut rest = String::new();
        let text = match &message {
            None => { let _ = write!(rest, r#","src":"{0}","dst":"{0}""#, self.node); format!("{} {op} T{}", self.node, s.term) }
            Some(m) => {
                let _ = write!(rest, r#","dir":"{}","src":"{}","dst":"{}","id":{}"#, m.dir, m.src, m.dst, m.id);
                if let Some(re) = m.re { let _ = write!(rest, r#","re":{re}"#); }
                if m.dir == "recv" { format!("{}<-{} {op} T{}", m.dst, m.src, m.term) } else { format!("{}->{} {op} T{}", m.src, m.dst, m.term) }
            }
        };
        let vote = s.vote.map_or("null".to_string(), |vote| format!("\"{vote}\""));
        let _ = write!(rest, r#","term":{},"role":"{}","vote":{vote},"commit":{},"applied":{},"last":{},"lastTerm":{}"#, s.term, s.role, s.commit, s.applied, s.last, s.last_term);
        if let Some(m) = &message { let _ = write!(rest, r#","msgTerm":{}"#, m.term); }
        line(&mut *self.out.lock().unwrap(), &mut shared, (30, &self.node, self.boot, op), &rest, own, &text)
    }
}

/// An event of the test: TestBegin, TestEnd, Crash, Partition, Heal, Fault, Violation, Note.
pub fn harness(out: &mut impl Write, op: &str, own: &[(&str, &str)]) -> io::Result<()> {
    let level = match op { "Crash" | "Partition" | "Fault" => 40, "Violation" => 50, _ => 30 };
    let shared = &mut SHARED.lock().unwrap();
    line(out, shared, (level, "TEST", 0, op), r#","src":"TEST","dst":"TEST""#, own, &format!("TEST {op}"))
}

fn line(out: &mut impl Write, shared: &mut Shared, (level, node, boot, op): (u8, &str, u64, &str), rest: &str, own: &[(&str, &str)], text: &str) -> io::Result<()> {
    shared.seq += 1;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    let mut line = format!(r#"{{"level":{level},"time":{}.{:03},"seq":{},"node":"{node}","boot":{boot},"op":"{op}"{rest}"#, now / 1000, now % 1000, shared.seq);
    for (key, json) in own { let _ = write!(line, r#","{key}":{json}"#); }
    writeln!(out, r#"{line},"msg":"{text}"}}"#)
}
