/** The element of index.html with this id; an error if there is none of that kind, instead of a null to forget about. */
export function byId<Kind extends Element>(id: string, kind: abstract new () => Kind): Kind {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`index.html has no ${kind.name} #${id}`)
  return element
}

/** Writes only what has changed: screen readers take notice of every write. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

/** A table row of texts, the first one its header. */
export function tableRow(texts: readonly string[]): HTMLTableRowElement {
  const row = document.createElement('tr')
  texts.forEach((text, column) => {
    const cell = document.createElement(column === 0 ? 'th' : 'td')
    if (column === 0) cell.setAttribute('scope', 'row')
    cell.textContent = text
    row.append(cell)
  })
  return row
}
