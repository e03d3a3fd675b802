import type { Act, Action } from '../protocol/act.ts';
import type { Check } from '../protocol/failure.ts';
import type { NetworkModel } from '../protocol/network-model.ts';
import type { Reader } from './reader.ts';

type Kind = Act['do'];

const SERVER = ['server'] as const;
const LINK = ['from', 'to'] as const;

/** The members of each kind of action beside `do` and `atUs`. */
const MEMBERS = {
  propose: ['server', 'command'],
  client: ['client', 'f', 'key', 'value'],
  read: ['server', 'ctx'],
  transfer: ['server', 'target'],
  change: ['server', 'voters', 'learners'],
  crash: SERVER,
  restart: SERVER,
  pause: SERVER,
  resume: SERVER,
  wipe: SERVER,
  'bit-flip': SERVER,
  'misdirected-write': SERVER,
  'short-read': SERVER,
  'crash-at-persist': ['server', 'nth', 'when', 'kind'],
  'apply-delay': ['server', 'us'],
  slow: ['server', 'us'],
  clock: ['server', 'driftPpm', 'stepMs'],
  disk: ['server', 'mode', 'latencyMaxUs', 'torn'],
  isolate: SERVER,
  rejoin: SERVER,
  cut: LINK,
  join: LINK,
  clog: LINK,
  unclog: LINK,
  partition: ['groups'],
  heal: [],
  network: ['model'],
  calm: [],
} as const satisfies Record<Kind, readonly string[]>;

const KINDS = Object.keys(MEMBERS).filter((name): name is Kind => Object.hasOwn(MEMBERS, name));

/** Reads the actions of a plan; they must be in the order of time. */
export function readActions(readers: readonly Reader[]): Action[] {
  let lastUs = 0;
  return readers.map((reader) => {
    const action = readAction(reader);
    if (action.atUs < lastUs)
      reader.fail('atUs', `is ${action.atUs}, earlier than the action before it: actions stand in the order of time`);
    lastUs = action.atUs;
    return action;
  });
}

function readAction(reader: Reader): Action {
  const kind = reader.oneOf('do', KINDS);
  reader.only(['do', 'atUs', ...MEMBERS[kind]]);
  return { atUs: reader.number('atUs', 0), ...readAct(kind, reader) };
}

function readAct(kind: Kind, reader: Reader): Act {
  switch (kind) {
    case 'propose':
      return { do: kind, server: server(reader), command: reader.text('command') };
    case 'client':
      return { do: kind, client: reader.text('client'), f: reader.text('f'), key: reader.text('key'), value: reader.textOrNull('value') };
    case 'read':
      return { do: kind, server: server(reader), ctx: reader.text('ctx') };
    case 'transfer':
      return { do: kind, server: server(reader), target: server(reader, 'target') };
    case 'change':
      return { do: kind, server: server(reader), voters: reader.texts('voters'), learners: reader.texts('learners') };
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
    case 'wipe':
    case 'bit-flip':
    case 'misdirected-write':
    case 'short-read':
    case 'isolate':
    case 'rejoin':
      return { do: kind, server: server(reader) };
    case 'cut':
    case 'join':
    case 'clog':
    case 'unclog':
      return { do: kind, from: server(reader, 'from'), to: server(reader, 'to') };
    case 'partition':
      return { do: kind, groups: reader.groups('groups') };
    case 'network':
      return { do: kind, model: readModel(reader.record('model')) };
    case 'heal':
    case 'calm':
      return { do: kind };
    default:
      return readMachineAct(kind, reader);
  }
}

function readMachineAct(kind: 'crash-at-persist' | 'apply-delay' | 'slow' | 'clock' | 'disk', reader: Reader): Act {
  switch (kind) {
    case 'crash-at-persist':
      return {
        do: kind,
        server: server(reader),
        nth: reader.number('nth', 1),
        when: reader.oneOf('when', ['before', 'after'] as const),
        kind: reader.oneOf('kind', ['crash', 'io-error', 'disk-full'] as const),
      };
    case 'apply-delay':
    case 'slow':
      return { do: kind, server: server(reader), us: reader.number('us', 0, 60_000_000) };
    case 'clock':
      return {
        do: kind,
        server: server(reader),
        driftPpm: reader.number('driftPpm', -900_000, 10_000_000),
        stepMs: reader.number('stepMs', 0, 3_600_000),
      };
    case 'disk':
      return {
        do: kind,
        server: server(reader),
        mode: reader.oneOf('mode', ['sync', 'async'] as const),
        latencyMaxUs: reader.number('latencyMaxUs', 0, 60_000_000),
        torn: reader.flag('torn'),
      };
  }
}

function readModel(reader: Reader): NetworkModel {
  const chance = (name: string): number => reader.number(name, 0, 1000);
  const delay = (name: string): number => reader.number(name, 0, 60_000_000);
  const model: NetworkModel = {
    handlingMinUs: delay('handlingMinUs'),
    handlingMaxUs: delay('handlingMaxUs'),
    requestDelayMaxUs: delay('requestDelayMaxUs'),
    replyDelayMaxUs: delay('replyDelayMaxUs'),
    exponential: reader.flag('exponential'),
    requestLossPerMille: chance('requestLossPerMille'),
    replyLossPerMille: chance('replyLossPerMille'),
    duplicatePerMille: chance('duplicatePerMille'),
    duplicateDelayMaxUs: delay('duplicateDelayMaxUs'),
    longReordering: reader.flag('longReordering'),
    bytesPerSecondMax: reader.number('bytesPerSecondMax', 0),
  };
  reader.only(Object.keys(model));
  if (model.handlingMinUs > model.handlingMaxUs) reader.fail('handlingMinUs', 'is greater than handlingMaxUs');
  return model;
}

export function readCheck(reader: Reader): Check {
  reader.only(['check', 'atUs', 'command', 'expected', 'down', 'isolated']);
  return {
    check: reader.oneOf('check', ['one', 'one-leader', 'no-leader'] as const),
    atUs: reader.number('atUs', 0),
    command: reader.text('command'),
    expected: reader.number('expected', 0, 100),
    down: reader.texts('down'),
    isolated: reader.texts('isolated'),
  };
}

function server(reader: Reader, name = 'server'): string {
  const text = reader.text(name);
  return /^S[1-9]\d?$/.test(text) ? text : reader.fail(name, `is "${text}", but servers are named S1, S2 ...`);
}
