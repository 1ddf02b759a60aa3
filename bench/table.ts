export * from '../tools/table.ts'
