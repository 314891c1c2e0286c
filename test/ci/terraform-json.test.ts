import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { render } from '../../src/report/formats/tfjson.ts'
import { planReport } from '../../src/report/plan/report.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'

/**
 * What Go decodes into the types of hashicorp/terraform-json, as a schema: plan.go (commit 23522f30) and state.go
 * (commit 55109159). A wrong type ends the decoding; an unknown member is skipped; `format_version` has to be there,
 * from 0.1 to below 2.0.
 */
const strings = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
const NAMES = strings('address', 'mode', 'type', 'name', 'provider_name')
const PLAN = {
  type: 'object',
  required: ['format_version', 'terraform_version', 'planned_values', 'resource_changes'],
  properties: {
    format_version: { type: 'string', pattern: '^(0\\.[1-9]\\d*|1\\.\\d+)$' },
    terraform_version: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
    planned_values: {
      type: 'object',
      required: ['root_module'],
      properties: {
        root_module: {
          type: 'object',
          properties: {
            resources: {
              type: 'array',
              items: {
                type: 'object',
                required: ['address', 'mode', 'type', 'name', 'provider_name', 'schema_version', 'values'],
                properties: {
                  ...NAMES,
                  mode: { enum: ['managed', 'data'] },
                  schema_version: { type: 'integer', minimum: 0 },
                  values: { type: 'object' },
                  sensitive_values: { type: 'object' },
                },
              },
            },
          },
        },
      },
    },
    resource_changes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['address', 'mode', 'type', 'name', 'provider_name', 'change'],
        properties: {
          ...NAMES,
          mode: { enum: ['managed', 'data'] },
          change: {
            type: 'object',
            required: ['actions', 'before', 'after', 'after_unknown', 'before_sensitive', 'after_sensitive'],
            properties: {
              actions: {
                enum: [['no-op'], ['create'], ['read'], ['update'], ['delete'], ['delete', 'create']],
              },
            },
          },
        },
      },
    },
  },
}

const KEY = 'throw-away-key-for-tests-only'
const hq = gateway(
  'hq',
  {},
  { secrets: [{ path: ['privateKey'], reference: { from: 'env', name: 'HQ_KEY' }, value: new Secret(KEY) }] },
)
const alice = peer(hq, 'alice')
const bob = peer(hq, 'bob', { publicKey: 'Ym9i' })
const carol = peer(hq, 'carol', { publicKey: 'Y2Fyb2w=' })
const text = render(
  planReport(
    planOf([hq, alice, carol], [liveOf(hq), liveOf(alice, { allowedIPs: ['10.99.0.9/32'] }), liveOf(bob)]),
  ),
)
const document = JSON.parse(text)
const planned = document.planned_values.root_module.resources

describe('the types of hashicorp/terraform-json', () => {
  const ajv = new Ajv({ allErrors: true })
  const errors = (value: unknown): string => (ajv.validate(PLAN, value) ? '' : ajv.errorsText())

  test('decode the plan', () => {
    expect(errors(document)).toBe('')
    const broken = structuredClone(document)
    broken.planned_values.root_module.resources[0].schema_version = '0'
    delete broken.terraform_version
    expect(errors(broken)).toContain('schema_version must be integer')
    expect(errors(broken)).toContain("'terraform_version'")
  })

  test('find what is live after the plan: no deletion, no secret', () => {
    const names = planned.map(({ name }: { name: string }) => name)
    expect([...names].sort()).toEqual(['alice', 'carol', 'hq'])
    for (const { address, values } of planned) {
      const { change } = document.resource_changes.find(
        (each: { address: string }) => each.address === address,
      )
      expect(values).toEqual(change.after)
    }
    const gatewayValues = planned.find(({ name }: { name: string }) => name === 'hq')
    expect(gatewayValues.values.privateKey).toMatch(/^\(sensitive/)
    expect(gatewayValues.sensitive_values).toEqual({ privateKey: true })
    expect(text).not.toContain(KEY)
  })
})
