export * from '../tools/statistics.ts'
