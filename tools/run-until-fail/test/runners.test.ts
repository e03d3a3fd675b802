/** What runners of tests really print: each is run here, where it is installed, and its failures are put into groups. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assert, suite, unlessRuns } from '@raftlens/testing';
import type { FailureGroup } from '../src/results/failure-groups.ts';
import { type Tool, tool } from './support/tool.ts';

const it = suite('the failures of real runners');

interface Runner {
  /** A call that shows whether it is here. */
  readonly probe: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Before the first run. */
  readonly build?: readonly string[];
  readonly words: readonly string[];
}

/**
 * Each has one test that fails in two ways: with an odd seed for want of a leader, at another port, after another time, with another folder and
 * address; with an even one for two leaders, in another term.
 */
const RUNNERS: Readonly<Record<string, Runner>> = {
  'go test': {
    probe: ['go', 'version'],
    files: {
      'go.mod': 'module x\n\ngo 1.19\n',
      'raft_test.go': `package x
import ("os"; "strconv"; "testing"; "time")
func TestElection(t *testing.T) {
	s, _ := strconv.Atoi(os.Getenv("RUN_SEED"))
	if s%2 == 1 { t.Fatalf("no leader at 127.0.0.1:%d after %v, see %s, %p", 30000+s*37, time.Duration(s)*13*time.Millisecond, t.TempDir(), t) }
	t.Fatalf("two leaders in term %d", s*7)
}
`,
    },
    words: ['go', '.', '-t', 'TestElection'],
  },
  'go test that panics': {
    probe: ['go', 'version'],
    files: {
      'go.mod': 'module x\n\ngo 1.19\n',
      'raft_test.go': `package x
import ("os"; "strconv"; "testing")
func TestElection(t *testing.T) {
	s, _ := strconv.Atoi(os.Getenv("RUN_SEED"))
	log := make([]int, s)
	if s%2 == 1 { log[s+3] = 1 }
	var leader *testing.T
	leader.Log("none")
}
`,
    },
    words: ['go', '.'],
  },
  'cargo test': {
    probe: ['cargo', '--version'],
    files: {
      'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': `#[test]
fn election() {
    let s: u64 = std::env::var("RUN_SEED").unwrap().parse().unwrap();
    if s % 2 == 1 { panic!("no leader at 127.0.0.1:{} after {}ms, see /tmp/raft-{}/log, {:p}", 30000 + s * 37, s * 13, s, &s); }
    assert_eq!(s, s + 1, "two leaders in term {}", s * 7);
}
`,
    },
    words: ['cargo', '-t', 'election'],
  },
  pytest: {
    probe: ['python3', '-m', 'pytest', '--version'],
    files: {
      'test_raft.py': `import os
def test_election(tmp_path):
    s = int(os.environ["RUN_SEED"])
    if s % 2: raise TimeoutError(f"no leader at 127.0.0.1:{30000 + s * 37} after {s * 13}ms, see {tmp_path}, {object()}")
    assert s * 7 == 0, f"two leaders in term {s * 7}"
`,
    },
    words: ['--', 'python3', '-m', 'pytest', '-p', 'no:cacheprovider', 'test_raft.py'],
  },
  'node --test': {
    probe: ['node', '--version'],
    files: {
      'raft.test.mjs': `import { test } from 'node:test';
import assert from 'node:assert';
const s = Number(process.env.RUN_SEED);
test('election', () => {
  if (s % 2) throw new Error(\`no leader at 127.0.0.1:\${30000 + s * 37} after \${s * 13}ms, see /tmp/raft-\${s}/log\`);
  assert.ok(false, \`two leaders in term \${s * 7}\`);
});
`,
    },
    words: ['node', 'raft.test.mjs'],
  },
  gtest: {
    probe: ['sh', '-c', 'g++ --version && test -e /usr/include/gtest/gtest.h'],
    files: {
      'raft.cc': `#include <gtest/gtest.h>
#include <cstdlib>
TEST(Raft, Election) {
  int s = atoi(getenv("RUN_SEED"));
  if (s % 2) FAIL() << "no leader at 127.0.0.1:" << 30000 + s * 37 << " after " << s * 13 << "ms, see /tmp/raft-" << s << "/log, " << &s;
  EXPECT_TRUE(false) << "two leaders in term " << s * 7;
}
`,
    },
    build: ['g++', 'raft.cc', '-o', 'raft', '-lgtest', '-lgtest_main', '-pthread'],
    words: ['--', './raft'],
  },
  'gtest, by two comparisons': {
    probe: ['sh', '-c', 'g++ --version && test -e /usr/include/gtest/gtest.h'],
    files: {
      'raft.cc': `#include <gtest/gtest.h>
#include <cstdlib>
TEST(Raft, Election) {
  int s = atoi(getenv("RUN_SEED")), leaders = s * 7 + 2, term = s * 3;
  if (s % 2) EXPECT_EQ(leaders, 1);
  else EXPECT_EQ(term, 1);
}
`,
    },
    build: ['g++', 'raft.cc', '-o', 'raft', '-lgtest', '-lgtest_main', '-pthread'],
    words: ['--', './raft'],
  },
  ctest: {
    probe: ['sh', '-c', 'ctest --version && cmake --version && g++ --version'],
    files: {
      'CMakeLists.txt':
        'cmake_minimum_required(VERSION 3.13)\nproject(x CXX)\nenable_testing()\nadd_executable(raft raft.cc)\nadd_test(election raft)\n',
      'raft.cc': `#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
int main() {
  int s = atoi(getenv("RUN_SEED"));
  if (s % 2) { fprintf(stderr, "raft.cc:7: error: no leader at 127.0.0.1:%d after %dms, see /tmp/raft-%d/log, %p\\n", 30000 + s * 37, s * 13, s, (void *)&s); return 1; }
  fprintf(stderr, "raft.cc:8: error: two leaders in term %d\\n", s * 7);
  return 1;
}
`,
    },
    build: ['sh', '-c', 'cmake -S . -B build && cmake --build build'],
    words: ['--', 'ctest', '--test-dir', 'build', '--output-on-failure'],
  },
  'java, by two exceptions in a thread': {
    probe: ['javac', '-version'],
    files: {
      'Raft.java': `public class Raft {
  public static void main(String[] words) throws Exception {
    int s = Integer.parseInt(System.getenv("RUN_SEED"));
    int[] failed = new int[1];
    Thread server = new Thread(() -> {
      if (s % 2 == 1) throw new IllegalStateException("no leader at 127.0.0.1:" + (30000 + s * 37) + " after " + s * 13 + " ms, see /tmp/raft-" + s + "/log, " + new Object());
      throw new ArrayIndexOutOfBoundsException("two leaders in term " + s * 7);
    });
    server.setUncaughtExceptionHandler((thread, error) -> { error.printStackTrace(); failed[0] = 1; });
    server.start();
    server.join();
    System.exit(failed[0]);
  }
}
`,
    },
    build: ['javac', 'Raft.java'],
    words: ['--', 'java', '-cp', '.', 'Raft'],
  },
};

for (const [name, { probe, files, build, words }] of Object.entries(RUNNERS)) {
  it(`${name}: two different failures are two groups, and one with other times, ports, paths and addresses is one`, {
    skip: unlessRuns(probe, name),
    timeoutMs: 240_000,
  }, async () => {
    const t = tool();
    write(t, files);
    if (build !== undefined) {
      const [program = '', ...rest] = build;
      const { status, stdout, stderr } = spawnSync(program, rest, { cwd: t.folder, encoding: 'utf8' });
      assert.is(status, 0, `${stdout}${stderr}`);
    }
    const options = ['--runs', '6', '--seed', '1', '--keep-going', '--jobs', '2', '--report', 'report.json'];
    const dashes = words.indexOf('--');
    const given = dashes === -1 ? [...words, ...options] : [...options, ...words];
    const { stdout, stderr } = await t.run(...given);
    const { failures } = JSON.parse(readFileSync(join(t.folder, 'report.json'), 'utf8')) as { failures: readonly FailureGroup[] };
    assert.equal(
      failures.map(({ count }) => count),
      [3, 3],
      `${stdout}\n${stderr}`,
    );
  });
}

function write(t: Tool, files: Runner['files']): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(t.folder, name)), { recursive: true });
    writeFileSync(join(t.folder, name), text);
  }
}
