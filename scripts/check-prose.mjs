#!/usr/bin/env node
// Finds words for which the field has a standard term, in all texts that people read: sources, tests, pages, help, schemas
// and examples. Names of version 1 documents and of the public API stay as they are. "prose: WORD" on a line allows a word.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Names in documents and exports, which stay as long as the major version does. */
const kept =
  /"?\balarms?\b"?(?=\??:)|['"](unsettled|foreign)['"]|(ResourceSummary as |")Picture|\ballSettled\b/g

/** Each word, as a pattern over lowercase text in which camelCase is split, and what to use in its place. */
const words = [
  [/\bmend(s|ed|ing)?\b/, 'fix; in JSON "hint"'],
  [/\b(tell|tells|told|telling)\b(?! apart)(?! \w+ apart)/, 'report, show, print, say; in JSON "message"'],
  [
    /\bstrangers?\b|\bsomebody\b|\bnobody's\b|(?<!')\bforeign\b(?!')/,
    'unmanaged, owned by another stack, someone, no one',
  ],
  [/\bsecond looks?\b|\b(a|one|the|each|every|another) looks?\b/, 'verification plan, read, poll, check'],
  [/\bthe account of\b/, 'the summary'],
  [/\bbesides?\b/, 'in addition to, alongside, next to'],
  [
    /\b(one|once|times|lines?|requests?|bytes?|seconds?) an? (day|night|run|second|minute|gateway|peer|resource|line|file|request|change|code|page|collection|location|kind|stack|call|command|idea|key|name|test)\b/,
    'per',
  ],
  [/\bat the most\b/, 'at most, maximum'],
  [/\bspellings?\b/, 'canonical form, equivalent form'],
  [/\bmostly\b/, 'usually'],
  [/\bblanks?\b(?! lines?)|\bsmall letters\b/, 'whitespace, empty, lowercase'],
  [/(?<!one )\bwho(ever)? (has|reads) [^.]{0,40}\bcan\b/, 'anyone who has ... can'],
  [/\bpass(es)? for\b/, 'impersonate'],
  [/\bvendor's\b/, 'ionosctl, the IONOS SDKs'],
  [
    /\bstands\b|\bgoes (along|together|without)\b|\bcomes (and goes|up)\b|\bis there(?=[.,;:)]|$)/,
    'is, is deleted, appears, exists, contains',
  ],
  [
    /(?<!here )\bis no (?!longer|more|less|such|one\b|difference|drift|change|reason|need|way|sign|limit|help|proof|other)[a-z]/,
    'is not a',
  ],
  [
    /\b(good|bad) weather\b|\bweather\b|\bbad day\b|\bhabits?\b|\bodd\b/,
    'without faults, network faults, behaviour, unexpected',
  ],
  [
    /\bat rest\b|\bat work\b|\b(un)?settle[sd]?\b|\bsettling\b|\bcalm\b|\bshaken\b/,
    'available, in progress, wait until ready, idle',
  ],
  [
    /\balarms?\b|\bfar[ -]ends?\b|\bwitness(es)?\b|\bpictures?\b/,
    'risk, summary, the other end, verifiable field',
  ],
  [
    /\b(already there|there already|there twice|nothing listens)\b|\b(send again|to go on):/,
    'already exists, appears twice, the port is closed, to send them:, to continue:',
  ],
  [
    /(?<!there )\bare no (?!longer|wider|faster|one|targets|more|less|such|changes|differences|other|resources|lists)[a-z]+/,
    'are not',
  ],
  [/\bnamesakes?\b/, 'resource with the same name'],
  [/\bmake it so\b|\btakes? along\b|\bat home\b/, 'plain words'],
]
/** A fault is what the sandbox injects: elsewhere the words are "error" and "problem". */
const notInjected = [[/(?<!injected )\bfaults?\b/, 'error, problem']]
const elsewhere =
  /^(?:src\/(?!sandbox|cli\/commands\/sandbox|model\/codes\/sandbox)|docs\/(?!failures|diagnostics)|scripts\/|README)/
const texts = /\.(ts|mts|mjs|cjs|js|md|json|ya?ml|sh|env|rego|1)$|(^|\/)Dockerfile$|^\.(githooks|ci)\//
const left =
  /^(package-lock\.json|LICENSE|man\/|docs\/.*\.svg|scripts\/check-prose\.mjs|test\/house\/prose\.test\.ts)/
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => texts.test(file) && !left.test(file))

// Words of identifiers are words, too.
function plain(line) {
  return line
    .replaceAll(kept, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
}

/** Finds a phrase that begins in one line of a text and ends in the next. */
function overEnd(line, next) {
  const head = line.trimEnd().slice(-60)
  const both = `${head} ${next.replace(/^\s*(?:\/\/|\*|#)?\s*/, '').slice(0, 60)}`
  return (word) => {
    const found = word.exec(both)
    const isOver =
      found !== null && found.index < head.length && found.index + found[0].length > head.length + 1
    return isOver ? found[0] : undefined
  }
}

const problems = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at, lines) => {
      const text = plain(line)
      const over = overEnd(text, plain(lines[at + 1] ?? ''))
      return (elsewhere.test(file) ? [...words, ...notInjected] : words).flatMap(([word, use]) => {
        const found = text.match(word)?.[0] ?? over(word)
        return found === undefined || line.includes(`prose: ${found}`)
          ? []
          : [`${file}:${at + 1}: "${found}": use ${use}`]
      })
    }),
)
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''))
process.exitCode = problems.length > 0 ? 1 : 0
