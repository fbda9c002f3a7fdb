/** Workers: processes that run node code in a project's environment. */
export { createWorkerPool, type WorkerPoolOptions } from './pool.ts'
export type * from './types.ts'
