import { FACTS_OF_PART, type FactName } from '../src/model/known.ts';
import type { ServerModel } from '../src/model/server-model.ts';
import type { Step } from '../src/model/step.ts';
import type { Watch } from '../src/rulebook.ts';

/** A step that throws where a predicate reads a fact which its row does not name, or changes the model. */
export const strict: Watch = <S extends Step>(step: S, named: ReadonlySet<FactName>): S => {
  const handler: ProxyHandler<S> = {
    get(target, key) {
      if (key === 'config') reads(['members'], named);
      const value: unknown = Reflect.get(target, key, target);
      return key === 'server' ? strictServer(target.server, named) : value;
    },
    set: refuse,
  };
  return new Proxy<S>(step, handler);
};

function strictServer(server: ServerModel, named: ReadonlySet<FactName>): ServerModel {
  return new Proxy<ServerModel>(server, {
    get(target, key) {
      const facts = typeof key === 'string' ? FACTS_OF_PART.get(key) : undefined;
      if (facts !== undefined) reads(facts, named);
      return Reflect.get(target, key, target) as unknown;
    },
    set: refuse,
  });
}

function reads(facts: readonly FactName[], named: ReadonlySet<FactName>): void {
  if (!facts.some((fact) => named.has(fact)))
    throw new Error(`a predicate reads ${facts.join(' or ')}, which its row does not name: it names ${[...named].join(', ')}`);
}

function refuse(_target: object, key: string | symbol): never {
  throw new Error(`a predicate sets ${String(key)}: it may only read`);
}
