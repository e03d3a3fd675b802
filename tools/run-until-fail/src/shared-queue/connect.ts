import { printable, UserError } from '@raftlens/command-line';
import { Redis } from 'ioredis';
import { errorMessage } from '../errors.ts';

const CONNECT_MS = 5000;
const RETRY_MS_MAX = 2000;

/**
 * A connection that says at once when there is no Redis, and that, once made, is made again for as long as it takes.
 *
 * @throws UserError NO_REDIS
 */
export async function connect(url: string): Promise<Redis> {
  if (!/^rediss?:\/\/./.test(url)) throw new UserError('BAD_QUEUE', `--queue must be redis://HOST:PORT, not "${printable(url)}"`);
  let connected = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => (connected ? Math.min(attempt * 100, RETRY_MS_MAX) : null),
  });
  let problem = '';
  redis.on('error', (error) => (problem = errorMessage(error)));
  try {
    await redis.connect();
    connected = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const address = url.replace(/\/\/.*@/, '//');
    throw new UserError('NO_REDIS', `there is no Redis at ${printable(address)}: ${problem || errorMessage(error)}`);
  }
}
