//! Writes the events of one server in the format of docs/EVENTS.md. It needs nothing but std; for `tracing` see ../rust-tracing.
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// The server's state AFTER the event (figure 2).
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

pub struct RaftLog<W: Write> { node: String, boot: u64, out: Mutex<W> }

static SEQ: Mutex<u64> = Mutex::new(0); // one order of writing for all servers of the process, which may share a file

impl<W: Write> RaftLog<W> {
    pub fn new(node: &str, boot: u64, out: W) -> Self { RaftLog { node: node.into(), boot, out: Mutex::new(out) } }

    /// `own` are the opcode's own fields in the order of docs/EVENTS.md, each value as JSON: `("prev", "6")`, `("voters", "\"S1,S2\"")`.
    pub fn event(&self, s: State, op: &str, message: Option<Message>, own: &[(&str, &str)]) -> io::Result<()> {
        let mut seq = SEQ.lock().unwrap();
        *seq += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let mut line = format!(r#"{{"level":30,"time":{}.{:03},"seq":{},"node":"{}","boot":{},"op":"{op}""#, now / 1000, now % 1000, *seq, self.node, self.boot);
        let text = match &message {
            None => { let _ = write!(line, r#","src":"{0}","dst":"{0}""#, self.node); format!("{} {op} T{}", self.node, s.term) }
            Some(m) => {
                let _ = write!(line, r#","dir":"{}","src":"{}","dst":"{}","id":{}"#, m.dir, m.src, m.dst, m.id);
                if let Some(re) = m.re { let _ = write!(line, r#","re":{re}"#); }
                if m.dir == "recv" { format!("{}<-{} {op} T{}", m.dst, m.src, m.term) } else { format!("{}->{} {op} T{}", m.src, m.dst, m.term) }
            }
        };
        let vote = s.vote.map_or("null".to_string(), |vote| format!("\"{vote}\""));
        let _ = write!(line, r#","term":{},"role":"{}","vote":{vote},"commit":{},"applied":{},"last":{},"lastTerm":{}"#, s.term, s.role, s.commit, s.applied, s.last, s.last_term);
        if let Some(m) = &message { let _ = write!(line, r#","msgTerm":{}"#, m.term); }
        for (key, json) in own { let _ = write!(line, r#","{key}":{json}"#); }
        writeln!(self.out.lock().unwrap(), r#"{line},"msg":"{text}"}}"#)
    }
}
