#!/usr/bin/env bash
# Runs vpnctl and notes how it ended; that turns the job red later, when comment and artifact are written.
set -euo pipefail

# The lines of $1 as words behind $2, into `words`.
lines() {
  local line
  while IFS= read -r line || [[ -n $line ]]; do
    line="${line%$'\r'}"
    line="${line#"${line%%[![:space:]]*}"}"
    line="${line%"${line##*[![:space:]]}"}"
    [[ -z $line ]] || words+=(${2:+"$2"} "$line")
  done <<<"$1"
}

# Ends the summary of the job, whatever happened. A report that vpnctl wrote itself is not repeated.
summarise() {
  local report=false
  [[ $(wc -c <"$GITHUB_STEP_SUMMARY") -le $1 ]] || report=true
  HAS_REPORT=$report EXIT_CODE=$code OUT_FILE="$transcripts/out.txt" LOG_FILE="$transcripts/log.txt" \
    node "$ACTION_FOLDER/action/summary.mjs" || echo '::warning title=vpnctl::the summary was not written'
}

# Ends the job before vpnctl runs.
wrong_input() {
  echo "$1" >"$transcripts/log.txt"
  echo "::error title=vpnctl::$1"
  code=64
  summarise "$before"
  exit 64
}

# Runs vpnctl, both streams shown and kept; the exit code in `code`. A job that is cancelled notifies this shell alone,
# so the signal is handed on: an apply then ends what is on its way and starts nothing new.
vpnctl() {
  local pid tees signalled='' again
  mkfifo "$transcripts/out" "$transcripts/err"
  tee "$transcripts/out.txt" <"$transcripts/out" &
  tees=$!
  tee "$transcripts/log.txt" <"$transcripts/err" >&2 &
  tees+=" $!"
  node "$INSTALL_FOLDER/node_modules/vpnctl/dist/cli/bin.js" "$@" >"$transcripts/out" 2>"$transcripts/err" &
  pid=$!
  trap 'signalled=yes; kill -INT "$pid" 2>/dev/null || true' INT
  trap 'signalled=yes; kill -TERM "$pid" 2>/dev/null || true' TERM
  wait "$pid" && code=0 || code=$?
  while kill -0 "$pid" 2>/dev/null; do wait "$pid" && code=0 || code=$?; done
  if [[ -n $signalled ]]; then
    wait "$pid" 2>/dev/null && again=0 || again=$?
    # 127: it was reported already.
    ((again == 127)) || code=$again
  fi
  trap - INT TERM
  # shellcheck disable=SC2086 # two numbers
  wait $tees || true
  rm "$transcripts/out" "$transcripts/err"
}

# The same with the commands of the runner switched off, for text that comes from the API.
unobeyed() {
  local token
  token="vpnctl_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "::stop-commands::$token"
  vpnctl "$@"
  echo "::$token::"
}

cd "$INPUT_WORKING_DIRECTORY"
# Reports are uploaded by name; transcripts of the streams stay on the runner.
folder=$(mktemp -d "$RUNNER_TEMP/vpnctl-XXXXXX")
transcripts=$(mktemp -d "$RUNNER_TEMP/vpnctl-streams-XXXXXX")
code=0
words=()
lines "$INPUT_FILES" -f
lines "$INPUT_ARGS" ''
touch "$GITHUB_STEP_SUMMARY"
before=$(wc -c <"$GITHUB_STEP_SUMMARY")
markdown=("--report=markdown=$folder/$INPUT_COMMAND.md" "--markdown-limit=$INPUT_MARKDOWN_LIMIT")

case $INPUT_COMMAND in
  validate)
    vpnctl validate --format=github "--report=sarif=$folder/vpnctl.sarif" ${words[@]+"${words[@]}"}
    echo "sarif-file=$folder/vpnctl.sarif" >>"$GITHUB_OUTPUT"
    ;;
  diff)
    [[ -n ${BASE:-} || $INPUT_BASE == auto ]] || BASE=$INPUT_BASE
    [[ -n ${BASE:-} ]] || wrong_input 'diff needs the input base, such as git:origin/main'
    vpnctl diff --format=github "--report=json=$folder/report.json" "${markdown[@]}" ${words[@]+"${words[@]}"} -- "${BASE:-}"
    ;;
  plan)
    [[ -n ${BASE:-} || $INPUT_BASE == auto ]] || BASE=$INPUT_BASE
    if [[ -n ${BASE:-} ]]; then
      words+=("--base=$BASE" ${APPLIED:+"--applied=$APPLIED"} ${INPUT_ON_DRIFT:+"--on-drift=$INPUT_ON_DRIFT"})
    fi
    [[ ! -f ${REVIEWED_FILE:-} ]] || words+=("--reviewed=$REVIEWED_FILE")
    vpnctl plan --format=github "--out=$folder/plan.json" "--report=json=$folder/report.json" \
      "${markdown[@]}" ${words[@]+"${words[@]}"}
    [[ ! -f $folder/plan.json ]] || echo "plan-file=$folder/plan.json" >>"$GITHUB_OUTPUT"
    if [[ -f $folder/report.json ]]; then
      undoes=$(node -p 'const { summary = {} } = JSON.parse(fs.readFileSync(process.argv[1], "utf8")).base ?? {}; (summary.drift ?? 0) + (summary.conflict ?? 0) + (summary.mixed ?? 0)' "$folder/report.json")
      echo "undoes=$undoes" >>"$GITHUB_OUTPUT"
    fi
    ;;
  drift)
    vpnctl drift --format=github ${APPLIED:+"--applied=$APPLIED"} "--report=json=$folder/report.json" "--report=junit=$folder/drift.xml" \
      "${markdown[@]}" ${words[@]+"${words[@]}"}
    ;;
  apply)
    if [[ -n $INPUT_PLAN_FILE ]]; then
      words=()
      lines "$INPUT_ARGS" ''
      unobeyed apply ${words[@]+"${words[@]}"} -- "$INPUT_PLAN_FILE"
    else
      [[ -z $INPUT_BASE ]] || words+=("--base=$INPUT_BASE" ${INPUT_ON_DRIFT:+"--on-drift=$INPUT_ON_DRIFT"})
      unobeyed apply --yes ${words[@]+"${words[@]}"}
    fi
    ;;
  *)
    wrong_input 'the input command has to be validate, diff, plan, apply or drift'
    ;;
esac
summarise "$before"

{
  [[ ! -f $folder/$INPUT_COMMAND.md ]] || echo "markdown-file=$folder/$INPUT_COMMAND.md"
  echo "report-folder=$folder"
  echo "log-file=$transcripts/log.txt"
  echo "out-file=$transcripts/out.txt"
  echo "exit-code=$code"
} >>"$GITHUB_OUTPUT"
