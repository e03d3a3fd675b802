import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Writes the events of one instance of a server in the format of docs/EVENTS.md, and those of the test. Safe for many threads. */
public final class RaftLog {
    /** The server's state (figure 2): AFTER a step or a send; of a message that arrives BEFORE anything is done with it. No vote is null. */
    public record State(long term, String role, String vote, long commit, long applied, long last, long lastTerm) {}

    /** A message: id is its own, re the id of the request that a reply answers (0: none), term the one that it carries. */
    public record Message(String dir, String src, String dst, long id, long re, long term) {}

    private final PrintStream out;
    private final String node;
    private final long boot;
    private static long seq; // one order of writing for all servers of the process, which may share a file
    private static final Map<String, RaftLog> LIVE = new HashMap<>(); // the instance of each server that may write

    /** For a server that starts; boot is one higher at each restart. The instance before it writes nothing from now on. */
    public RaftLog(PrintStream out, String node, long boot) {
        this.out = out;
        this.node = node;
        this.boot = boot;
        synchronized (RaftLog.class) { LIVE.put(node, this); }
    }

    /** Threads of a killed server may run on, and what they do is not the server's any more: none of it is written. */
    public void kill() {
        synchronized (RaftLog.class) { LIVE.remove(node, this); }
    }

    /** message is null for an event of the server itself; own are the opcode's own fields, in the order of docs/EVENTS.md. */
    public void event(State s, String op, Message message, Map<String, Object> own) {
        synchronized (RaftLog.class) {
            if (LIVE.get(node) == this) out.println(line(s, op, message, own));
        }
    }

    /** An event of the test: TestBegin, TestEnd, Crash, Partition, Heal, Fault, Violation, Note. */
    public static void harness(PrintStream out, String op, Map<String, Object> own) {
        int level = switch (op) { case "Crash", "Partition", "Fault" -> 40; case "Violation" -> 50; default -> 30; };
        synchronized (RaftLog.class) {
            StringBuilder line = begin(level, "TEST", 0, op);
            put(line, "src", "TEST");
            put(line, "dst", "TEST");
            own.forEach((key, value) -> put(line, key, value));
            put(line, "msg", "TEST " + op);
            out.println(line.append('}'));
        }
    }

    private static StringBuilder begin(int level, String node, long boot, String op) {
        Instant now = Instant.now();
        StringBuilder line = new StringBuilder("{\"level\":" + level + ",\"time\":" + now.toEpochMilli() + String.format(".%03d", now.getNano() / 1000 % 1000));
        put(line, "seq", ++seq);
        put(line, "node", node);
        put(line, "boot", boot);
        put(line, "op", op);
        return line;
    }

    private String line(State s, String op, Message message, Map<String, Object> own) {
        StringBuilder line = begin(30, node, boot, op);
        if (message != null) put(line, "dir", message.dir());
        put(line, "src", message == null ? node : message.src());
        put(line, "dst", message == null ? node : message.dst());
        if (message != null) put(line, "id", message.id());
        if (message != null && message.re() != 0) put(line, "re", message.re());
        put(line, "term", s.term());
        put(line, "role", s.role());
        put(line, "vote", s.vote());
        put(line, "commit", s.commit());
        put(line, "applied", s.applied());
        put(line, "last", s.last());
        put(line, "lastTerm", s.lastTerm());
        if (message != null) put(line, "msgTerm", message.term());
        own.forEach((key, value) -> put(line, key, value));
        String who = message == null ? node : "send".equals(message.dir()) ? node + "->" + message.dst() : node + "<-" + message.src();
        put(line, "msg", who + " " + op + " T" + (message == null ? s.term() : message.term()));
        return line.append('}').toString();
    }

    private static void put(StringBuilder line, String key, Object value) {
        boolean isText = value instanceof String;
        String text = String.valueOf(value).replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
        line.append(",\"").append(key).append("\":").append(isText ? '"' + text + '"' : text);
    }
}
