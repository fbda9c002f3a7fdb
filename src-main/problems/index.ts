export { ProblemsService } from './problems-service.ts'
