import { LogStoreError } from '../error.ts';
import { DefinedFormat } from './defined.ts';
import type { FormatDefinition } from './definition.ts';
import { dragonboatDefinition } from './dragonboat.ts';
import { etcdDefinition, etcdZapDefinition } from './etcd.ts';
import { etcdTraceDefinition } from './etcd-trace.ts';
import type { LogFormat } from './format.ts';
import { hclogDefinition, hclogEmbeddedDefinition, hclogJsonDefinition } from './hclog.ts';
import { jepsenHistoryFormat, jepsenLogFormat } from './jepsen.ts';
import { braftDefinition, jraftDefinition } from './jraft.ts';
import { kraftDefinition } from './kraft.ts';
import { labDefinition } from './lab.ts';
import { nativeFormat } from './native.ts';
import { natsDefinition } from './nats.ts';
import { nebulaDefinition } from './nebula.ts';
import { openraftDefinition } from './openraft.ts';
import { pinoDefinition } from './pino.ts';
import { raDefinition } from './ra.ts';
import { ratisDefinition } from './ratis.ts';
import { redpandaDefinition } from './redpanda.ts';
import { scyllaDefinition } from './scylla.ts';
import { shivizClockFirstDefinition, shivizDefinition, shivizLineDefinition } from './shiviz.ts';
import { tikvDefinition } from './tikv.ts';
import { yugabyteDefinition } from './yugabyte.ts';
import { zeebeDefinition } from './zeebe.ts';

const DEFINITIONS: readonly FormatDefinition[] = [
  labDefinition,
  etcdTraceDefinition,
  etcdZapDefinition,
  hclogDefinition,
  hclogJsonDefinition,
  shivizDefinition,
  shivizClockFirstDefinition,
  shivizLineDefinition,
  kraftDefinition,
  tikvDefinition,
  natsDefinition,
  redpandaDefinition,
  ratisDefinition,
  jraftDefinition,
  braftDefinition,
  dragonboatDefinition,
  raDefinition,
  scyllaDefinition,
  yugabyteDefinition,
  nebulaDefinition,
  zeebeDefinition,
  openraftDefinition,
  pinoDefinition,
  etcdDefinition,
  hclogEmbeddedDefinition,
];

/** Every format that raftlens reads by itself, the surest first. */
export const FORMATS: readonly LogFormat[] = [
  nativeFormat,
  jepsenHistoryFormat,
  jepsenLogFormat,
  ...DEFINITIONS.map((definition) => new DefinedFormat(definition)),
];

/** The format of this name among the given ones. @throws LogStoreError UNKNOWN_FORMAT */
export function formatNamed(name: string, formats: readonly LogFormat[] = FORMATS): LogFormat {
  const format = formats.find((known) => known.name === name);
  if (format !== undefined) return format;
  throw new LogStoreError('UNKNOWN_FORMAT', `there is no format "${name}": it is one of ${formats.map((known) => known.name).join(', ')}`);
}
