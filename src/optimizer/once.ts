/** Those that have not been met before; from now on they have. For what is said once. */
export function unmet<Item>(items: readonly Item[], met: Set<Item>): Item[] {
  const fresh = items.filter((item) => !met.has(item))
  for (const item of fresh) met.add(item)
  return fresh
}
