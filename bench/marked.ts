export * from '../tools/marked.ts'
