export { EnvironmentService, type EnvironmentServiceOptions } from './environment-service.ts'
export { OLDEST_PYTHON } from './interpreters.ts'
