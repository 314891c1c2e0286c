import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

function isThere(tool: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', tool], {
      stdio: 'ignore',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    return true
  } catch {
    return false
  }
}

function canMakeNamespaces(): boolean {
  const name = `vpnctl-probe-${process.pid}`
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What is missing for tests with these tools, in words; undefined when nothing is. Nothing is installed. */
export function missing(...tools: readonly string[]): string | undefined {
  const lacking = tools.filter((tool) => !isThere(tool))
  if (lacking.length > 0) return `not installed: ${lacking.join(', ')}`
  return canMakeNamespaces() ? undefined : 'network namespaces cannot be made here (root is needed)'
}

// Debian, and Fedora and others.
const PLUGIN_FOLDERS = [
  '/usr/lib/ipsec/plugins',
  '/usr/lib/strongswan/plugins',
  '/usr/lib64/strongswan/plugins',
]

/** {@link missing} for plugins of strongSwan, which its daemon leaves out without an error. */
export function missingPlugin(name: string): string | undefined {
  const isInstalled = PLUGIN_FOLDERS.some((folder) => existsSync(`${folder}/libstrongswan-${name}.so`))
  return isInstalled ? undefined : `the plugin ${name} of strongSwan is not installed`
}

/** Says why tests are skipped. */
export function skipMessage(what: string, why: string | undefined): void {
  if (why !== undefined) process.stderr.write(`Skipped: ${what}: ${why}\n`)
}
