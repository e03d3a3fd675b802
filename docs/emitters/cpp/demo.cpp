// S1 is elected with the vote of S2 and sends a heartbeat; S2 is killed and starts again.
#include <iostream>

#include "raftlog.hpp"

int main() {
  RaftLog::harness(std::cout, "TestBegin", R"("name":"demo","seed":"7")");
  RaftLog one(std::cout, "S1"), two(std::cout, "S2");
  const RaftState blank, candidate{1, "candidate", "S1"}, voter{1, "follower", "S1"}, leader{1, "leader", "S1"}, follower{1, "follower", ""};
  const std::string boot = R"("snapshotIndex":0,"snapshotTerm":0,"voters":"S1,S2")";
  const std::string durable = R"("what":"vote","durableTerm":1,"durableVote":"S1","durableLast":0,"durableLastTerm":0)";
  const std::string last = R"("lastLogIndex":0,"lastLogTerm":0)", heartbeat = R"("prev":0,"prevTerm":0,"n":0,"leaderCommit":0)";
  one.step(blank, "Boot", boot);
  two.step(blank, "Boot", boot);
  one.step(blank, "Timeout", R"("timer":"election")");
  one.step(candidate, "BecomeCandidate");
  one.step(candidate, "Persist", durable);
  one.message(candidate, "RequestVote", {"send", "S1", "S2", 1, 0, 1}, last);
  two.message(blank, "RequestVote", {"recv", "S1", "S2", 1, 0, 1}, last);
  two.step(follower, "BecomeFollower");
  two.step(voter, "Vote", R"("for":"S1")");
  two.step(voter, "Persist", durable);
  two.message(voter, "RequestVoteReply", {"send", "S2", "S1", 2, 1, 1}, R"("granted":true)");
  one.message(candidate, "RequestVoteReply", {"recv", "S2", "S1", 2, 1, 1}, R"("granted":true)");
  one.step(leader, "BecomeLeader");
  one.message(leader, "AppendEntries", {"send", "S1", "S2", 3, 0, 1}, heartbeat);
  two.message(voter, "AppendEntries", {"recv", "S1", "S2", 3, 0, 1}, heartbeat);
  two.message(voter, "AppendEntriesReply", {"send", "S2", "S1", 4, 3, 1}, R"("success":true,"match":0)");

  RaftLog::harness(std::cout, "Crash", R"("target":"S2")");
  two.kill();
  two.step({2, "candidate", "S2"}, "BecomeCandidate");  // a thread of the killed server: not written
  RaftLog again(std::cout, "S2", 2);
  again.step(voter, "Boot", boot);
  two.step(voter, "Timeout", R"("timer":"election")");  // nor is this
  RaftLog::harness(std::cout, "Violation", R"("rule":"the test's own","section":"test","target":"S2","evidence":"1","why":"too slow")");
  RaftLog::harness(std::cout, "TestEnd", R"("name":"demo","outcome":"fail","why":"too slow")");
}
