#!/usr/bin/env node
// Finds words that have a standard term, in every text that people read: sources, pages, help, schemas and examples.
// A line ends with "prose: WORD" in a comment where the word is right.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Each word, as a pattern over text in which camelCase is split, and what is used in its place. */
const words = [
  [/\bmend(s|ed|ing)?\b/, 'fix; in JSON "hint"'],
  [/\b(tell|tells|told|telling)\b(?! apart)/, 'report, show, print, say; in JSON "message"'],
  [
    /\bstrangers?\b|\bsomebody\b|\bnobody('s)?\b|\bforeign\b/,
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
  [/\bblanks?\b|\bsmall letters\b/, 'whitespace, empty, lowercase'],
  [/\bwho(ever)? (has|reads) [^.]{0,40}\bcan\b/, 'anyone who has ... can'],
  [/\bpass(es)? for\b/, 'impersonate'],
  [/\bvendor's\b/, 'ionosctl, the IONOS SDKs'],
  [/\bstands\b|\bgoes\b|\bcomes\b|\bis there\b/, 'is, is deleted, appears, exists, contains'],
  [/\bis no (?!longer|more|such|one\b|difference|drift|change)[a-z]/, 'is not a'],
  [
    /\b(good|bad) weather\b|\bweather\b|\bbad day\b|\bhabits?\b|\bodd\b/,
    'without faults, network faults, behaviour, unexpected',
  ],
  [
    /\bat rest\b|\bat work\b|\bsettle[sd]?\b|\bsettling\b|\bcalm\b|\bshaken\b/,
    'available, in progress, wait until ready, idle',
  ],
  [
    /\balarms?\b|\bfar[ -]ends?\b|\bwitness(es)?\b|\bpictures?\b/,
    'risk, summary, the other end, verifiable field',
  ],
  [/\bnamesakes?\b/, 'resource with the same name'],
  [/\bmake it so\b|\bhonest\b.{0,20}\bmeal\b|\btakes? along\b|\bat home\b/, 'plain words'],
]
const texts = /\.(ts|mjs|md|json|ya?ml|sh|1)$/
const left =
  /^(test\/|CHANGELOG\.md|package-lock\.json|LICENSE|man\/|docs\/.*\.svg|scripts\/check-prose\.mjs)/
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => texts.test(file) && !left.test(file))

const problems = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      const text = line.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
      return words.flatMap(([word, use]) => {
        const found = text.match(word)?.[0]
        return found === undefined || line.includes(`prose: ${found}`)
          ? []
          : [`${file}:${at + 1}: "${found}": use ${use}`]
      })
    }),
)
process.stdout.write(problems.map((problem) => `${problem}\n`).join(''))
process.exitCode = problems.length > 0 ? 1 : 0
