//! A `tracing` layer that writes the events of Raft servers in the format of docs/EVENTS.md. An event is one of the target "raft" whose fields
//! are the keys of the line; `node`, `op` and the state belong in each, and the text "none" is written as null:
//! `info!(target: "raft", node = "S1", boot = 1, op = "Vote", term = 3, role = "follower", vote = "S2", ..., r#for = "S2")`.
use serde_json::{Map, Value};
use std::fmt::Debug;
use std::io::Write;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

pub struct RaftLayer<W> {
    out: Mutex<(u64, W)>, // the last seq, and where to
}

impl<W: Write> RaftLayer<W> {
    pub fn new(out: W) -> Self { RaftLayer { out: Mutex::new((0, out)) } }
}

impl<S: Subscriber, W: Write + 'static> Layer<S> for RaftLayer<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "raft" { return; }
        let mut fields = Fields(Map::new());
        event.record(&mut fields);
        fields.0.insert("msg".into(), fields.text().into());
        let mut guard = self.out.lock().unwrap();
        let seq = guard.0 + 1;
        guard.0 = seq;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
        let rest = Value::Object(fields.0).to_string();
        let _ = writeln!(guard.1, r#"{{"level":30,"time":{}.{:03},"seq":{},{}"#, now / 1000, now % 1000, seq, &rest[1..]);
    }
}

struct Fields(Map<String, Value>);

impl Fields {
    /// The event as grep wants it: "S1->S2 AppendEntries T3", "S1 Vote T3".
    fn text(&self) -> String {
        let of = |key| self.0.get(key).map_or(String::new(), |value| value.as_str().map_or(value.to_string(), str::to_string));
        let who = match of("dir").as_str() { "send" => format!("{}->{}", of("src"), of("dst")), "recv" => format!("{}<-{}", of("dst"), of("src")), _ => of("node") };
        format!("{who} {} T{}", of("op"), of(if self.0.contains_key("msgTerm") { "msgTerm" } else { "term" }))
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
