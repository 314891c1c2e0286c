import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { getLanguageService } from 'yaml-language-server'

const SCHEMA_URI = pathToFileURL(resolve('vpn.schema.json')).href

// What editors run: the language server's own validation, with the committed schema.
function editor() {
  const service = getLanguageService({
    schemaRequestService: async (uri) => {
      if (uri !== SCHEMA_URI) throw new Error(`nothing but the schema is read, not ${uri}`)
      return readFileSync('vpn.schema.json', 'utf8')
    },
    workspaceContext: {
      resolveRelativePath: (path, from) => new URL(path, from).href,
    },
  })
  service.configure({
    validate: true,
    hover: true,
    completion: true,
    schemas: [{ uri: SCHEMA_URI, fileMatch: ['*.yaml'] }],
  })
  return service
}

const service = editor()
const documentOf = (path: string, text = readFileSync(path, 'utf8')) =>
  TextDocument.create(pathToFileURL(resolve(path)).href, 'yaml', 1, text)

const problems = (path: string) => problemsIn(path)

async function problemsIn(path: string, text?: string) {
  const found = await service.doValidation(documentOf(path, text), false)
  return found.map(({ message, range }) => ({ line: range.start.line + 1, message }))
}

const EXAMPLES = readdirSync('examples').filter((name) => name.endsWith('.yaml'))

describe('an editor with the schema', () => {
  it.each(EXAMPLES)('finds nothing wrong with examples/%s', async (name) => {
    expect(await problems(join('examples', name))).toEqual([])
  })

  it.each([
    ['unknown-gatewayIp', 6, /gatewayIp/],
    ['missing-publicKey', 14, /publicKey/],
    ['type-allowedIPs-is-text', 16, /array/],
    ['choice-tier-lower-case', 7, /STANDARD/],
    ['secret-private-key-written-out', 8, /object/],
  ])('finds what is wrong with bad/%s', async (name, line, message) => {
    expect(await problems(`test/corpus/bad/${name}.yaml`)).toContainEqual({
      line,
      message: expect.stringMatching(message),
    })
  })

  it('takes a variable wherever a value may be one, and nothing else there', async () => {
    const text = readFileSync('examples/quickstart.yaml', 'utf8')
    const withVariables = text
      .replace(
        /gatewayIP: .*/,
        'gatewayIP: ${' + 'var.ip}\n    listenPort: ${' + 'var.port}\n    tier: ${' + 'var.tier}',
      )
      .replace(/datacenterId: [^ ,]+/, 'datacenterId: "${' + 'var.datacenter}"')
    expect(await problemsIn('examples/variables.yaml', withVariables)).toEqual([])
    expect(
      await problemsIn('examples/no-variables.yaml', withVariables.replaceAll('var.', 'env.')),
    ).toHaveLength(3)
  })

  it('completes the fields of a peer', async () => {
    const text = readFileSync('examples/quickstart.yaml', 'utf8')
    const { items } = await service.doComplete(
      documentOf(
        'examples/new.yaml',
        `${text.slice(0, text.indexOf('peers:'))}peers:\n      - name: x\n        `,
      ),
      { line: text.slice(0, text.indexOf('peers:')).split('\n').length + 1, character: 8 },
      false,
    )
    expect(items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['publicKey', 'allowedIPs', 'endpoint']),
    )
  })

  it('explains a field', async () => {
    const text = readFileSync('examples/quickstart.yaml', 'utf8')
    const document = documentOf('examples/quickstart.yaml', text)
    const hover = await service.doHover(document, document.positionAt(text.indexOf('gatewayIP') + 2))
    expect(JSON.stringify(hover?.contents)).toContain('Public IPv4 address of the gateway')
  })
})
