#!/usr/bin/env bash
# Turns the job red or leaves it green, after everything was written.
set -euo pipefail

wanted() { [[ " ${INPUT_FAIL_ON//[,$'\n']/ } " == *" $1 "* ]]; }

fail() {
  echo "::error title=vpnctl::$2"
  exit "$1"
}

# Fails the job because of fail-on: the run itself succeeded, so the summary has to say why the job is red.
fail_on() {
  [[ -z ${GITHUB_STEP_SUMMARY:-} ]] ||
    printf '\n**The job fails:** %s (input `fail-on`). **Next step:** review that, then change the files or the input.\n' "$1" >>"$GITHUB_STEP_SUMMARY"
  fail 2 "$1"
}

for word in ${INPUT_FAIL_ON//,/ }; do
  case $word in
    error | drift | delete) ;;
    *) fail 64 'the input fail-on has to be any of error, drift, delete' ;;
  esac
done

if [[ $INPUT_COMMAND == drift && ${DRIFTED:-} == true ]]; then
  if [[ $INPUT_FAIL_ON_DRIFT == true ]] || wanted drift; then
    fail "$((EXIT_CODE > 0 ? EXIT_CODE : 2))" 'there is drift'
  fi
  echo 'There is drift; fail-on-drift is off.'
  exit 0
fi

case $EXIT_CODE in
  0) ;;
  3) fail 3 'the desired state is invalid, or a secret has no value' ;;
  4) fail 4 'the API refused the credentials' ;;
  5) fail 5 'the API cannot be reached; it is safe to run the job again' ;;
  6) fail 6 'refused by a safety rule; the plan says which' ;;
  7) fail 7 'the saved plan is stale; plan again and have it reviewed' ;;
  8) fail 8 'applied in part; run the job again to do the rest' ;;
  9) fail 9 'not everything is done yet; run the job again' ;;
  *) fail "$EXIT_CODE" "vpnctl $INPUT_COMMAND ended with $EXIT_CODE" ;;
esac

if [[ $INPUT_COMMAND == plan ]]; then
  if wanted delete && ((${TO_DESTROY:-0} > 0)); then
    fail_on "the plan deletes $TO_DESTROY"
  fi
  if wanted drift && ((${UNDOES:-0} > 0)); then
    fail_on "$UNDOES of the changes would undo what was changed live"
  fi
fi
