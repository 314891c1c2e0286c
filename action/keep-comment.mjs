// One comment of a pull request that is kept up to date: found by its first line, replaced in place, written when missing.

/** The first line, which readers do not see; one per kind of comment and per folder and files. */
export function marker(env, kind = 'action') {
  const files = (env.INPUT_FILES ?? '').split(/\s*\n\s*/).filter((file) => file !== '')
  const key = env.INPUT_COMMENT_KEY || [env.INPUT_WORKING_DIRECTORY, ...files].join(' ')
  // `-` twice would end the HTML comment.
  return `<!-- vpnctl:${kind} key=${encodeURIComponent(key).replaceAll('-', '%2D')} -->`
}

/** Writes the comment; its address. `isQuiet`: only one that exists is changed. */
export async function keepComment(api, { pullRequest, first, body, author, isQuiet = false }) {
  const comments = `/issues/${Number(pullRequest)}/comments`
  // Others may write the same first line; what they wrote stays theirs.
  const mine = await api.find(
    comments,
    (comment) => comment.body?.startsWith(first) && comment.user?.login === author,
  )
  if (mine !== undefined) {
    if (mine.body.trim() === body.trim()) return mine.html_url
    return (await api.patch(`/issues/comments/${mine.id}`, { body })).html_url
  }
  return isQuiet ? undefined : (await api.post(comments, { body })).html_url
}
