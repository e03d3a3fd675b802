import java.io.PrintStream;
import java.time.Instant;
import java.util.Map;

/** Writes the events of one server in the format of docs/EVENTS.md. Safe for many threads. */
public final class RaftLog {
    /** The server's state AFTER the event (figure 2); vote is null for none. */
    public record State(long term, String role, String vote, long commit, long applied, long last, long lastTerm) {}

    /** A message: id is its own, re the id of the request that a reply answers (0: none), term the one that it carries. */
    public record Message(String dir, String src, String dst, long id, long re, long term) {}

    private final PrintStream out;
    private final String node;
    private final long boot;
    private static long seq; // one order of writing for all servers of the process, which may share a file

    public RaftLog(PrintStream out, String node, long boot) { this.out = out; this.node = node; this.boot = boot; }

    /** message is null for an event of the server itself; own are the opcode's own fields, in the order of docs/EVENTS.md. */
    public void event(State s, String op, Message message, Map<String, Object> own) {
        synchronized (RaftLog.class) { out.println(line(s, op, message, own)); }
    }

    private String line(State s, String op, Message message, Map<String, Object> own) {
        Instant now = Instant.now();
        StringBuilder line = new StringBuilder("{\"level\":30,\"time\":" + now.toEpochMilli() + String.format(".%03d", now.getNano() / 1000 % 1000));
        put(line, "seq", ++seq);
        put(line, "node", node);
        put(line, "boot", boot);
        put(line, "op", op);
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
