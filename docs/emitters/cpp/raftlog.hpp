// Writes the events of one server in the format of docs/EVENTS.md. Safe for many threads.
#pragma once
#include <chrono>
#include <cstdio>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>

// The server's state AFTER the event (figure 2); an empty vote is none.
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

class RaftLog {
 public:
  RaftLog(std::ostream& out, std::string node, long boot = 1) : out_(out), node_(std::move(node)), boot_(boot) {}

  // An event of the server itself. `own` is the rest of the line as JSON, in the order of docs/EVENTS.md: R"("prev":6,"prevTerm":3)".
  void step(const RaftState& s, const std::string& op, const std::string& own = "") {
    write(s, op, "\"src\":\"" + node_ + "\",\"dst\":\"" + node_ + '"', own, node_ + ' ' + op + " T" + std::to_string(s.term), "");
  }

  void message(const RaftState& s, const std::string& op, const RaftMessage& m, const std::string& own = "") {
    std::ostringstream head;
    head << "\"dir\":\"" << m.dir << "\",\"src\":\"" << m.src << "\",\"dst\":\"" << m.dst << "\",\"id\":" << m.id;
    if (m.re != 0) head << ",\"re\":" << m.re;
    const std::string who = m.dir == "send" ? m.src + "->" + m.dst : m.dst + "<-" + m.src;
    write(s, op, head.str(), own, who + ' ' + op + " T" + std::to_string(m.term), ",\"msgTerm\":" + std::to_string(m.term));
  }

 private:
  void write(const RaftState& s, const std::string& op, const std::string& head, const std::string& own, const std::string& text, const std::string& msgTerm) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    char time[32];
    std::snprintf(time, sizeof time, "%lld.%03lld", static_cast<long long>(us / 1000), static_cast<long long>(us % 1000));
    out_ << "{\"level\":30,\"time\":" << time << ",\"seq\":" << ++seq_ << ",\"node\":\"" << node_ << "\",\"boot\":" << boot_ << ",\"op\":\"" << op
         << "\"," << head << ",\"term\":" << s.term << ",\"role\":\"" << s.role << "\",\"vote\":" << (s.vote.empty() ? "null" : '"' + s.vote + '"')
         << ",\"commit\":" << s.commit << ",\"applied\":" << s.applied << ",\"last\":" << s.last << ",\"lastTerm\":" << s.lastTerm << msgTerm
         << (own.empty() ? "" : ",") << own << ",\"msg\":\"" << text << "\"}\n"
         << std::flush;
  }

  std::ostream& out_;
  std::string node_;
  long boot_;
  inline static long seq_ = 0;  // one order of writing for all servers of the process, which may share a file
  inline static std::mutex mutex_;
};
