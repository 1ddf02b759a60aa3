export * from '../tools/machine.ts'
