import { ASYNC_DISK, SYNC_DISK } from '../disk/disk.ts';
import type { Act } from '../protocol/act.ts';
import type { Damage } from '../protocol/disk-fault.ts';
import type { NetworkModel } from '../protocol/network-model.ts';
import type { Process } from '../server/process.ts';
import { msText } from './ms-text.ts';
import type { World } from './world.ts';

/** Does now what the act says, and tells of it in the trace. */
export function perform(world: World, act: Act): void {
  switch (act.do) {
    case 'propose':
      // Whether it is taken is seen in the log; nobody waits for the answer of an action.
      void world.named(act.server).ask((structure) => structure.propose(act.command));
      return;
    case 'client':
      world.onClient?.(act);
      return;
    case 'read': {
      const process = world.named(act.server);
      world.service.readStarted(process.number, act.ctx);
      process.ask((structure) => structure.read(act.ctx));
      return;
    }
    case 'transfer':
      world.named(act.server).ask((structure) => structure.transfer(act.target));
      return;
    case 'change':
      world.named(act.server).ask((structure) => structure.change(act));
      return;
    case 'campaign':
      world.named(act.server).ask((structure) => structure.campaign());
      return;
    case 'forget-leader':
      world.named(act.server).ask((structure) => structure.forgetLeader());
      return;
    case 'unreachable':
      world.named(act.server).ask((structure) => structure.unreachable(act.target));
      return;
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
    case 'wipe':
      return onProcess(world, act.do, world.named(act.server));
    case 'bit-flip':
    case 'misdirected-write':
    case 'short-read':
      return onDisk(world, act.do, world.named(act.server));
    case 'message':
      return onMessage(world, act);
    case 'calm':
      return calm(world);
    case 'crash-at-persist':
    case 'apply-delay':
    case 'slow':
    case 'clock':
    case 'disk':
      return onMachine(world, act, world.named(act.server));
    case 'network':
      world.network.model = act.model;
      return world.trace.fault('network', describeModel(act.model));
    default:
      return onLinks(world, act);
  }
}

function onProcess({ trace }: World, what: 'crash' | 'restart' | 'pause' | 'resume' | 'wipe', process: Process): void {
  switch (what) {
    case 'crash':
      if (!process.up) return;
      process.kill();
      return trace.harness({ op: 'Crash', target: process.id });
    case 'restart':
      return restart(trace, process);
    case 'pause':
      process.pause();
      return trace.fault('pause', undefined, process.id);
    case 'resume':
      trace.fault('resume', undefined, process.id);
      return process.resume();
    case 'wipe':
      process.kill();
      process.disk.wipe();
      return trace.fault('wipe', 'it has lost its disk', process.id);
  }
}

/** A start reads the disk first, and believes nothing whose checksum is wrong. */
function restart(trace: World['trace'], process: Process): void {
  if (process.up) return;
  switch (process.disk.verify()) {
    case 'corrupt':
      return trace.fault('corrupt', 'a record of its disk fails its checksum: it does not start', process.id);
    case 'short-read':
      return trace.fault('short-read', 'its disk gave less than there is: it does not start this time', process.id);
    case null:
      return process.start();
  }
}

const DAMAGE_TEXTS: Readonly<Record<Damage, string>> = {
  'bit-flip': 'bits flip in a record that was durable',
  'misdirected-write': 'its next write goes to the place of another record',
  'short-read': 'its next read comes short',
};

/** What the disk has damaged stays hidden until the server starts again. */
function onDisk({ trace }: World, how: Damage, process: Process): void {
  process.disk.damage(how);
  trace.fault('damage', DAMAGE_TEXTS[how], process.id);
}

type MachineAct = Extract<Act, { do: 'crash-at-persist' | 'apply-delay' | 'slow' | 'clock' | 'disk' }>;

function onMachine({ trace, network }: World, act: MachineAct, process: Process): void {
  switch (act.do) {
    case 'crash-at-persist':
      process.disk.arm({ nth: act.nth, when: act.when, kind: act.kind });
      return trace.fault('crash-at-persist', `${act.when} its persist ${act.nth} from now (${act.kind})`, process.id);
    case 'apply-delay':
      process.applyDelayMaxUs = act.us;
      return trace.fault('apply-delay', `its service takes up to ${msText(act.us / 1000)}`, process.id);
    case 'slow':
      network.slow(process.number, act.us);
      return trace.fault('slow', `it takes messages in ${msText(act.us / 1000)} late`, process.id);
    case 'clock':
      process.setClock({ driftPpm: act.driftPpm, stepMs: act.stepMs });
      return trace.fault('clock', `its clock runs ${act.driftPpm / 10_000} % fast and stepped by ${msText(act.stepMs)}`, process.id);
    case 'disk': {
      const { mode, latencyMaxUs, torn } = act;
      process.disk.model = mode === 'sync' ? SYNC_DISK : { ...ASYNC_DISK, latencyMaxUs, torn };
      return trace.fault('disk', `${mode}, up to ${msText(latencyMaxUs / 1000)} a write${torn ? ', torn by crashes' : ''}`, process.id);
    }
  }
}

/** What becomes of one of the next messages of a link. */
function onMessage(world: World, { from, to, kind, nth, fate, us }: Extract<Act, { do: 'message' }>): void {
  world.network.destine(world.numberOf(from), world.numberOf(to), { kind, nth, fate, us });
  const which = `${nth === 1 ? 'the next' : `number ${nth} of the next`} ${kind === 'any' ? 'message' : kind} from ${from} to ${to}`;
  const time = msText(us / 1000);
  const what = { late: `comes ${time} late`, again: `comes again ${time} later`, lost: 'is lost' } as const;
  world.trace.fault('message', `${which} ${what[fate]}`);
}

type LinkAct = Extract<Act, { do: 'isolate' | 'rejoin' | 'cut' | 'join' | 'clog' | 'unclog' | 'partition' | 'heal' }>;

function onLinks(world: World, act: LinkAct): void {
  const { network, trace } = world;
  const { topology } = network;
  switch (act.do) {
    case 'isolate':
      topology.isolate(world.numberOf(act.server), true);
      return trace.harness({ op: 'Partition', groups: `${act.server} | the others` });
    case 'rejoin':
      topology.isolate(world.numberOf(act.server), false);
      return trace.harness({ op: 'Heal', groups: act.server });
    case 'cut':
    case 'join':
      topology.cut(world.numberOf(act.from), world.numberOf(act.to), act.do === 'cut');
      return trace.harness({ op: act.do === 'cut' ? 'Partition' : 'Heal', groups: `${act.from} -> ${act.to}` });
    case 'clog':
      network.clog(world.numberOf(act.from), world.numberOf(act.to));
      return trace.fault('clog', `messages from ${act.from} to ${act.to} are held back`);
    case 'unclog':
      network.unclog(world.numberOf(act.from), world.numberOf(act.to));
      return trace.fault('unclog', `messages from ${act.from} to ${act.to} go on`);
    case 'partition':
      topology.partition(act.groups.map((group) => group.map((name) => world.numberOf(name))));
      return trace.harness({ op: 'Partition', groups: act.groups.map((group) => group.join(' ')).join(' | ') });
    case 'heal':
      topology.heal();
      return trace.harness({ op: 'Heal' });
  }
}

/** The liveness phase begins: from now on nothing disturbs the cluster. Clocks keep their drift, disks keep what they are. */
function calm({ network, processes, trace }: World): void {
  network.heal();
  for (const process of processes) {
    process.applyDelayMaxUs = 0;
    process.disk.disarm();
    process.resume();
    if (!process.disk.lost) process.start();
  }
  trace.harness({ op: 'Heal', groups: 'all' });
}

function describeModel(model: NetworkModel): string {
  return Object.entries(model)
    .filter(([, value]) => value !== 0 && value !== false)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
