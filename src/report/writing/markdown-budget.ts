/** A part of a comment, in the order of reading. What does not fit is dropped whole and counted. */
export interface Section {
  /** 0 is kept to the last. */
  readonly priority: number
  readonly items: readonly string[]
  /** Puts the items that fit between their heading and their end; `left` were dropped. Empty text: no section. */
  readonly render: (items: readonly string[], left: number) => string
}

// Room for the numbers in the remarks of what was left out, which are not known before.
const SLACK = 24

/** UTF-8 bytes. Never fewer than the UTF-16 units that GitHub counts, so that one limit serves both. */
export function sizeOf(text: string): number {
  return Buffer.byteLength(text)
}

/**
 * Sections joined by blank lines in at most `limit` bytes. The more important ones choose their items first; an
 * item that is too large is skipped, the smaller ones after it may still fit. Never cuts inside an item.
 */
export function fitSections(sections: readonly Section[], limit: number): string {
  const frames = sections.map((section) =>
    section.items.length === 0 ? 0 : sizeOf(section.render([], section.items.length)) + SLACK,
  )
  let room = limit - frames.reduce((sum, frame) => sum + frame + 2, 0)
  const chosen = new Map<Section, readonly string[]>()
  for (const section of [...sections].sort((a, b) => a.priority - b.priority)) {
    const fitting = section.items.filter((item) => {
      const size = sizeOf(item) + 2
      if (size > room) return false
      room -= size
      return true
    })
    chosen.set(section, fitting)
  }
  const texts = sections.map((section) => {
    const items = chosen.get(section) ?? []
    return section.items.length === 0 ? '' : section.render(items, section.items.length - items.length)
  })
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`
}
