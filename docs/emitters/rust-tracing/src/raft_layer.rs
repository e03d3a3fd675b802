//! A `tracing` layer that writes the events of Raft servers in the format of docs/EVENTS.md. An event is one of the target "raft" whose fields
//! are the keys of the line; `node`, `op` and the state belong in each, and the text "none" is written as null:
//! `info!(target: "raft", node = "S1", boot = 1, op = "Vote", term = 3, role = "follower", vote = "S2", ..., r#for = "S2")`.
//! The state is that AFTER a step or a send; of a message that arrives (`dir = "recv"`) that BEFORE anything is done with it. An event of the
//! test has the node "TEST" and no state: `warn!(target: "raft", node = "TEST", boot = 0, op = "Crash", target = "S2")`.
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt::Debug;
use std::io::Write;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

pub struct RaftLayer<W> { shared: Mutex<Shared<W>> }

struct Shared<W> {
    seq: u64,
    out: W,
    boots: HashMap<String, i64>, // the lowest boot of each server that may write
}

impl<W: Write> RaftLayer<W> {
    pub fn new(out: W) -> Self { RaftLayer { shared: Mutex::new(Shared { seq: 0, out, boots: HashMap::new() }) } }
}

impl<W> Shared<W> {
    /// Threads of a killed server may run on, and what they do is not the server's any more. Killed are the instances before the newest, and
    /// the newest too once the test has told its Crash.
    fn is_killed(&mut self, fields: &Fields) -> bool {
        let boot = fields.0.get("boot").and_then(Value::as_i64).unwrap_or(0);
        let node = fields.of("node");
        if fields.of("op") == "Crash" { self.boots.entry(fields.of("target")).and_modify(|lowest| *lowest += 1); }
        if node == "TEST" { return false; }
        let lowest = self.boots.entry(node).or_insert(boot);
        *lowest = boot.max(*lowest);
        boot < *lowest
    }
}

impl<S: Subscriber, W: Write + 'static> Layer<S> for RaftLayer<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "raft" { return; }
        let mut fields = Fields(Map::new());
        event.record(&mut fields);
        fields.0.insert("msg".into(), fields.text().into());
        let mut shared = self.shared.lock().unwrap();
        if shared.is_killed(&fields) { return; }
        shared.seq += 1;
        let seq = shared.seq;
        let level = match *event.metadata().level() { Level::ERROR => 50, Level::WARN => 40, _ => 30 };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let rest = Value::Object(fields.0).to_string();
        let _ = writeln!(shared.out, r#"{{"level":{level},"time":{}.{:03},"seq":{seq},{}"#, now / 1000, now % 1000, &rest[1..]);
    }
}

struct Fields(Map<String, Value>);

impl Fields {
    fn of(&self, key: &str) -> String { self.0.get(key).map_or(String::new(), |value| value.as_str().map_or(value.to_string(), str::to_string)) }

    /// The event as grep wants it: "S1->S2 AppendEntries T3", "S1 Vote T3", "TEST Crash".
    fn text(&self) -> String {
        let (src, dst) = (self.of("src"), self.of("dst"));
        let who = match self.of("dir").as_str() { "send" => format!("{src}->{dst}"), "recv" => format!("{dst}<-{src}"), _ => self.of("node") };
        let term = ["msgTerm", "term"].iter().find(|key| self.0.contains_key(**key)).map_or(String::new(), |key| format!(" T{}", self.of(key)));
        format!("{who} {}{term}", self.of("op"))
    }

    fn put(&mut self, field: &Field, value: Value) {
        let value = if value == "none" { Value::Null } else { value };
        let name = field.name().trim_start_matches("r#");
        self.0.insert(name.to_string(), value);
    }
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) { self.put(field, value.into()) }
    fn record_i64(&mut self, field: &Field, value: i64) { self.put(field, value.into()) }
    fn record_bool(&mut self, field: &Field, value: bool) { self.put(field, value.into()) }
    fn record_str(&mut self, field: &Field, value: &str) { self.put(field, value.into()) }
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) { self.put(field, format!("{value:?}").into()) }
}
