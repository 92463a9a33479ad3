// A search on several cores: worker threads of Node.

export { type ShardThreadsOptions, shardThreads } from './shardThreads.ts';
