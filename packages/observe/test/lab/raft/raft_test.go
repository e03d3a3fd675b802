package raft

import (
	"math/rand"
	"testing"
	"time"
)

// begin makes a cluster for a test. None of the tests compares what was applied: whether a rule was broken is for the recorder's log to say.
func begin(t *testing.T, n int, unreliable, snapshots bool) *config {
	rand.Seed(time.Now().UnixNano())
	return make_config(t, n, unreliable, snapshots)
}

func TestAgree3B(t *testing.T) {
	cfg := begin(t, 3, false, false)
	defer cfg.cleanup()
	for i := 0; i < 20; i++ {
		cfg.one(100+i, 3)
	}
}

// A leader that is alone gathers entries that nobody else has, and another goes on without it.
func TestRejoin3B(t *testing.T) {
	cfg := begin(t, 3, false, false)
	defer cfg.cleanup()
	cfg.one("first", 3)
	for round := 0; round < 3; round++ {
		old := cfg.leader()
		if old < 0 {
			continue
		}
		cfg.disconnect(old)
		for i := 0; i < 5; i++ {
			cfg.raft(old).Start(1000*round + i)
		}
		cfg.try(10000+round, 2, time.Second)
		cfg.connect(old)
		cfg.try(20000+round, 3, time.Second)
	}
}

func TestPersist3C(t *testing.T) {
	cfg := begin(t, 3, false, false)
	defer cfg.cleanup()
	for round := 0; round < 6; round++ {
		cfg.try(100+round, 2, time.Second)
		for i := 0; i < 3; i++ {
			if rand.Intn(2) == 0 {
				cfg.start1(i)
				cfg.connect(i)
			}
		}
		time.Sleep(time.Duration(rand.Intn(100)) * time.Millisecond)
	}
}

// Leaders of figure 8: each is cut off or killed before its entries are known to be held by a majority.
func TestFigure83C(t *testing.T) {
	cfg := begin(t, 5, false, false)
	defer cfg.cleanup()
	for round := 0; round < 60; round++ {
		figure8(cfg, round)
	}
}

func figure8(cfg *config, round int) {
	up := 0
	for i := 0; i < cfg.n; i++ {
		rf := cfg.raft(i)
		if rf == nil {
			continue
		}
		up++
		if _, _, leads := rf.Start(1000 + round); leads && rand.Intn(3) > 0 {
			time.Sleep(time.Duration(rand.Intn(15)) * time.Millisecond)
			cfg.crash1(i)
			up--
		}
	}
	time.Sleep(time.Duration(rand.Intn(80)) * time.Millisecond)
	for up < 3 {
		if i := rand.Intn(cfg.n); cfg.raft(i) == nil {
			cfg.start1(i)
			cfg.connect(i)
			up++
		}
	}
}

// Messages are lost and come late, replies out of their order, links go and come.
func TestUnreliable3C(t *testing.T) {
	cfg := begin(t, 5, true, false)
	defer cfg.cleanup()
	cfg.net.LongReordering(true)
	for round := 0; round < 60; round++ {
		for i := 0; i < cfg.n; i++ {
			cfg.raft(i).Start(1000 + round)
		}
		if leader := cfg.leader(); leader >= 0 && rand.Intn(4) == 0 {
			cfg.disconnect(leader)
		}
		time.Sleep(time.Duration(10+rand.Intn(60)) * time.Millisecond)
		if i := rand.Intn(cfg.n); !cfg.connected[i] {
			cfg.connect(i)
		}
	}
}

func TestSnapshot3D(t *testing.T) {
	cfg := begin(t, 3, true, true)
	defer cfg.cleanup()
	for round := 0; round < 6; round++ {
		away := rand.Intn(3)
		if round%2 == 0 {
			cfg.disconnect(away)
		} else {
			cfg.crash1(away)
		}
		for i := 0; i < 12; i++ {
			// Several at once, so that there is more to apply while a snapshot is taken.
			if leader := cfg.leader(); leader >= 0 {
				cfg.raft(leader).Start(1000*round + 100 + i)
			}
			cfg.try(1000*round+i, 2, 300*time.Millisecond)
		}
		if round%2 != 0 {
			cfg.start1(away)
		}
		cfg.connect(away)
		cfg.try(100000+round, 2, time.Second)
	}
}
