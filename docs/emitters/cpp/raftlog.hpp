// Writes the events of servers, and of the test around them, in the format of docs/EVENTS.md. Safe for many threads.
#pragma once
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>

// The server's state (figure 2): AFTER a step or a send; of a message that arrives BEFORE anything is done with it. An empty vote is none.
struct RaftState {
  long term = 0;
  std::string role = "follower", vote;
  long commit = 0, applied = 0, last = 0, lastTerm = 0;
};

// A message: id is its own, re the id of the request that a reply answers (0: none), term the one that it carries.
struct RaftMessage {
  std::string dir, src, dst;
  long id = 0, re = 0, term = 0;
};

// The events of one instance of a server; boot is one higher at each restart. The instance that was there before it writes nothing from now on.
class RaftLog {
 public:
  RaftLog(std::ostream& out, std::string node, long boot = 1) : out_(out), node_(std::move(node)), boot_(boot) {
    const std::lock_guard<std::mutex> lock(mutex_);
    live_[node_] = this;
  }
  ~RaftLog() { kill(); }
  RaftLog(const RaftLog&) = delete;
  RaftLog& operator=(const RaftLog&) = delete;

  // Threads of a killed server may run on, and what they do is not the server's any more: none of it is written.
  void kill() {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto it = live_.find(node_);
    if (it != live_.end() && it->second == this) live_.erase(it);
  }

  // An event of the server itself. `own` is the rest of the line as JSON, in the order of docs/EVENTS.md: R"("prev":6,"prevTerm":3)".
  void step(const RaftState& s, const std::string& op, const std::string& own = "") {
    write(s, op, "\"src\":\"" + node_ + "\",\"dst\":\"" + node_ + '"', own, node_ + ' ' + op + " T" + std::to_string(s.term));
  }

  void message(const RaftState& s, const std::string& op, const RaftMessage& m, const std::string& own = "") {
    std::ostringstream head;
    head << "\"dir\":\"" << m.dir << "\",\"src\":\"" << m.src << "\",\"dst\":\"" << m.dst << "\",\"id\":" << m.id;
    if (m.re != 0) head << ",\"re\":" << m.re;
    const std::string who = m.dir == "send" ? m.src + "->" + m.dst : m.dst + "<-" + m.src, term = std::to_string(m.term);
    write(s, op, head.str(), "\"msgTerm\":" + term + (own.empty() ? "" : ",") + own, who + ' ' + op + " T" + term);
  }

  // An event of the test: TestBegin, TestEnd, Crash, Partition, Heal, Fault, Violation, Note.
  static void harness(std::ostream& out, const std::string& op, const std::string& own = "") {
    const std::lock_guard<std::mutex> lock(mutex_);
    const int level = op == "Violation" ? 50 : op == "Crash" || op == "Partition" || op == "Fault" ? 40 : 30;
    line(out, level, "TEST", 0, op, R"("src":"TEST","dst":"TEST")" + (own.empty() ? own : ',' + own), "TEST " + op);
  }

 private:
  void write(const RaftState& s, const std::string& op, const std::string& head, const std::string& own, const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto it = live_.find(node_);
    if (it == live_.end() || it->second != this) return;
    std::ostringstream rest;
    rest << head << ",\"term\":" << s.term << ",\"role\":\"" << s.role << "\",\"vote\":" << (s.vote.empty() ? "null" : '"' + s.vote + '"')
         << ",\"commit\":" << s.commit << ",\"applied\":" << s.applied << ",\"last\":" << s.last << ",\"lastTerm\":" << s.lastTerm
         << (own.empty() ? "" : ",") << own;
    line(out_, 30, node_, boot_, op, rest.str(), text);
  }

  static void line(std::ostream& out, int level, const std::string& node, long boot, const std::string& op, const std::string& rest,
                   const std::string& text) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    char time[32];
    std::snprintf(time, sizeof time, "%lld.%03lld", static_cast<long long>(us / 1000), static_cast<long long>(us % 1000));
    out << "{\"level\":" << level << ",\"time\":" << time << ",\"seq\":" << ++seq_ << ",\"node\":\"" << node << "\",\"boot\":" << boot
        << ",\"op\":\"" << op << "\"," << rest << ",\"msg\":\"" << text << "\"}\n"
        << std::flush;
  }

  std::ostream& out_;
  std::string node_;
  long boot_;
  inline static long seq_ = 0;  // one order of writing for all servers of the process, which may share a file
  inline static std::mutex mutex_;
  inline static std::map<std::string, RaftLog*> live_;  // the instance of each server that may write
};
