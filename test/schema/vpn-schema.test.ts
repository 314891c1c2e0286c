import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { publishedSchema } from '../../src/schema/published.ts'

const COMPOUND = ['properties', '$defs', 'patternProperties'] as const

function undescribed(schema: unknown, at: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own = schema as Record<string, unknown>
  const here = 'properties' in own || 'type' in own ? (typeof own.description === 'string' ? [] : [at]) : []
  const below = COMPOUND.flatMap((keyword) =>
    Object.entries((own[keyword] ?? {}) as object).flatMap(([key, inner]) =>
      undescribed(inner, `${at}/${keyword}/${key}`),
    ),
  )
  return [...here, ...below, ...undescribed(own.items, `${at}/items`)]
}

describe('vpn.schema.json', () => {
  it('is what the kinds compose to', () => {
    const committed = readFileSync('vpn.schema.json', 'utf8')
    expect(committed).toBe(`${JSON.stringify(publishedSchema(), null, 2)}\n`)
  })

  it('describes every property, for editors', () => {
    expect(undescribed(publishedSchema(), '')).toEqual([])
  })

  it('holds no trace of the overlay that it is composed with', () => {
    expect(JSON.stringify(publishedSchema())).not.toContain('x-yaml')
  })
})
