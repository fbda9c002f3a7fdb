export { EnvironmentService, type EnvironmentServiceOptions } from './environment-service.ts'
export { Interpreters, OLDEST_PYTHON, type Interpreter } from './interpreters.ts'
