import type { Tool } from '@raftlens/command-line';
import { FilterError, LogStoreError } from '@raftlens/log-store';

export const TOOL: Tool = { name: 'raftlens', userErrors: [LogStoreError, FilterError] };
