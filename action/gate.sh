#!/bin/sh
# Asks Gatehouse whether a commit may be deployed, and waits while it is held. Needs sh, curl and nothing else.
# GATEHOUSE_URL, GATEHOUSE_ENVIRONMENT, GATEHOUSE_REPOSITORY, GATEHOUSE_SHA; GATEHOUSE_REF, GATEHOUSE_DIGEST and
# GATEHOUSE_WAIT (seconds, 1800) where they are wanted; GATEHOUSE_TOKEN, or a job of GitHub Actions with id-token: write.
# Exit code 0: allowed. 1: denied. 2: the question cannot be used. 3: still held, or nobody answered. Deploy on 0 alone.
set -u

fail() { echo "gatehouse: $1" >&2; exit "$2"; }
for name in GATEHOUSE_URL GATEHOUSE_ENVIRONMENT GATEHOUSE_REPOSITORY GATEHOUSE_SHA; do
  eval "value=\${$name:-}"
  [ -n "$value" ] || fail "$name is not set" 2
done
root=${GATEHOUSE_URL%/}
wait=${GATEHOUSE_WAIT:-1800}
case $wait in '' | *[!0-9]*) fail "GATEHOUSE_WAIT: write a number of seconds" 2 ;; esac
end=$(($(date +%s) + wait))

# Names with quotes, backslashes or line breaks would need a JSON library; nothing is called so.
newline='
'
field() {
  case $2 in *'"'* | *'\'* | *"$newline"*) fail "$1: a quote, a backslash or a line break is in it" 2 ;; esac
  printf '"%s":"%s"' "$1" "$2"
}
question="{$(field repository "$GATEHOUSE_REPOSITORY")" || exit 2
question="$question,$(field sha "$GATEHOUSE_SHA")" || exit 2
question="$question,$(field environment "$GATEHOUSE_ENVIRONMENT")" || exit 2
[ -z "${GATEHOUSE_REF:-}" ] || question="$question,$(field ref "$GATEHOUSE_REF")" || exit 2
[ -z "${GATEHOUSE_DIGEST:-}" ] || question="$question,$(field digest "$GATEHOUSE_DIGEST")" || exit 2
question="$question}"

# Tokens go in by a pipe: what stands in arguments is seen by everybody on the machine.
bearer() { printf 'header = "Authorization: Bearer %s"\n' "$1"; }
token() {
  if [ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] || [ -z "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ]; then
    printf %s "${GATEHOUSE_TOKEN:-}"
    return
  fi
  bearer "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
    curl -sSf --max-time 30 --config - "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$root" |
    sed -n 's/.*"value" *: *"\([A-Za-z0-9._-]*\)".*/\1/p'
}

said=
while :; do
  left=$((end - $(date +%s)))
  [ "$left" -gt 0 ] || left=0
  hold=$left
  [ "$hold" -le 55 ] || hold=55
  shown=$(token)
  answer=
  if [ -z "$shown" ]; then
    # In a job GitHub may have no token for a moment; elsewhere there is none to wait for.
    [ -n "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" ] || fail "there is no token: set GATEHOUSE_TOKEN, or give the job the permission id-token: write" 2
    status=000
  else
    answer=$(bearer "$shown" |
      curl -sS --max-time $((hold + 30)) --config - -X POST -H 'Content-Type: application/json' \
        --data "$question" -w '\n%{http_code}' "$root/api/v1/gate?wait=$hold")
    status=${answer##*"$newline"}
    answer=${answer%"$newline"*}
  fi
  # The first field is the gate's own: no title and no reason can stand before it.
  case $status:$answer in
    200:'{"decision":"allow",'*) echo "$answer"; exit 0 ;;
    200:'{"decision":"deny",'*) echo "$answer"; exit 1 ;;
    200:'{"decision":"hold",'*) pause=1 ;;
    429:* | 5??:* | 000:* | 200:* | :*) pause=5 ;;
    *) echo "$answer"; fail "the gate refuses the question ($status)" 2 ;;
  esac
  if [ "$answer" != "$said" ]; then echo "gatehouse: held ($status) $answer" >&2; said=$answer; fi
  if [ $((end - $(date +%s))) -le "$pause" ]; then echo "$answer"; fail "still held after $wait seconds" 3; fi
  sleep "$pause"
done
