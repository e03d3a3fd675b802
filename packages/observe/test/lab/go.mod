module raftlens.test/lab

go 1.18
