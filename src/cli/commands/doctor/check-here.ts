import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { closest, didYouMean } from '../../../model/closest.ts'
import { stackFingerprint } from '../../../model/identity.ts'
import type { Check } from '../../../report/explain/doctor-text.ts'
import { count } from '../../../report/writing/words.ts'
import { publishedSchema } from '../../../schema/published.ts'
import type { Context } from '../../context.ts'
import { fileNames, load } from '../../files/desired.ts'
import type { FileFlags } from '../../flags/options.ts'
import { fileArguments } from '../../output/rerun-command.ts'
import { ENVIRONMENT, strangeVariables } from '../../session/environment.ts'
import { VERSION } from '../../version.ts'

const NODE_NEEDED = [20, 19] as const

/** What can be checked without the API: program, environment, files. */
export function checkProgram({ io }: Context): readonly Check[] {
  const version: Check = { name: 'vpnctl', state: 'ok', message: `version ${VERSION}` }
  const strange = strangeVariables(io.env).map((name): Check => {
    const guess = closest(
      name,
      ENVIRONMENT.map((variable) => variable.name),
    )
    return {
      name: 'environment',
      state: 'warning',
      message: `${name} means nothing here${didYouMean(guess)}`,
      hint: 'vpnctl help environment lists what does',
    }
  })
  return [version, ...nodeCheck(io.nodeVersion), ...strange]
}

function nodeCheck(version: string | undefined): readonly Check[] {
  if (version === undefined) return []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isGood = major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])
  const needed = `${NODE_NEEDED.join('.')} or later is needed`
  return [
    isGood
      ? { name: 'Node.js', state: 'ok', message: `${version} (${needed})` }
      : {
          name: 'Node.js',
          state: 'fail',
          message: `${version}, and ${needed}`,
          hint: 'install a later Node.js',
        },
  ]
}

/** The files, the stack that they are, and the locations to look at. */
export async function checkFiles(
  context: Context,
  flags: FileFlags,
): Promise<{ readonly checks: readonly Check[]; readonly locations: readonly string[] }> {
  const names = fileNames(flags)
  const paths = names.map((name) => resolve(context.io.cwd, name))
  if (flags.file === undefined && !paths.some((path) => existsSync(path))) {
    const message = `there is no ${names.join(', ')} here`
    return {
      checks: [
        { name: 'files', state: 'note', message, hint: 'vpnctl init writes one; --file names another' },
      ],
      locations: [],
    }
  }
  const { desired, diagnostics, sources } = await load(context, flags, 'ignore')
  const schema = [...sources].flatMap(([file, text]) => schemaCheck(context.io.cwd, file, text))
  if (desired === null) {
    const problems = diagnostics.filter(({ severity }) => severity === 'error').length
    const check: Check = {
      name: 'files',
      state: 'warning',
      message: `${names.join(', ')} cannot be used: ${count(problems, 'error')}`,
      hint: `vpnctl validate${fileArguments(flags)} prints each with its place`,
    }
    return { checks: [check, ...schema], locations: [] }
  }
  const { stack, resources, locations } = desired
  return {
    checks: [
      { name: 'files', state: 'ok', message: `${names.join(', ')}: ${count(resources.length, 'resource')}` },
      {
        name: 'stack',
        state: 'ok',
        message: `${stack}; the ids of its resources begin with ${dashed(stackFingerprint(stack))}`,
      },
      ...schema,
    ],
    locations,
  }
}

function dashed(fingerprint: string): string {
  return `${fingerprint.slice(0, 8)}-${fingerprint.slice(8)}`
}

// The line that editors read. Only a file next to it can be compared; a URL is not asked for.
function schemaCheck(cwd: string, file: string, text: string): readonly Check[] {
  const [, named] = /^#\s*yaml-language-server:\s*\$schema=(\S+)/m.exec(text.slice(0, 4_000)) ?? []
  if (named === undefined || /^[a-z][a-z0-9+.-]+:/i.test(named)) return []
  const path = resolve(cwd, dirname(file), named)
  const hint = `vpnctl schema > ${named}`
  if (!existsSync(path) || !statSync(path).isFile())
    return [
      {
        name: 'schema',
        state: 'warning',
        message: `${file} names ${named}, which does not exist: no help in editors`,
        hint,
      },
    ]
  return isCurrent(readFileSync(path, 'utf8'))
    ? [{ name: 'schema', state: 'ok', message: `${named} is that of this version` }]
    : [{ name: 'schema', state: 'warning', message: `${named} is not that of this version`, hint }]
}

function isCurrent(text: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(publishedSchema())
  } catch {
    return false
  }
}
