import type { Loaded } from '../../engine/load-files.ts'
import type { SourceRange } from '../../model/diagnostic.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { FileFlags } from '../flags/options.ts'
import { fileNames, read } from './desired.ts'
import { filesAtRef } from './git-files.ts'

const GIT = 'git:'

/**
 * A version of the files as a user names it: a file or folder, `git:REF` for the files of the flags at a commit, or
 * `git:REF:PATH`. References to secrets are not followed. Places at a commit are `git:REF:FILE`. Undefined when
 * the commit has none of the files of the flags.
 */
export async function loadVersion(
  context: Context,
  flags: FileFlags,
  name: string,
): Promise<Loaded | undefined> {
  if (!name.startsWith(GIT)) return loadAt(context, flags, [name], flags.varFile ?? [])
  // A commit's name has no colon.
  const [ref = '', ...path] = name.slice(GIT.length).split(':')
  const names = path.length === 0 ? fileNames(flags) : [path.join(':')]
  const varFiles = flags.varFile ?? []
  const found = await filesAtRef(context.io, ref, [...names, ...varFiles], context.ending)
  try {
    const there = (given: readonly string[]): readonly string[] =>
      given.flatMap((each) => found.nameOf(each) ?? [])
    const files = there(names)
    if (files.length === 0) {
      if (path.length === 0) return undefined
      throw new Failure('error', `${GIT}${ref} has no ${path.join(':')}`, {
        hint: 'the path is relative to this folder',
      })
    }
    const inside: Context = { ...context, io: { ...context.io, cwd: found.cwd } }
    return inCommit(await loadAt(inside, flags, files, there(varFiles)), `${GIT}${ref}:`)
  } finally {
    await found.remove()
  }
}

function loadAt(
  context: Context,
  flags: FileFlags,
  file: readonly string[],
  varFile: readonly string[],
): Promise<Loaded> {
  return read(context, { ...flags, file, varFile }, 'ignore')
}

// A file of a commit has the name of one on disk.
function inCommit({ diagnostics, sources, ...loaded }: Loaded, prefix: string): Loaded {
  const named = <T extends { readonly at?: SourceRange }>(place: T): T =>
    place.at === undefined ? place : { ...place, at: { ...place.at, file: `${prefix}${place.at.file}` } }
  return {
    ...loaded,
    diagnostics: diagnostics.map(({ related, ...diagnostic }) => ({
      ...named(diagnostic),
      ...(related === undefined ? {} : { related: related.map(named) }),
    })),
    sources: new Map([...sources].map(([file, text]) => [`${prefix}${file}`, text])),
  }
}
