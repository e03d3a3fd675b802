#!/usr/bin/env perl
# The launcher: starts commands on behalf of run-until-fail, says how they ended, and ends them when run-until-fail is dead.
#
# It is written in perl for two reasons. A fork copies the page tables of the process that forks, which for Node takes about a millisecond in
# which it does nothing else, and for this process a fifth of that. And perl is part of every Debian and of macOS, so that nothing has to be
# compiled where the tool is installed. No module is loaded, POSIX least of all: it would make each run a tenth dearer.
# On Linux it adopts what its commands leave behind (prctl(2), PR_SET_CHILD_SUBREAPER): a process that left the group of its command, a daemon
# say, becomes a child of this one when its own parent is gone, and so does not get away. And waitid(2) tells it what processor time a child took
# with all that it had waited for; dup3(2) is a third of what perl does to give a command its streams. The numbers of these three system calls are
# its only arguments.
# What is said is described in src/execute/launcher-protocol.ts; src/execute/node-launcher.ts does the same where there is no perl.
use strict;
use warnings;

# Files above this number are closed in a command: it gets nothing of ours.
$^F = 2;
# A child may end just before select() begins to wait, and its signal be lost: then it is seen so many seconds later.
my $LOOK_AGAIN_S = 0.1;
# The same numbers on Linux, macOS and the BSDs.
my ($WNOHANG, $EINTR) = (1, 4);
# No page is smaller than twice this.
my $PAGE_MIN = 2048;
# Of prctl(2).
my ($PR_SET_PDEATHSIG, $PR_SET_CHILD_SUBREAPER, $SIGKILL) = (1, 36, 9);
# Of waitid(2): any child, one that has ended, and it is still to be waited for.
my ($P_ALL, $WEXITED, $WNOWAIT) = (0, 4, 0x01000000);
my ($prctl, $waitid, $dup3) = @ARGV;
my $adopts = defined $prctl && syscall($prctl + 0, $PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
my $self = $$;
# The children of this process, as the kernel lists them; where it does not, only a wait tells whether there are some.
my $children;
open $children, '<', "/proc/$self/task/$self/children" or undef $children;

my $directory = '/';
my %planned;        # the variables of all commands
my @own;            # the names of those that the last one alone had
my %command_of;     # process id => number of the command
my %left_behind;    # groups whose first process has ended, and that the tool is still seeing to
my %spent_in;       # group => microseconds of processes in it that were adopted and have ended
# A siginfo_t and a struct rusage, to be written by the kernel.
my ($about, $usage) = ("\0" x 128, "\0" x 144);

# A child that cannot become its command says so here, in one piece, and then exits with 127.
pipe my $failures, my $failure or die "pipe: $!\n";
my %failure_of;     # process id => errno and stage
open my $nothing, '<', '/dev/null' or die "/dev/null: $!\n";

$SIG{CHLD} = sub { };    # Only to end the waiting in select().
$SIG{PIPE} = 'IGNORE';

answer("ready\n");
my $requests = '';
while (1) {
    answer(join '', (map { perform(@$_) } take_requests()), reap());
    wait_for_something();
}

# Reads what has come, and ends everything when nothing can come any more.
sub wait_for_something {
    return if !readable(0, %command_of ? $LOOK_AGAIN_S : undef);
    my $bytes = sysread STDIN, $requests, 1 << 16, length $requests;
    end_all() if defined $bytes ? $bytes == 0 : $! != $EINTR;
}

sub readable {
    my ($file, $seconds) = @_;
    my $files = '';
    vec($files, $file, 1) = 1;
    return select($files, undef, undef, $seconds) > 0;
}

# The complete requests among what has been read: each a list of words.
sub take_requests {
    my @taken;
    while (length $requests >= 4) {
        my $bytes = unpack 'N', $requests;
        last if length $requests < 4 + $bytes;
        push @taken, [unpack '(N/a*)*', substr $requests, 4, $bytes];
        substr($requests, 0, 4 + $bytes) = '';
    }
    return @taken;
}

sub perform {
    my ($kind, @words) = @_;
    if ($kind eq 'start') { return start(@words) }
    if ($kind eq 'plan') { plan(@words) }
    if ($kind eq 'forget') { return forget(@words) }
    return '';
}

# What has been killed may still have to be waited for: only then all that the group spent is known.
sub forget {
    my ($group) = @_;
    my @answers = reap();
    delete $left_behind{$group};
    return join '', @answers, "spent $group @{[spent_in($group)]}\n";
}

# What processes of a group spent that were adopted; a dash where it cannot be told.
sub spent_in {
    my ($group) = @_;
    my $spent = delete $spent_in{$group};
    return defined $waitid ? $spent // 0 : '-';
}

sub plan {
    ($directory, my @assignments) = @_;
    %ENV = ();
    set_variable($_) for @assignments;
    %planned = %ENV;
}

sub set_variable {
    my ($name, $value) = split /=/, $_[0], 2;
    $ENV{$name} = $value;
    return $name;
}

# A variable that only the command before had is as planned again, or is none.
sub set_own_variables {
    my @before = @own;
    @own = map { set_variable($_) } @_;
    return if "@before" eq "@own";
    my %now = map { ($_, 1) } @own;
    for my $name (grep { !$now{$_} } @before) {
        if (exists $planned{$name}) { $ENV{$name} = $planned{$name} }
        else { delete $ENV{$name} }
    }
}

# As much as possible is done before the fork: whatever a child changes has to be copied first.
sub start {
    my ($number, $output, $count, @words) = @_;
    set_own_variables(splice @words, 0, $count);
    open my $file, '>>', $output or return "failed $number @{[$! + 0]} output\n";
    my $pid = fork;
    return "failed $number @{[$! + 0]} start\n" if !defined $pid;
    become($file, \@words) if $pid == 0;
    $command_of{$pid} = $number;
    return "started $number $pid\n";
}

# In the child: never returns.
sub become {
    my ($file, $words) = @_;
    setpgrp;
    # Should this launcher be killed, its command is not to live on.
    syscall($prctl + 0, $PR_SET_PDEATHSIG, $SIGKILL, 0, 0, 0) if $adopts;
    exit 127 if $adopts && getppid != $self;
    $SIG{PIPE} = 'DEFAULT';
    chdir $directory or fail('directory');
    give_streams($file) or fail('output');
    # In this form perl never asks a shell.
    no warnings 'exec';
    exec { $words->[0] } @$words;
    fail('command');
}

sub give_streams {
    my ($file) = @_;
    return open(STDIN, '<&', $nothing) && open(STDOUT, '>&', $file) && open(STDERR, '>&', $file) if !defined $dup3;
    my ($from, $to) = (fileno $nothing, fileno $file);
    return syscall($dup3 + 0, $from, 0, 0) == 0 && syscall($dup3 + 0, $to, 1, 0) == 1 && syscall($dup3 + 0, $to, 2, 0) == 2;
}

sub fail {
    my ($stage) = @_;
    syswrite $failure, "$$ @{[$! + 0]} $stage\n";
    exit 127;
}

# How the children that have ended did.
sub reap {
    my @answers;
    while (my ($pid, $status, $spent) = wait_for_one()) { push @answers, ending($pid, $status, $spent) }
    return @answers;
}

# A child that has ended: its process id, its status, and the microseconds that it and what it had waited for were on a processor.
sub wait_for_one {
    if (!defined $waitid) {
        my $pid = waitpid -1, $WNOHANG;
        return $pid > 0 ? ($pid, $?, undef) : ();
    }
    # The process id of siginfo_t lies behind four numbers; where there is none it stays 0.
    substr($about, 16, 4) = "\0\0\0\0";
    return () if syscall($waitid + 0, $P_ALL, 0, $about, $WNOHANG | $WEXITED | $WNOWAIT, $usage) != 0;
    my $pid = unpack 'x16 l', $about;
    return () if $pid == 0;
    my ($user_s, $user_us, $system_s, $system_us) = unpack 'q4', $usage;
    my $spent = 1_000_000 * ($user_s + $system_s) + $user_us + $system_us;
    count_in_group($pid, $spent) if !exists $command_of{$pid};
    waitpid $pid, $WNOHANG;
    return ($pid, $?, $spent);
}

# One that was adopted. As long as nobody has waited for it, its group can be asked for.
sub count_in_group {
    my ($pid, $spent) = @_;
    my $group = getpgrp $pid;
    $spent_in{$group} += $spent if exists $command_of{$group} || exists $left_behind{$group};
}

sub ending {
    my ($pid, $status, $spent) = @_;
    my $number = delete $command_of{$pid};
    return () if !defined $number;    # One that was adopted.
    read_failures() if $status == 127 << 8;
    my $failure = delete $failure_of{$pid};
    return "failed $number $failure\n" if defined $failure;
    my $left = kill 0, -$pid;
    $left_behind{$pid} = 1 if $left;
    my $strays = has_strays();
    my $others = delete $spent_in{$pid} // 0;
    my $all = defined $spent ? $spent + $others : '-';
    return "exited $number $status $left $strays $all\n";
}

# Whether there are children that are no commands: what commands left behind, in their groups or out of them.
sub has_strays {
    return 0 if !$adopts;
    return (grep { !exists $command_of{$_} } children_of_ours()) ? 1 : 0 if defined $children;
    return !%command_of && waitpid(-1, $WNOHANG) != -1 ? 1 : 0;
}

sub children_of_ours {
    sysseek $children, 0, 0;
    sysread $children, my $listed, 1 << 16;
    # Of a long list the kernel gives a page at a time.
    if (length $listed >= $PAGE_MIN) { 1 while sysread $children, $listed, 1 << 16, length $listed }
    return split / /, $listed;
}

sub read_failures {
    return if !readable(fileno $failures, 0);
    sysread $failures, my $said, 1 << 16;
    for (split /\n/, $said) {
        my ($pid, $failure) = split / /, $_, 2;
        $failure_of{$pid} = $failure;
    }
}

sub answer {
    my ($text) = @_;
    while (length $text) {
        my $bytes = syswrite STDOUT, $text;
        if (defined $bytes) { substr($text, 0, $bytes) = '' }
        elsif ($! != $EINTR) { end_all() }
    }
}

# The tool is done with us, or dead: what still runs is nobody's. A child that has no group of its own yet is ended by its number.
sub end_all {
    kill 'KILL', map { (-$_, $_) } keys %command_of;
    kill 'KILL', map { -$_ } keys %left_behind;
    end_strays() if $adopts && defined $children;
    exit 0;
}

# What is killed leaves its own children to us: until there are none, or they cannot be killed.
sub end_strays {
    for (1 .. 100) {
        my @strays = children_of_ours() or return;
        kill 'KILL', map { ($_, -$_) } @strays;
        1 while waitpid(-1, $WNOHANG) > 0;
        select undef, undef, undef, 0.01;
    }
}
