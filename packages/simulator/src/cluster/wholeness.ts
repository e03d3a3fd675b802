import type { LabCheck } from '../protocol/failure.ts';
import type { NetworkModel } from '../protocol/network-model.ts';
import type { World } from './world.ts';

/** What hinders the cluster at a moment, as a check keeps it. */
export type Wholeness = Required<Pick<LabCheck, 'down' | 'isolated' | 'links' | 'reliable' | 'slowestUs'>>;

export function wholenessOf({ processes, network }: World): Wholeness {
  const links: string[] = [];
  for (const from of processes) {
    for (const to of processes) {
      if (from !== to && network.isHindered(from.number, to.number)) links.push(`${from.id}->${to.id}`);
    }
  }
  const slowness = processes.map(({ number, disk, applyDelayMaxUs }) =>
    Math.max(disk.model.latencyMaxUs, applyDelayMaxUs, network.slownessUs(number)),
  );
  return {
    down: processes.filter(({ up }) => !up).map(({ id }) => id),
    isolated: processes.filter(({ number }) => network.topology.isIsolated(number)).map(({ id }) => id),
    links,
    reliable: isCalm(network.model),
    slowestUs: Math.max(0, ...slowness),
  };
}

/** It carries every message at once, and once; how long a machine takes to take one in is no fault. */
function isCalm(model: NetworkModel): boolean {
  const fault = { ...model, handlingMinUs: 0, handlingMaxUs: 0 };
  return Object.values(fault).every((value) => value === 0 || value === false);
}
