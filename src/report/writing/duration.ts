/** A stretch of time as people say it: `0.4s`, `12s`, `3m 05s`, `1h 02m`. */
export function durationText(ms: number): string {
  const clean = Number.isFinite(ms) ? Math.max(0, ms) : 0
  if (clean < 9_950) return `${(clean / 1000).toFixed(1)}s`
  const seconds = Math.round(clean / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`
}

/** A running clock: `00:41`, `1:02:07`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
